"""One department: how fast its world turns, and what a version costs."""

from __future__ import annotations

from sim.clock import text, us
from sim.concepts import Linear
from sim.drift import ConceptDrift
from sim.labels import Constant, Labels
from sim.scenario import Scenario, Training
from sim.stream import Stream
from sim.traffic import Traffic

STEP = "2w"


def market(*, turn: float = 1.5, rate: str = "5/h", horizon: str = "26w") -> Scenario:
    """From week 2 on what is right turns by *turn* degrees a day; a version costs 200."""
    step_us = us(STEP)
    angle = turn * step_us / us("1d")
    steps = us(horizon) // step_us - 1
    drifts = tuple(
        ConceptDrift(
            name=f"turn {place + 1}",
            at=text((place + 1) * step_us),
            width=STEP,
            shape="incremental",
            to=Linear(columns=8, rule="market", angle=angle * (place + 1), noise=0.08),
        )
        for place in range(steps)
    )
    return Scenario(
        name="market",
        story=f"What is right turns by {turn:g} degrees a day.",
        stream=Stream(
            concept=Linear(columns=8, rule="market", noise=0.08),
            traffic=Traffic(rate=rate, daily=0.7, weekend=0.9, entities=5_000),
            drifts=drifts,
        ),
        labels=Labels(delay=Constant(delay="1d")),
        training=Training(fixed="3h", cost=200.0),
        horizon=horizon,
        tick="2h",
    )
