"""What the two stories share in which nothing breaks: something built for a world that moves on."""

from __future__ import annotations

from typing import Any

from sim.artifacts import Parametric
from sim.clock import DAY_US, positive_us
from sim.concepts import Moving
from sim.drift import ConceptDrift
from sim.labels import Constant, Labels
from sim.losses import Chance
from sim.scenario import Launch, Scenario, Training
from sim.stream import Stream
from sim.traffic import Traffic


def wearing(
    *,
    drift: str,
    speed: float,
    artifact: Parametric,
    traffic: Traffic,
    label_delay: str,
    rebuild: str,
    cost: float,
    horizon: str,
    **told: Any,
) -> Scenario:
    """Return a year in which the world moves *speed* a day away from the *artifact*.

    A failure is known after *label_delay*; a *rebuild* takes that long at that *cost*. What is
    *told* are the words of the story.
    """
    days = positive_us(horizon, f"{told['name'].replace('-', '_')}.horizon") / DAY_US
    start = Moving(speed=0.0, least=artifact.base)
    gone = Moving(speed=0.0, place=speed * days, least=artifact.base)
    moves = ConceptDrift(name=drift, at="0s", width=horizon, shape="incremental", to=gone)
    return Scenario(
        stream=Stream(concept=start, traffic=traffic, drifts=(moves,)),
        artifact=artifact,
        loss=Chance(),
        labels=Labels(delay=Constant(delay=label_delay)),
        training=Training(fixed=rebuild, cost=cost),
        launch=Launch(window="1d"),
        horizon=horizon,
        seam="feedback",
        **told,
    )
