"""Contrasts: right as often as they say, over synthetic differences of known truth."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from scipy import stats  # type: ignore[import-untyped]

from reports.comparison import Decided, Stein, contrast, until
from reports.comparison.contrast import (
    BETTER,
    EQUAL,
    IDENTICAL,
    UNSETTLED,
    differences,
    mean_difference,
    more_seeds,
    resampled,
)
from reports.comparison.stopping import PILOT, reach
from reports.intervals import ALPHA
from sim.errors import Mistake
from tests.reports.comparison.equals import settles

LIMIT = 3.0
NAMES = ("A", "B")


def luck(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.SFC64(seed))


def allowed(rate: float, trials: int) -> float:
    return rate + LIMIT * sqrt(rate * (1 - rate) / trials)


def test_the_interval_is_the_t_interval_of_paired_differences() -> None:
    one, other = luck(1).normal(size=(2, 12))
    told = contrast(one, other, names=NAMES, measure="loss", contrasts=5)
    theirs = stats.ttest_rel(one, other).confidence_interval(1 - ALPHA / 5)
    assert (told.difference.low, told.difference.high) == pytest.approx((theirs.low, theirs.high))
    exact = stats.binomtest(told.wins, 12).proportion_ci(1 - ALPHA / 5, "exact")
    assert (told.beats.low, told.beats.high) == pytest.approx((exact.low, exact.high))
    assert told.wins + told.ties + told.losses == 12


def test_one_seed_tells_nothing_and_equal_years_are_identical() -> None:
    assert contrast(np.ones(1), np.zeros(1), names=NAMES, measure="x").verdict == UNSETTLED
    same = contrast(np.ones(3), np.ones(3), names=NAMES, measure="x")
    assert (same.verdict, same.ties, same.more) == (IDENTICAL, 3, None)


def test_a_seed_without_a_result_on_either_side_is_left_out() -> None:
    one, other = np.array([1.0, np.nan, 3.0, 4.0]), np.array([0.0, 1.0, np.nan, 2.0])
    assert differences(one, other).tolist() == [1.0, 2.0]


def test_equal_is_told_of_differences_surely_below_the_margin() -> None:
    apart = luck(2).normal(0.0, 0.01, 100)
    near = contrast(apart, np.zeros(100), names=NAMES, measure="x", margin=0.1)
    assert near.verdict == EQUAL
    assert (
        contrast(apart - 1, np.zeros(100), names=NAMES, measure="x", margin=0.1).verdict == BETTER
    )


def test_more_seeds_find_the_margin_as_often_as_promised() -> None:
    """Power 80 %, whatever was seen: measured on a true difference of the margin."""
    pilot = luck(3).normal(0.0, 1.0, 400)
    margin = 0.4 * float(pilot.std(ddof=1))
    needed = more_seeds(pilot[:2], 1e9, ALPHA)
    assert needed == 0
    total = 400 + (more_seeds(pilot, margin, ALPHA) or 0)
    assert total == 400
    small = pilot[:20] / pilot[:20].std(ddof=1)
    seeds = 20 + (more_seeds(small, 0.4, ALPHA) or 0)
    draws = luck(4).normal(0.4, 1.0, (4_000, seeds))
    found = np.abs(stats.ttest_1samp(draws, 0.0, axis=1).pvalue < ALPHA).mean()
    assert found == pytest.approx(0.8, abs=0.03)
    assert more_seeds(small + 5.0, 0.4, ALPHA) == seeds - 20, "never aimed at what was seen"


def wrong(rule: str, comparisons: int, *, scale: float = 1.0) -> float:
    """Return how often one of three contrasts of equal strategies is settled as unequal."""
    draws, asked = luck(5), until(rule, seeds=30, most=300)
    most = 3_000 if isinstance(asked, Stein) else 300
    misses = 0
    for _ in range(comparisons):
        every = draws.normal(0.0, scale, (3, most))
        misses += any(settles(asked, apart, ALPHA / 3) for apart in every)
    return misses / comparisons


@pytest.mark.parametrize("rule", ["", "ci < 20%", "decided"])
def test_equal_strategies_are_told_apart_no_more_often_than_promised(rule: str) -> None:
    assert wrong(rule, 300) <= allowed(ALPHA, 300)


@pytest.mark.deep
@pytest.mark.parametrize("rule", ["", "ci < 20%", "decided"])
def test_2000_comparisons_without_a_difference(rule: str) -> None:
    rate = wrong(rule, 2_000)
    print(f"\n{rule or 'fixed'}: {rate:.4f} of 2,000 comparisons of equals were settled")
    assert rate <= allowed(ALPHA, 2_000)


def test_naive_peeking_would_fail_where_the_sequence_does_not() -> None:
    """The same looks with t intervals settle many comparisons of equals: the test above bites."""
    draws, rule, peeked = luck(6), Decided(most=300), 0
    for _ in range(300):
        apart, seeds = draws.normal(size=300), PILOT
        while seeds <= 300:
            told = mean_difference(apart[:seeds], ALPHA)
            if told.low > 0 or told.high < 0:
                peeked += 1
                break
            if seeds == 300:
                break
            seeds = rule.next(seeds)
    assert peeked / 300 > allowed(ALPHA, 300)


def test_the_sequence_holds_at_every_look_at_once() -> None:
    looks = np.arange(PILOT, 1_001)
    far = np.array([reach(int(n), ALPHA) for n in looks])
    apart = luck(7).normal(size=(1_000, 1_000))
    sums, squares = apart.cumsum(axis=1), (apart**2).cumsum(axis=1)
    means = sums[:, looks - 1] / looks
    spread = np.sqrt((squares[:, looks - 1] - looks * means**2) / (looks - 1))
    missed = (np.abs(means) > far * spread).any(axis=1).mean()
    assert missed <= allowed(ALPHA, 1_000)


def test_whole_seeds_are_resampled_over_scenarios_that_share_their_luck() -> None:
    """Scenarios of one seed move together: the interval covers as often as it says."""
    draws, missed = luck(8), 0
    for _ in range(400):
        seed = draws.normal(0.0, 1.0, (20, 1))
        apart = differences(seed + draws.normal(0.0, 0.3, (20, 4)), np.zeros((20, 4)))
        told = resampled(apart, 0.05)
        missed += told.low > 0 or told.high < 0
    assert missed / 400 <= allowed(0.05, 400)
    assert missed / 400 >= 0.01


@pytest.mark.parametrize("text", ["soon", "ci < x", "ci < 0", "ci", "ci > 5%", "ci < -1%"])
def test_a_rule_that_nobody_knows_is_a_mistake(text: str) -> None:
    with pytest.raises(Mistake, match="--until"):
        until(text, seeds=30, most=1_000)
