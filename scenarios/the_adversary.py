"""Fraud that watches what the live model lets through."""

from __future__ import annotations

from sim.concepts import GaussianClasses
from sim.labels import Constant, Labels
from sim.loops import Adversary
from sim.losses import Costs
from sim.scenario import Scenario, Training
from sim.stream import Stream
from sim.traffic import Traffic


def the_adversary(
    *,
    at: str = "3w",
    tactics: int = 6,
    reach: float = 3.0,
    speed: float = 0.5,
    rate: str = "30/h",
    delay: str = "2d",
    horizon: str = "26w",
) -> Scenario:
    """Fraudsters try other ways of looking and keep what slips through: a loop with the model.

    From *at* on they know *tactics* of them, each of which moves what they look like by *reach*;
    *speed* is how fast word gets round. A chargeback comes *delay* later; a fraud that slips
    through costs four times as much as a customer who is stopped in error.
    """
    return Scenario(
        name="the-adversary",
        domain="fraud",
        story=(
            "A bank stops four frauds of five on the day of the launch, and is proud of it.\n"
            "By summer half of them slip through; the honest customers are as they always were."
        ),
        cause=(
            "Fraud is an answer to the model: whoever is stopped tries something else, and what "
            "slips through is sold on. Nothing drifts by itself."
        ),
        expect=(
            "Left alone, what fraud costs has doubled within eight weeks. A weekly training wins "
            "back more than half of the excess, but never all: the next way round is on sale the "
            "day after."
        ),
        lesson=(
            "Against somebody who answers, quality is a race and not a state: what counts is the "
            "time from a new trick to the model that knows it."
        ),
        seam="feedback",
        stream=Stream(
            concept=GaussianClasses(columns=6, rule="fraud", distance=3.0, prior=0.15),
            traffic=Traffic(rate=rate, daily=0.5, weekend=0.9, entities=60_000),
            drifts=(
                Adversary(
                    name="fraudsters", at=at, tactics=tactics, reach=reach, speed=speed, rule="f"
                ),
            ),
        ),
        loss=Costs(false_positive=1.0, false_negative=4.0),
        labels=Labels(delay=Constant(delay=delay)),
        training=Training(fixed="2h", cost=30.0),
        horizon=horizon,
    )
