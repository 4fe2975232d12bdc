"""The compiled KSWIN draws River's samples and gives River's alarms."""

from __future__ import annotations

import doctest
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from river import drift

from strategies.detectors import KSWIN, kswin

Floats = NDArray[np.float64]
STREAMS = 60


def rivers_alarms(detector: KSWIN, values: Floats) -> list[int]:
    river, alarms = drift.KSWIN(**vars(detector)), []
    for i, x in enumerate(values.tolist()):
        river.update(x)
        if river.drift_detected:
            alarms.append(i)
    return alarms


def alarms_by_scan(running: Any, values: Floats, start: int = 0) -> list[int]:
    alarms = []
    while (index := running.scan(values[start:])) >= 0:
        alarms.append(start := start + index)
        start += 1
    return alarms


def a_case(seed: int) -> tuple[KSWIN, Floats]:
    """Return parameters and numbers that jump: many ties, both of Python's ways to sample."""
    chance = np.random.default_rng(seed)
    window = int(chance.choice([2, 20, 60, 100, 400]))
    detector = KSWIN(
        seed=int(chance.choice([0, 1, 42, 2**40 + 7])),
        alpha=float(chance.choice([0.0001, 0.005, 0.1, 1.0])),
        window_size=window,
        stat_size=int(chance.choice([1, min(5, window // 2), max(1, window // 5), window // 2])),
    )
    sizes = chance.integers(1, 300, 4 if window == 400 else 3)
    parts = [chance.normal(2 * chance.normal(), 1.0, size) for size in sizes]
    return detector, np.concatenate(parts).round(int(chance.choice([0, 1, 9])))


def test_every_alarm_is_rivers() -> None:
    total = 0
    for seed in range(STREAMS):
        detector, values = a_case(seed)
        expected = rivers_alarms(detector, values)
        assert alarms_by_scan(detector.start(), values) == expected, (seed, detector)
        total += len(expected)
    assert total > STREAMS


@pytest.mark.parametrize("odd", [float("nan"), float("inf"), -float("inf")])
def test_every_alarm_is_rivers_when_some_values_are_no_finite_numbers(odd: float) -> None:
    values = np.random.default_rng(1).normal(0, 1, 900)
    values[300:] += 2
    values[::70] = odd
    detector = KSWIN(seed=5, alpha=0.05, window_size=60, stat_size=20)
    assert alarms_by_scan(detector.start(), values) == rivers_alarms(detector, values)


def test_blocks_of_any_size_and_snapshots_give_the_same_alarms() -> None:
    for seed in range(STREAMS):
        detector, values = a_case(seed)
        expected = alarms_by_scan(detector.start(), values)
        cut = int(np.random.default_rng(seed).integers(0, len(values)))
        running = detector.start()
        alarms = alarms_by_scan(running, values[:cut])
        snapshot = running.snapshot()
        assert alarms + alarms_by_scan(running, values, cut) == expected
        for again in (running, detector.start()):
            again.restore(snapshot)
            assert alarms + alarms_by_scan(again, values, cut) == expected
        one_by_one = detector.start()
        for i, x in enumerate(values[:300].tolist()):
            one_by_one.update(x)
            assert one_by_one.drift_detected == (i in expected)


def test_a_seed_is_asked_for_and_wrong_sizes_are_named() -> None:
    with pytest.raises(TypeError, match="seed"):
        KSWIN()  # type: ignore[call-arg]
    with pytest.raises(ValueError, match=r"KSWIN\.stat_size is 51: half the window is the most"):
        KSWIN(seed=1, stat_size=51)
    with pytest.raises(ValueError, match=r"KSWIN\.alpha is 2"):
        KSWIN(seed=1, alpha=2)


def test_the_example_in_the_docstring_holds() -> None:
    assert doctest.testmod(kswin).attempted > 0
    assert doctest.testmod(kswin).failed == 0
