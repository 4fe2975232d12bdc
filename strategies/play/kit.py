"""The monitors of a team that has not chosen its own: some in each of the four layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.artifacts import Parametric
from strategies.detectors import ADWIN
from strategies.monitors import (
    AnswerShift,
    Business,
    Contract,
    FallbackRate,
    Latency,
    OnErrors,
    QueueLength,
    Shift,
    StageMetric,
    UserShare,
    Volume,
)

if TYPE_CHECKING:
    from sim.scenario import Scenario

RARELY = "120d"
"""So rarely each of them may alarm when nothing is wrong, as far as it can promise."""


def kit(scenario: Scenario) -> tuple[Any, ...]:
    """Return monitors in four layers that mean something in *scenario*."""
    found: list[Any] = []
    if not isinstance(scenario.artifact, Parametric):
        found += [
            Contract(quiet="2d"),
            Shift(window="1d", false_alarms=RARELY, quiet="3d"),
            Volume(quiet="2d"),
            AnswerShift(window="1d", false_alarms=RARELY, quiet="3d"),
            FallbackRate(limit=0.1, quiet="1d"),
        ]
    found.append(OnErrors(detector=ADWIN(delta=1e-4), quiet="3d"))
    found += [StageMetric(of=name, limit=limit) for name, limit in _floors(scenario)]
    if scenario.service.queue is not None:
        patience_ms = scenario.service.queue.patience_us / 1_000
        found += [
            Latency(quantile=0.99, limit=patience_ms * 0.9, quiet="1d", minimum=200),
            QueueLength(limit=20.0, quiet="1d"),
        ]
    if scenario.users is not None:
        found += [
            UserShare(of="complained", limit=0.15, quiet="3d"),
            Business(of="revenue", quiet="2w"),
            Business(of="retention", quiet="2w"),
        ]
    return tuple(found)


def _floors(scenario: Scenario) -> list[tuple[str, float]]:
    """Return which signals of a pipeline are held against which limit."""
    signals = getattr(scenario.artifact, "signals", ())
    return [(name, 0.6) for name in signals if name.startswith(("retrieval", "ranking"))]
