"""School holidays come back, and with them a world that was known before."""

from __future__ import annotations

from sim.concepts import Linear
from sim.drift import ConceptDrift
from sim.labels import Constant, Labels
from sim.scenario import Scenario, Training
from sim.stream import Stream
from sim.traffic import Traffic


def recurring_concept(
    *,
    at: str = "6w",
    every: str = "10w",
    lasts: str = "3w",
    angle: float = 70.0,
    rate: str = "16/h",
    delay: str = "2d",
    horizon: str = "36w",
) -> Scenario:
    """An old world comes back: those who kept its data are better off than those who forget.

    *every* so often, from *at* on, the rule is another one, *angle* degrees away, for as long as
    it *lasts*; then the old one holds again. Whether a delivery was late is known after *delay*.
    """
    concept = Linear(columns=8, rule="deliveries", noise=0.08)
    holidays = Linear(columns=8, rule="deliveries", angle=angle, noise=0.08)
    return Scenario(
        name="recurring-concept",
        domain="food delivery",
        story=(
            "A courier service promises a time of arrival. Three weeks in every ten it is wrong.\n"
            "The team trains on the last month: just done, the world is the old one again."
        ),
        cause="Schools close and open: streets, kitchens and customers have two ways to be.",
        expect=(
            "A weekly training on all that was ever seen is right in four more of a hundred "
            "orders at least than one on the last month, which learns each world when it is "
            "about to end. The very model of the launch, never touched, is better than both."
        ),
        lesson="Before you forget the old world, ask whether it will come back.",
        seam="training",
        stream=Stream(
            concept=concept,
            traffic=Traffic(rate=rate, daily=0.7, weekend=1.4, entities=10_000),
            drifts=(
                ConceptDrift(
                    name="holidays",
                    at=at,
                    shape="recurring",
                    every=every,
                    lasts=lasts,
                    to=holidays,
                ),
            ),
        ),
        labels=Labels(delay=Constant(delay=delay)),
        training=Training(fixed="3h", cost=30.0),
        horizon=horizon,
    )
