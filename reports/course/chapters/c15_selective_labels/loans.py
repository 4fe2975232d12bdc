"""A bank learns from the loans that it gave, and the times change."""

from __future__ import annotations

from sim.concepts import Linear
from sim.drift import ConceptDrift
from sim.labels import Constant, Labels
from sim.people import People
from sim.prices import Prices
from sim.scenario import Scenario, Training
from sim.selection import Selective
from sim.stream import Stream
from sim.traffic import Traffic


def loans(*, angle: float = 45.0, audit: float = 0.0, rate: str = "5/h") -> Scenario:
    """Who repays turns by *angle* degrees in week 8; of those refused, an *audit* share get one."""
    turned = Linear(columns=6, rule="repays", angle=angle, noise=0.06)
    return Scenario(
        name="loans",
        story="A model says who gets a small loan. In week 8 the times change.",
        stream=Stream(
            concept=Linear(columns=6, rule="repays", noise=0.06),
            traffic=Traffic(rate=rate, daily=0.6, weekend=0.3, entities=50_000),
            drifts=(ConceptDrift(name="other times", at="8w", to=turned),) if angle else (),
        ),
        labels=Labels(delay=Constant(delay="14d"), selection=Selective(answers=(1,), share=audit)),
        people=People(labels="14d"),
        prices=Prices(currency="EUR", loss=1.0, review=0.2),
        training=Training(fixed="4h"),
        horizon="30w",
        tick="2h",
    )
