"""A weather feed stands still, and every value is a valid one."""

from __future__ import annotations

from sim.artifacts import Learned
from sim.concepts import LinearRegression
from sim.faults import FrozenFeed
from sim.labels import Constant, Labels
from sim.scenario import Scenario, Training
from sim.stream import Stream
from sim.traffic import Traffic


def frozen_feed(
    *,
    at: str = "7w",
    until: str = "16w",
    stations: int = 40,
    rate: str = "40/h",
    delay: str = "1d",
    horizon: str = "20w",
) -> Scenario:
    """The last values are sent again and again: no gap, no range left, nothing true.

    From *at* to *until* each of the *stations* repeats three of its five columns. The load that
    was forecast is metered after *delay*.
    """
    from sklearn.linear_model import Ridge

    return Scenario(
        name="frozen-feed",
        domain="energy",
        story=(
            "A utility forecasts its load from the readings of forty weather stations.\n"
            "Since a Monday the weather has been as it was on that Monday; nobody complains."
        ),
        cause="A cache between the stations and the feed lost its connection, not its contents.",
        expect=(
            "The contract stays green for the nine weeks that it lasts: each value is valid. "
            "The distribution over a day differs from training within two days, since it "
            "consists of forty values; who is paged has it repaired within the week. A training "
            "learns to ignore the weather, and goes on to do so when it moves again."
        ),
        lesson="Check when a value was last new, not only whether it is a valid one.",
        seam="data",
        stream=Stream(
            concept=LinearRegression(columns=5, rule="load", slope=1.0, noise=0.5),
            traffic=Traffic(rate=rate, entities=2_000, sources=stations),
        ),
        faults=(
            FrozenFeed(
                name="weather stands still",
                at=at,
                until=until,
                columns=("x0", "x1", "x2"),
                fixed_by="data",
            ),
        ),
        labels=Labels(delay=Constant(delay=delay)),
        artifact=Learned(estimator=Ridge()),
        training=Training(fixed="2h", cost=30.0),
        horizon=horizon,
    )
