"""One carrier of five weighs in pounds, and the average hides it."""

from __future__ import annotations

from sim.concepts import Linear
from sim.faults import UnitChange
from sim.labels import Constant, Labels
from sim.scenario import Scenario, Training
from sim.stream import Stream
from sim.traffic import Traffic


def one_source_in_five(
    *,
    at: str = "6w",
    factor: float = 2.2046,
    columns: tuple[str, ...] = ("x0", "x1"),
    rate: str = "40/h",
    delay: str = "4d",
    horizon: str = "20w",
) -> Scenario:
    """One source of five changes its unit by a small factor: nothing is out of range.

    From *at* on its *columns* come multiplied by *factor*; whether a parcel was late is known
    after *delay*.
    """
    return Scenario(
        name="one-source-in-five",
        domain="logistics",
        story=(
            "Five carriers report weight and volume; a model says which parcels will be late.\n"
            "One carrier buys new scales. Its parcels are late as often as ever, its forecasts not."
        ),
        cause="The new scales show pounds. Every value is plausible for a parcel.",
        expect=(
            "The contract finds nothing far out of range, and the usual limit of 0.2 on a "
            "stability index stays silent: four fifths of the records are as they were. A limit "
            "of 0.025 over three days sees it within five days; the page has it repaired "
            "within two weeks. A training on both units makes it worse for all five carriers."
        ),
        lesson="Set limits for the smallest source that may break, or watch each by itself.",
        seam="data",
        stream=Stream(
            concept=Linear(columns=4, rule="parcels", threshold=0.5, noise=0.08),
            traffic=Traffic(rate=rate, daily=0.6, weekend=0.5, entities=10_000, sources=5),
        ),
        faults=(
            UnitChange(
                name="pounds",
                at=at,
                columns=columns,
                factor=factor,
                share=0.2,
                fixed_by="data",
            ),
        ),
        labels=Labels(delay=Constant(delay=delay)),
        tolerance=0.005,
        training=Training(fixed="1h", cost=20.0),
        horizon=horizon,
    )
