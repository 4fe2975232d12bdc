"""Worlds and incidents, one story a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.scenario import Scenario

_NAMES = (
    "calm-year",
    "collected-again",
    "column-banned",
    "content-fatigue",
    "daily-tastes",
    "drift-like-season",
    "eroding-trust",
    "filter-bubble",
    "forgotten-seed",
    "frozen-feed",
    "gradual-drift",
    "hand-off-to-nobody",
    "label-outage",
    "labels-three-weeks-late",
    "latency-surge",
    "leak-that-passes",
    "new-category",
    "nobody-touched-a-line",
    "null-burst",
    "offline-up-users-down",
    "one-source-in-five",
    "pipeline-ranking",
    "pipeline-retrieval",
    "poisoned-snapshot",
    "recurring-concept",
    "regulatory-classifier",
    "released-on-a-friday",
    "review-backlog",
    "salaries-under-inflation",
    "season-like-drift",
    "segment-regression",
    "selective-labels",
    "silent-schema-change",
    "technical-debt",
    "the-adversary",
    "the-bad-retrain",
    "training-serving-skew",
    "two-at-once",
    "unpinned-library",
    "virtual-drift",
)


def names() -> tuple[str, ...]:
    """Return the names alone, which costs no import."""
    return _NAMES


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
