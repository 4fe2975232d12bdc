"""What follows from what changes, a little more every day."""

from __future__ import annotations

from sim.concepts import Linear
from sim.drift import ConceptDrift
from sim.labels import Constant, Labels
from sim.scenario import Scenario, Training
from sim.stream import Stream
from sim.traffic import Traffic


def gradual_drift(
    *,
    width: str = "2w",
    at: str = "8w",
    angle: float = 60.0,
    rate: str = "60/h",
    delay: str = "2d",
    horizon: str = "26w",
) -> Scenario:
    """Tastes turn: more and more users follow a new rule, and no input tells.

    From *at* on, over *width*, the rule becomes another one, *angle* degrees away; labels take
    *delay*.
    """
    concept = Linear(columns=10, rule="taste", noise=0.1)
    turned = Linear(columns=10, rule="taste", angle=angle, noise=0.1)
    return Scenario(
        name="gradual-drift",
        domain="recommendation",
        story=(
            "What users want changes: a few follow a new fashion, then more, then everybody.\n"
            "The inputs look as they always did; only the outcomes tell."
        ),
        cause=f"The rule behind the outcomes turns by {angle:g} degrees in {width}.",
        expect=(
            "No input monitor can see it. Errors show it while it goes on; a training on labels "
            "from before the end of the change has to be done again."
        ),
        lesson="The truth comes later than the change: what is learned before its end is half old.",
        seam="feedback",
        stream=Stream(
            concept=concept,
            traffic=Traffic(rate=rate, daily=0.5, weekend=0.7, entities=20_000),
            drifts=(
                ConceptDrift(name="new fashion", at=at, width=width, shape="gradual", to=turned),
            ),
        ),
        labels=Labels(delay=Constant(delay=delay)),
        training=Training(fixed="3h", cost=50.0),
        horizon=horizon,
    )
