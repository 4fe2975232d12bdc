"""Code rots where it stands, because everything around it moves."""

from __future__ import annotations

from sim.artifacts import Parametric
from sim.concepts import Moving
from sim.labels import Constant, Labels
from sim.losses import Chance
from sim.scenario import Launch, Scenario, Training
from sim.stream import Stream
from sim.traffic import Traffic


def technical_debt(
    *,
    speed: float = 0.01,
    slope: float = 0.1,
    base: float = 0.02,
    refactor: str = "3d",
    cost: float = 500.0,
    rate: str = "20/h",
    horizon: str = "52w",
) -> Scenario:
    """A service fails a little more often every day until somebody refactors it.

    Its surroundings move by *speed* a day, and each unit of distance adds *slope* to its chance
    to fail, which is *base* on the day it was built. A *refactor* takes that long at that *cost*.
    """
    return Scenario(
        name="technical-debt",
        domain="code",
        story=(
            "A service fits its surroundings on the day it is built, and they move on.\n"
            "Nothing ever breaks: changes fail a little more often every week."
        ),
        cause="Dependencies, interfaces and habits move; the code stays.",
        expect=(
            "Nothing to detect: failures rise in a straight line. The best a team can do is "
            "refactor at the period at which what it costs and what it saves are equal."
        ),
        lesson="No single failure is anybody's news: what rots evenly is repaid by the calendar.",
        seam="feedback",
        stream=Stream(
            concept=Moving(speed=speed, step="1d"), traffic=Traffic(rate=rate, entities=500)
        ),
        artifact=Parametric(base=base, slope=slope, worst=1.0),
        loss=Chance(),
        labels=Labels(delay=Constant(delay="1h")),
        training=Training(fixed=refactor, cost=cost),
        launch=Launch(window="1d"),
        horizon=horizon,
    )
