"""Promised false alarms are kept on stationary data: measured, with intervals."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from strategies.monitors import Business, Shift, Volume
from strategies.monitors.distances import MEANING, by_chance, distance
from tests.strategies.monitors.worlds import alarms, at_rest, world

Z = 4.5
STEPS = np.full((1, 9), 0.125)


def spoilt(found: int, looks: int, rate: float, spread: float = 1.0) -> bool:
    """Say whether *found* alarms are more than a promise of *rate* a look allows."""
    return found > looks * rate + Z * spread * sqrt(looks * rate) + 1


@pytest.mark.parametrize("statistic", MEANING)
@pytest.mark.parametrize(("count", "trained"), [(200, 3_000), (1_440, 20_000), (1_000, 2_000)])
@pytest.mark.parametrize("rare", [0.02, 0.001])
def test_a_statistic_exceeds_its_limit_as_rarely_as_promised(
    statistic: str, count: int, trained: int, rare: float
) -> None:
    """The shares between training deciles are a Dirichlet draw; the limit allows for that."""
    luck, runs = np.random.default_rng(7), 40_000
    shares = luck.dirichlet(np.full(10, trained / 10), runs)
    counts = luck.multinomial(count, shares)[:, None, :]
    expected, known = np.full((1, 10), 0.1), np.array([trained])
    values = distance(statistic, counts, expected, known, STEPS)
    limit = by_chance(statistic, np.array([[count]]), expected, known, STEPS, rare)
    found = int((values > limit).sum())
    # simulated limits have an error of their own, of a few per cent
    assert not spoilt(found, runs, rare * 1.1)
    if statistic != "psi":  # its limit allows for empty bins, and is on the safe side
        assert found > runs * rare * 0.9 - Z * sqrt(runs * rare)


def false_alarms(monitor: Any, seeds: range, **rest: Any) -> int:
    scenario = at_rest(world(**rest))
    return sum(len(alarms(scenario, monitor, seed=seed)) for seed in seeds)


def test_ten_columns_at_once_keep_one_promise_together() -> None:
    monitor = Shift(window="1d", false_alarms="10d")
    found = false_alarms(monitor, range(8))
    assert not spoilt(found, 8 * 27, 0.1, spread=1.5)  # a run's days share their baseline
    assert found > 2  # far fewer would be a limit that sees nothing


def test_alarms_without_the_allowance_for_ten_columns_are_noticed() -> None:
    """The same limit for each of ten columns alone alarms several times as often."""
    each = [
        Shift(name=f"x{i}", columns=(f"x{i}",), window="1d", false_alarms="10d") for i in range(10)
    ]
    found = len(alarms(at_rest(world()), *each)) + len(alarms(at_rest(world()), *each, seed=2))
    assert spoilt(found, 2 * 27, 0.1, spread=1.5)


@pytest.mark.deep
@pytest.mark.parametrize("statistic", MEANING)
def test_every_statistic_keeps_its_promise_on_many_seeds(statistic: str) -> None:
    monitor = Shift(statistic=statistic, window="1d", false_alarms="20d")
    found = false_alarms(monitor, range(40))
    assert not spoilt(found, 40 * 27, 0.05, spread=1.5)


def test_grouped_alarms_are_no_more_than_each_monitor_promised() -> None:
    apart = tuple(
        Shift(name=statistic, statistic=statistic, window="1d", false_alarms="5d")
        for statistic in MEANING
    )
    together = tuple(replace(monitor, group="columns", quiet="1d") for monitor in apart)
    scenario = at_rest(world())
    many, few = alarms(scenario, *apart), alarms(scenario, *together)
    assert few
    assert len(few) == len({alarm.at_us for alarm in many})  # one page a day with any alarm


@pytest.mark.parametrize("per_hour", [40.0, 1_000.0])
def test_volume_keeps_its_promise_on_poisson_counts(per_hour: float) -> None:
    monitor = Volume(limit=0.0, false_alarms="5d")
    luck, looks, hour_us = np.random.default_rng(3), 20_000, 3_600_000_000
    counts = luck.poisson(per_hour, (5, looks))
    rows = np.full((looks, 4 * 168 + 1, 2), np.nan)
    rows[:, :, 1] = hour_us
    for week in range(5):
        rows[:, -1 - week * 168, 0] = counts[week]
    values = monitor.judge(rows, SimpleNamespace())  # type: ignore[arg-type]
    found = int((values > 1).sum())
    assert not spoilt(found, looks, 1 / 120)
    assert found > 0.4 * looks / 120


def test_business_keeps_its_promise_on_a_trend_with_noise() -> None:
    monitor = Business(drop=0.0, false_alarms="100d")
    luck, looks, day_us = np.random.default_rng(3), 20_000, 86_400_000_000
    days = np.arange(63)
    rows = np.empty((looks, 63, 2))
    rows[:, :, 0] = 1_000 + 3 * days + luck.normal(0, 40, (looks, 63))
    rows[:, :, 1] = day_us
    values = monitor.judge(rows, SimpleNamespace())  # type: ignore[arg-type]
    found = int((values > 0).sum())
    assert not spoilt(found, looks, 0.01)
    assert found > looks * 0.01 - Z * sqrt(looks * 0.01)
