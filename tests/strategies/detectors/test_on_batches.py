"""Batch detectors keep their level, see what they are for, and say what they cannot take."""

from __future__ import annotations

import doctest
import importlib
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats  # type: ignore[import-untyped]

from strategies.detectors import MMD, PSI, ChiSquare, KolmogorovSmirnov, OnWindows, TwoSample
from strategies.detectors.check import alarms, check_detector

Floats = NDArray[np.float64]
TESTS: list[Any] = [
    KolmogorovSmirnov(alpha=0.05),
    ChiSquare(alpha=0.05),
    MMD(seed=1, alpha=0.05, permutations=99, most=60),
    TwoSample(seed=1, alpha=0.05),
]


def normal(seed: int, n: int, columns: int, mean: float = 0.0, sd: float = 1.0) -> Floats:
    return np.random.Generator(np.random.SFC64(seed)).normal(mean, sd, (n, columns))


@pytest.mark.parametrize("test", TESTS, ids=lambda test: type(test).__name__)
@pytest.mark.parametrize("columns", [1, 3])
def test_it_seldom_sees_drift_where_there_is_none(test: Any, columns: int) -> None:
    runs, found = 200, 0
    for seed in range(runs):
        fitted = test.fit(normal(2 * seed, 80, columns))
        found += fitted.compare(normal(2 * seed + 1, 60, columns)).drift
    bound = test.alpha + 4.5 * np.sqrt(test.alpha * (1 - test.alpha) / runs)
    assert found / runs <= bound + 0.02  # TwoSample's folds share rows; chi-square is asymptotic


@pytest.mark.parametrize("test", [*TESTS, PSI()], ids=lambda test: type(test).__name__)
def test_it_sees_a_mean_that_moved_and_a_spread_that_grew(test: Any) -> None:
    fitted = test.fit(normal(1, 400, 2))
    assert fitted.compare(normal(3, 300, 2, mean=1.0)).drift
    assert fitted.compare(normal(4, 300, 2, sd=2.5)).drift


def test_only_whole_rows_show_that_columns_go_together() -> None:
    together = normal(1, 500, 1) @ np.ones((1, 2)) + 0.1 * normal(2, 500, 2)
    apart = np.stack([together[:, 0], together[::-1, 1]], axis=1)
    assert not KolmogorovSmirnov().fit(together).compare(apart).drift
    assert MMD(seed=1).fit(together).compare(apart).drift
    assert TwoSample(seed=1).fit(together).compare(apart).drift


def test_the_worst_column_is_named() -> None:
    window = normal(2, 300, 3)
    window[:, 1] += 2
    for test in (PSI(), KolmogorovSmirnov(), ChiSquare()):
        assert test.fit(normal(1, 400, 3)).compare(window).column == 1


def test_psi_is_the_sum_that_its_definition_says() -> None:
    reference, window = np.arange(100.0), np.repeat(np.arange(0.0, 100.0, 10), [19, *[9] * 9])
    new = (np.array([19, *[9] * 9]) + 0.5) / 105
    old = np.full(10, 10.5 / 105)
    expected = float(((new - old) * np.log(new / old)).sum())
    assert PSI().fit(reference).compare(window).statistic == pytest.approx(expected, rel=1e-12)


def test_chi_square_counts_a_category_that_is_new() -> None:
    old, new = np.repeat([0.0, 1.0], 50), np.repeat([0.0, 1.0, 2.0], [40, 40, 20])
    expected = stats.chi2_contingency([[50, 50, 0], [40, 40, 20]], correction=False)
    compared = ChiSquare().fit(old).compare(new)
    assert compared.statistic == pytest.approx(float(expected.statistic))
    assert compared.p_value == pytest.approx(float(expected.pvalue))


def test_mmd_is_the_distance_of_the_means_in_the_kernels_space() -> None:
    one, two = normal(1, 30, 2), normal(2, 20, 2, mean=0.5)
    squares = ((one[:, None] - one) ** 2).sum(axis=2)
    width = np.median(squares[squares > 0])

    def near(a: Floats, b: Floats) -> float:
        return float(np.exp(-((a[:, None] - b) ** 2).sum(axis=2) / width).mean())

    expected = near(one, one) + near(two, two) - 2 * near(one, two)
    assert MMD(seed=1).fit(one).compare(two).statistic == pytest.approx(expected)


@pytest.mark.parametrize("size", [1, 7, 100, 1000])
def test_windows_of_a_stream_do_not_depend_on_how_it_is_cut(size: int) -> None:
    values = np.concatenate([normal(1, 700, 1), normal(2, 700, 1, mean=2.0)])[:, 0]
    detector = OnWindows(detector=KolmogorovSmirnov(), reference=200, window=50)
    expected = alarms(detector.start(), values)
    assert expected
    assert 700 <= expected[0] < 800
    at_work, found = detector.start(), []
    for start in range(0, len(values), size):
        part = values[start : start + size]
        found += [start + place for place in alarms(at_work, part)]
    assert found == expected


def test_a_stream_may_be_of_rows() -> None:
    values = np.concatenate([normal(1, 300, 3), normal(2, 300, 3, mean=1.0)])
    detector = OnWindows(detector=MMD(seed=1), reference=100, window=50).start()
    assert 300 <= detector.scan(values) < 400


def test_what_it_cannot_take_is_said_in_one_line() -> None:
    with pytest.raises(ValueError, match=r"^PSI takes only finite numbers, got nan$"):
        PSI().fit([1.0, float("nan")])
    with pytest.raises(ValueError, match=r"^MMD was fitted on 2 columns, got 3$"):
        MMD(seed=1).fit(normal(1, 20, 2)).compare(normal(1, 20, 3))
    with pytest.raises(ValueError, match=r"PSI\.limit is 0"):
        PSI(limit=0)


@pytest.mark.parametrize("test", [*TESTS, PSI()], ids=lambda test: type(test).__name__)
def test_it_is_sound(test: Any) -> None:
    assert check_detector(type(test)(**{"seed": 1} if hasattr(test, "seed") else {})) == []


@pytest.mark.parametrize(
    "name", ["psi", "kolmogorov_smirnov", "chi_square", "mmd", "two_sample", "on_windows"]
)
def test_the_examples_in_the_docstrings_hold(name: str) -> None:
    results = doctest.testmod(importlib.import_module(f"strategies.detectors.{name}"))
    assert results.attempted > 0
    assert results.failed == 0
