"""Worlds and incidents, one story a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.scenario import Scenario

_NAMES = (
    "calm-year",
    "content-fatigue",
    "drift-like-season",
    "frozen-feed",
    "gradual-drift",
    "labels-three-weeks-late",
    "new-category",
    "nobody-touched-a-line",
    "null-burst",
    "one-source-in-five",
    "pipeline-ranking",
    "pipeline-retrieval",
    "recurring-concept",
    "season-like-drift",
    "segment-regression",
    "selective-labels",
    "silent-schema-change",
    "technical-debt",
    "two-at-once",
    "virtual-drift",
    "daily-tastes",
    "gradual-drift",
    "hand-off-to-nobody",
    "latency-surge",
    "leak-that-passes",
    "null-burst",
    "offline-up-users-down",
    "pipeline-ranking",
    "pipeline-retrieval",
    "poisoned-snapshot",
    "regulatory-classifier",
    "released-on-a-friday",
    "silent-schema-change",
    "technical-debt",
    "the-adversary",
    "the-bad-retrain",
    "training-serving-skew",
    "unpinned-library",
)


def catalogue() -> dict[str, Callable[..., Scenario]]:
    """Return the scenarios that come with driftyard, by name; their docstrings begin with a line.

    >>> 'calm-year' in catalogue()
    True
    """
    from importlib import import_module

    found = {}
    for name in _NAMES:
        function = name.replace("-", "_")
        found[name] = getattr(import_module(f"scenarios.{function}"), function)
    return found
