"""An assistant in four stages: what the stories about it have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.labels import Constant, Labels
from sim.scenario import Launch, Scenario, Service, Training
from sim.stream import Stream
from sim.traffic import Traffic

if TYPE_CHECKING:
    from sim.artifacts import Pipeline
    from sim.concepts import Questions
    from sim.drift import StageDrift


def assistant(
    *,
    questions: Questions,
    pipeline: Pipeline,
    drift: StageDrift,
    coverage: float,
    rate: str,
    horizon: str,
    **told: str,
) -> Scenario:
    """Return the world of *questions* that a *pipeline* answers, of which one *drift* moves away.

    People judge a share *coverage* of the answers, a day later. *told* is the story.
    """
    return Scenario(
        domain="search",
        stream=Stream(
            concept=questions, traffic=Traffic(rate=rate, entities=5_000), drifts=(drift,)
        ),
        artifact=pipeline,
        labels=Labels(delay=Constant(delay="1d"), coverage=coverage),
        training=Training(fixed="2d", cost=800.0),
        service=Service(deploy="4h"),
        launch=Launch(window="7d"),
        horizon=horizon,
        **told,  # type: ignore[arg-type]
    )
