"""Level alarms when the mean of its window crosses the limit, value by value."""

from __future__ import annotations

import doctest
import importlib

import numpy as np
import pytest

from sim.errors import Mistake
from strategies.detectors import Level


def alarms(values: np.ndarray, level: Level, block: int) -> list[int]:
    """Return where it alarms if it reads *block* values at a time."""
    detector, found, at = level.start(), [], 0
    while at < len(values):
        index = detector.scan(values[at : min(at + block, len(values))])
        at = min(at + block, len(values)) if index < 0 else at + index + 1
        if index >= 0:
            found.append(at - 1)
    return found


def by_definition(values: np.ndarray, level: Level) -> list[int]:
    means = np.convolve(values, np.ones(level.window), "valid") / level.window
    beyond = means < level.limit if level.side == "below" else means > level.limit
    rises = beyond & ~np.concatenate([[False], beyond[:-1]])
    return [int(i) + level.window - 1 for i in np.flatnonzero(rises)]


@pytest.mark.parametrize("side", ["below", "above"])
@pytest.mark.parametrize("window", [1, 7, 40])
def test_it_alarms_at_each_crossing_however_it_is_fed(side: str, window: int) -> None:
    values = np.random.default_rng(3).random(2_000) + np.sin(np.arange(2_000) / 50) / 3
    level = Level(limit=0.5123, window=window, side=side)
    expected = by_definition(values, level)
    assert len(expected) > 5
    for block in (1, 13, 2_000):
        assert alarms(values, level, block) == expected


def test_a_state_that_was_kept_can_be_come_back_to() -> None:
    values = np.random.default_rng(4).random(500)
    detector = Level(limit=0.5, window=20).start()
    detector.scan(values[:10])
    kept = detector.snapshot()
    first = detector.scan(values[10:])
    detector.restore(kept)
    assert detector.scan(values[10:]) == first >= 0


def test_a_value_that_is_no_number_is_named() -> None:
    with pytest.raises(ValueError, match="Level takes only finite numbers, got nan"):
        Level(limit=0.5, window=2).start().scan([0.1, np.nan])
    with pytest.raises(Mistake, match=r"Level\.side"):
        Level(limit=0.5, side="under")
    with pytest.raises(Mistake, match=r"Level\.window"):
        Level(limit=0.5, window=0)


def test_its_example_is_true() -> None:
    results = doctest.testmod(importlib.import_module("strategies.detectors.level"))
    assert results.attempted
    assert not results.failed
