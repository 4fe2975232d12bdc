"""No outcome comes for six weeks, and a dashboard without news stays green."""

from __future__ import annotations

from sim.concepts import Linear
from sim.drift import ConceptDrift
from sim.faults import LabelOutage
from sim.labels import Constant, Labels
from sim.scenario import Scenario, Training
from sim.stream import Stream
from sim.traffic import Traffic


def label_outage(
    *,
    at: str = "6w",
    until: str = "12w",
    world: str = "7w",
    angle: float = 50.0,
    rate: str = "40/h",
    delay: str = "1d",
    horizon: str = "20w",
) -> Scenario:
    """Labels stop, then the world changes: whoever waits for errors waits for nothing.

    From *at* to *until* no label comes, and those are lost; at *world* the rule turns by *angle*
    degrees. Otherwise whether somebody bought is known after *delay*.
    """
    concept = Linear(columns=8, rule="bids", noise=0.1)
    turned = Linear(columns=8, rule="bids", angle=angle, noise=0.1)
    return Scenario(
        name="label-outage",
        domain="advertising",
        story=(
            "A bidding model is judged by purchases that a pixel reports. A browser update takes\n"
            "the pixel away. The chart of errors shows its last value for six weeks: a good one."
        ),
        cause="The new browser blocks the pixel. A week later a rival's sale changes who buys.",
        expect=(
            "Errors alarm more than five weeks after the sale began: when the pixel is back. Until "
            "then no training helps, since nothing new can be learned; two days after labels "
            "stopped, whoever counts them knows, and can buy some elsewhere."
        ),
        lesson="No news is an alarm: watch how many labels come, not only what they say.",
        seam="feedback",
        stream=Stream(
            concept=concept,
            traffic=Traffic(rate=rate, daily=0.6, weekend=1.1, entities=40_000),
            drifts=(ConceptDrift(name="rival's sale", at=world, to=turned),),
        ),
        faults=(LabelOutage(name="pixel blocked", at=at, until=until, then="lost"),),
        labels=Labels(delay=Constant(delay=delay)),
        training=Training(fixed="2h", cost=40.0),
        horizon=horizon,
    )
