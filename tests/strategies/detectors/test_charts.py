"""The charts that River lacks do what their definitions say, value by value."""

from __future__ import annotations

import doctest
import importlib
from collections.abc import Callable
from math import exp, inf, log, nan
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from strategies.detectors import CUSUM, EWMA, LikelihoodCUSUM, Shewhart, ShiryaevRoberts

Floats = NDArray[np.float64]
Chart = CUSUM | EWMA | LikelihoodCUSUM | Shewhart | ShiryaevRoberts
SIDES = {"up": (1,), "down": (-1,), "both": (1, -1)}


def cusum(chart: CUSUM, past: list[float]) -> bool:
    alarm = False
    for sign in SIDES[chart.mode]:
        total = chart.head_start
        for x in past:
            total = max(0.0, total + sign * (x - chart.mean) / chart.sd - chart.allowance)
        alarm |= total > chart.limit
    return alarm


def ewma(chart: EWMA, past: list[float]) -> bool:
    average = chart.head_start
    for x in past:
        average += chart.weight * ((x - chart.mean) / chart.sd - average)
    limit = chart.width * (chart.weight / (2 - chart.weight)) ** 0.5
    return any(sign * average > limit for sign in SIDES[chart.mode])


def shewhart(chart: Shewhart, past: list[float]) -> bool:
    return any(
        sign * (past[-1] - chart.mean) > chart.width * chart.sd for sign in SIDES[chart.mode]
    )


def shiryaev_roberts(chart: ShiryaevRoberts, past: list[float]) -> bool:
    """Sum the likelihood ratios over every time at which the change may have come."""
    zs = [(x - chart.mean) / chart.sd for x in past]
    logs = [chart.shift * z - chart.shift**2 / 2 for z in zs]
    ratio = sum(exp(sum(logs[k:])) for k in range(len(logs)))
    return ratio + chart.head_start * exp(sum(logs)) > chart.limit


def likelihood_cusum(chart: LikelihoodCUSUM, past: list[float]) -> bool:
    if chart.kind == "gaussian":
        before, after = ([-(((x - m) / chart.sd) ** 2) / 2 for x in past] for m in means(chart))
    else:
        before, after = ([log(p if x else 1 - p) for x in past] for p in means(chart))
    total = chart.head_start
    for now, then in zip(after, before, strict=True):
        total = max(0.0, total + now - then)
    return total > chart.limit


def means(chart: LikelihoodCUSUM) -> tuple[float, float]:
    return chart.before, chart.after


DEFINITIONS: dict[type[Chart], Callable[[Any, list[float]], bool]] = {
    CUSUM: cusum,
    EWMA: ewma,
    LikelihoodCUSUM: likelihood_cusum,
    Shewhart: shewhart,
    ShiryaevRoberts: shiryaev_roberts,
}
CHARTS: list[Chart] = [
    CUSUM(limit=4.0),
    CUSUM(limit=4.0, head_start=2.0, mode="up"),
    CUSUM(allowance=0.25, limit=6.0, mean=1.0, sd=2.0, mode="down"),
    EWMA(weight=0.1, width=2.5),
    EWMA(weight=0.4, width=2.5, head_start=0.3, mean=0.5, mode="up"),
    EWMA(weight=1.0, width=2.5, mode="down"),
    Shewhart(width=1.5, mean=0.5, sd=1.5),
    Shewhart(width=2.0, mode="up"),
    ShiryaevRoberts(shift=1.0, limit=50.0),
    ShiryaevRoberts(shift=-0.5, limit=30.0, head_start=10.0, mean=0.5, sd=2.0),
    LikelihoodCUSUM(before=0.0, after=1.0, limit=3.0),
    LikelihoodCUSUM(before=2.0, after=0.5, sd=2.0, limit=3.0, head_start=1.0),
    LikelihoodCUSUM(kind="bernoulli", before=0.1, after=0.3, limit=3.0),
    LikelihoodCUSUM(kind="bernoulli", before=0.4, after=0.2, limit=2.0, head_start=1.5),
]


def a_stream(chart: Chart, seed: int) -> Floats:
    """Return numbers that jump up and down, or errors if the chart takes only those."""
    chance = np.random.default_rng(seed)
    levels = np.repeat(chance.choice([-1.0, 0.0, 0.0, 1.0], 6), chance.integers(1, 60, 6))
    if isinstance(chart, LikelihoodCUSUM) and chart.kind == "bernoulli":
        return (chance.random(len(levels)) < 0.25 + 0.15 * levels).astype(np.float64)
    return chance.normal(levels)


def alarms_by_scan(running: Any, values: Floats, start: int = 0) -> list[int]:
    alarms = []
    while (index := running.scan(values[start:])) >= 0:
        alarms.append(start := start + index)
        start += 1
    return alarms


@pytest.mark.parametrize("chart", CHARTS, ids=repr)
def test_it_alarms_where_its_definition_does(chart: Chart) -> None:
    total = 0
    for seed in range(8):
        values = a_stream(chart, seed).tolist()
        expected, start = [], 0
        for i in range(len(values)):
            if DEFINITIONS[type(chart)](chart, values[start : i + 1]):
                expected.append(i)
                start = i + 1
        assert alarms_by_scan(chart.start(), np.array(values)) == expected, seed
        total += len(expected)
    assert total > 8


@pytest.mark.parametrize("chart", CHARTS, ids=repr)
def test_blocks_values_and_snapshots_give_the_same_alarms(chart: Chart) -> None:
    for seed in range(20):
        values = a_stream(chart, seed)
        expected = alarms_by_scan(chart.start(), values)
        running, other = chart.start(), chart.start()
        alarms = []
        for i, x in enumerate(values.tolist()):
            running.update(x)
            alarms += [i] if running.drift_detected else []
        assert alarms == expected
        cut = len(values) // 2
        alarms = alarms_by_scan(other, values[:cut])
        snapshot = other.snapshot()
        for again in (other, chart.start()):
            again.restore(snapshot)
            assert alarms + alarms_by_scan(again, values, cut) == expected
            assert not again.warning_detected


def test_the_gaussian_oracle_is_a_cusum_in_other_units() -> None:
    values = np.random.default_rng(3).normal(0.2, 1.0, 5000)
    oracle = LikelihoodCUSUM(before=0.0, after=2.0, limit=6.0).start()
    chart = CUSUM(allowance=1.0, limit=3.0, mode="up").start()
    assert len(alarms := alarms_by_scan(oracle, values)) > 10
    assert alarms == alarms_by_scan(chart, values)


@pytest.mark.parametrize("chart", CHARTS, ids=repr)
@pytest.mark.parametrize("odd", [nan, inf, -inf])
def test_it_names_a_value_that_is_not_finite_and_goes_on_as_if_it_had_not_come(
    chart: Chart, odd: float
) -> None:
    values = a_stream(chart, 5)
    running, other = chart.start(), chart.start()
    with pytest.raises(ValueError, match=rf"^{type(chart).__name__} takes only .*, got {odd}$"):
        running.update(odd)
    before = alarms_by_scan(running, values[:40])
    with pytest.raises(ValueError, match=rf"got {odd}$"):
        running.update(odd)
    assert before + alarms_by_scan(running, values, 40) == alarms_by_scan(other, values)


def test_the_bernoulli_oracle_refuses_a_value_that_is_no_error() -> None:
    running = LikelihoodCUSUM(kind="bernoulli", before=0.1, after=0.3).start()
    with pytest.raises(ValueError, match=r"^LikelihoodCUSUM takes only 0 and 1, got 0\.5$"):
        running.scan([0, 1, 0.5])


@pytest.mark.parametrize(
    ("kind", "parameters", "message"),
    [
        (CUSUM, {"limit": 0.0}, "CUSUM.limit is 0.0: give a number above 0"),
        (CUSUM, {"limit": 4.0, "head_start": 5.0}, "CUSUM.head_start is 5.0"),
        (CUSUM, {"sd": nan}, "CUSUM.sd is nan"),
        (EWMA, {"weight": 1.5}, "EWMA.weight is 1.5: give a number between 0 and 1"),
        (EWMA, {"head_start": 9.0}, "EWMA.head_start is 9.0"),
        (Shewhart, {"mode": "upp"}, "Shewhart.mode is 'upp': did you mean 'up'?"),
        (Shewhart, {"mean": inf}, "Shewhart.mean is inf"),
        (ShiryaevRoberts, {"shift": 0.0}, "ShiryaevRoberts.shift is 0.0"),
        (LikelihoodCUSUM, {"kind": "bernoulli"}, "LikelihoodCUSUM.before is 0.0: give a rate"),
        (LikelihoodCUSUM, {"after": 0.0}, "LikelihoodCUSUM.after is 0.0: give another number"),
    ],
)
def test_a_wrong_parameter_is_named(kind: Any, parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message.replace("?", r"\?").replace(".", r"\.")):
        kind(**parameters)


@pytest.mark.parametrize(
    "name", ["cusum", "ewma", "shewhart", "shiryaev_roberts", "likelihood_cusum"]
)
def test_the_examples_in_the_docstrings_hold(name: str) -> None:
    results = doctest.testmod(importlib.import_module(f"strategies.detectors.{name}"))
    assert results.attempted > 0
    assert results.failed == 0
