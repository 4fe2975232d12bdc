"""Fraudsters change their ways, and the chargebacks come three weeks later."""

from __future__ import annotations

from sim.concepts import Linear
from sim.drift import ConceptDrift
from sim.labels import Constant, Labels
from sim.scenario import Scenario, Training
from sim.stream import Stream
from sim.traffic import Traffic


def labels_three_weeks_late(
    *,
    at: str = "8w",
    delay: str = "21d",
    angle: float = 50.0,
    rate: str = "40/h",
    horizon: str = "20w",
) -> Scenario:
    """Whatever learns from outcomes lives three weeks in the past.

    From *at* on fraud looks different. A payment is known to have been fraud, or not, after
    *delay*; the new way lies *angle* degrees from the old one.
    """
    old = Linear(columns=6, rule="fraud", threshold=1.0, noise=0.04)
    new = Linear(columns=6, rule="fraud", angle=angle, threshold=1.0, noise=0.04)
    return Scenario(
        name="labels-three-weeks-late",
        domain="fraud",
        story=(
            "A bank's model holds back suspicious payments; chargebacks say what it has missed.\n"
            "From one day on fraud takes another way. The dashboards are green for three weeks."
        ),
        cause="A new kind of fraud. Chargebacks take three weeks, whatever the model.",
        expect=(
            "Nobody can know for three weeks: inputs and scores look as ever, errors are three "
            "weeks old. A weekly training repeats the old model until then, at a price, and "
            "needs two to three weeks more. With labels after one day, say from a review of a "
            "sample, the same team would lose less than half as much."
        ),
        lesson="Know the age of your labels: a daily training on them is as old as they are.",
        seam="feedback",
        stream=Stream(
            concept=old,
            traffic=Traffic(rate=rate, daily=0.6, weekend=1.1, entities=20_000),
            drifts=(ConceptDrift(name="another way", at=at, to=new),),
        ),
        labels=Labels(delay=Constant(delay=delay)),
        training=Training(fixed="2h", cost=60.0),
        horizon=horizon,
    )
