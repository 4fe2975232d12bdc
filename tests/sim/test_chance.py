"""Luck: the same numbers in any order, uniform, and independent of one another."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats  # type: ignore[import-untyped]

from sim.chance import Luck

STEADY = settings(deadline=None, derandomize=True)
SEEDS = range(20)
LIMIT = 4.5
"""Standard errors; a fair test exceeds it once in 150,000 times."""


def z_of_correlation(a: NDArray[Any], b: NDArray[Any]) -> float:
    """Return how many standard errors the correlation of *a* and *b* lies from 0."""
    return float(np.corrcoef(a, b)[0, 1] * np.sqrt(len(a)))


def p_limit() -> float:
    return float(2 * stats.norm.sf(LIMIT))


@given(st.permutations(range(8)), st.integers(0, 2**63), st.sampled_from(["traffic", "delay", "é"]))
@settings(STEADY, max_examples=30)
def test_pages_drawn_in_any_order_give_the_same_numbers(
    order: list[int], seed: int, name: str
) -> None:
    luck, other = Luck(seed), Luck(seed)
    drawn = {page: luck.page(name, page).standard_normal(50) for page in order}
    for page in range(8):
        other.page("something else", page).random(page)
        assert np.array_equal(other.page(name, page).standard_normal(50), drawn[page])


def test_a_page_starts_at_its_beginning_whatever_was_drawn_from_it() -> None:
    luck = Luck(3)
    first = luck.page("x", 1).integers(0, 2**31, 7, dtype=np.int32)
    luck.page("x", 1).random(3)
    assert np.array_equal(luck.page("x", 1).integers(0, 2**31, 7, dtype=np.int32), first)


@given(st.integers(0, 1000), st.lists(st.integers(0, 2**62), min_size=1, max_size=40))
@STEADY
def test_a_things_number_does_not_depend_on_its_neighbours(seed: int, things: list[int]) -> None:
    luck = Luck(seed)
    together = luck.uniforms("assign", np.array(things), 4)
    alone = [luck.uniforms("assign", np.array([thing]), 4)[0] for thing in things]
    assert together.tolist() == alone
    assert ((together >= 0) & (together < 1)).all()


def test_an_identity_is_its_value_and_not_its_type() -> None:
    luck = Luck(1)
    assert luck.uniform("failure", int(np.int64(3))) == luck.uniform("failure", 3)
    assert luck.uniform("failure", 1, 23) != luck.uniform("failure", 12, 3)
    assert luck.uniform("failure", "1") != luck.uniform("failure", 1)


@pytest.mark.parametrize("seed", SEEDS)
def test_numbers_of_things_are_uniform(seed: int) -> None:
    numbers = Luck(seed).uniforms("assign", np.arange(20_000), 1)
    assert stats.kstest(numbers, "uniform").pvalue > p_limit()
    counts = np.bincount((numbers * 100).astype(int), minlength=100)
    assert stats.chisquare(counts).pvalue > p_limit()


@pytest.mark.parametrize("seed", SEEDS)
def test_single_numbers_are_uniform_over_identities(seed: int) -> None:
    luck = Luck(seed)
    numbers = [luck.uniform("failure", hour, 1) for hour in range(3_000)]
    assert stats.kstest(numbers, "uniform").pvalue > p_limit()


@pytest.mark.parametrize("seed", SEEDS)
def test_pages_are_uniform_and_their_first_numbers_too(seed: int) -> None:
    luck = Luck(seed)
    assert stats.kstest(luck.page("outcome", 0).random(20_000), "uniform").pvalue > p_limit()
    first = [luck.page("outcome", page).random() for page in range(3_000)]
    assert stats.kstest(first, "uniform").pvalue > p_limit()


def test_seeds_names_and_identities_are_independent_of_each_other() -> None:
    things = np.arange(40_000)
    for seed in SEEDS:
        luck = Luck(seed)
        mine = luck.uniforms("assign", things, 1)
        for other in (
            luck.uniforms("assign", things, 2),
            luck.uniforms("assigN", things, 1),
            Luck(seed + 1).uniforms("assign", things, 1),
            np.roll(mine, 1),
        ):
            assert abs(z_of_correlation(mine, other)) < LIMIT
            assert abs(z_of_correlation(mine > 0.5, other > 0.5)) < LIMIT


def test_neighbouring_pages_names_and_seeds_do_not_correlate() -> None:
    count = 20_000
    for seed in SEEDS:
        for page in (-1, 0, 1, 2**16, 2**32):
            mine = Luck(seed).page("features", page).standard_normal(count)
            for other in (
                Luck(seed).page("features", page + 1),
                Luck(seed).page("outcome", page),
                Luck(seed + 1).page("features", page),
            ):
                assert abs(z_of_correlation(mine, other.standard_normal(count))) < LIMIT


def test_the_first_numbers_of_successive_pages_do_not_correlate() -> None:
    luck = Luck(7)
    first = np.array([luck.page("traffic", page).random(2) for page in range(20_000)])
    assert abs(z_of_correlation(first[1:, 0], first[:-1, 0])) < LIMIT
    assert abs(z_of_correlation(first[:, 0], first[:, 1])) < LIMIT


def test_a_lognormal_answer_has_the_median_and_spread_that_was_asked_for() -> None:
    luck, count = Luck(5), 4_000
    logs = np.log([luck.lognormal("answer", i, median=3.0, sigma=0.7) for i in range(count)])
    assert abs(logs.mean() - np.log(3.0)) < LIMIT * 0.7 / np.sqrt(count)
    assert abs(logs.std() - 0.7) < LIMIT * 0.7 / np.sqrt(2 * count)


def test_a_lognormal_answer_does_not_depend_on_what_was_drawn_before() -> None:
    luck = Luck(5)
    alone = luck.lognormal("answer", 3, median=1.0, sigma=1.0)
    for _ in range(3):
        luck.lognormal("answer", 2, median=1.0, sigma=1.0)
        assert luck.lognormal("answer", 3, median=1.0, sigma=1.0) == alone


@given(st.integers(0, 100), st.floats(0, 1), st.floats(0, 1))
@STEADY
def test_whoever_is_chosen_stays_chosen_as_the_share_grows(seed: int, a: float, b: float) -> None:
    numbers = Luck(seed).uniforms("assign", np.arange(500), 1)
    small, large = sorted((a, b))
    assert not ((numbers < small) & ~(numbers < large)).any()
    assert not (numbers < 0.0).any()
    assert (numbers < 1.0).all()


def test_whole_numbers_are_equally_likely_and_pages_have_their_own() -> None:
    limit, count = 50, 100_000
    for seed in SEEDS:
        drawn = Luck(seed).below(limit, "source", count, 3)
        assert drawn.min() == 0
        assert drawn.max() == limit - 1
        chi = stats.chisquare(np.bincount(drawn, minlength=limit))
        assert chi.pvalue > p_limit()
        assert abs(z_of_correlation(drawn[1:], drawn[:-1])) < LIMIT
        assert abs(z_of_correlation(drawn, Luck(seed).below(limit, "source", count, 4))) < LIMIT


@given(st.integers(0, 2**63), st.integers(0, 3_000), st.integers(1, 200), st.floats(0, 1))
@settings(STEADY, max_examples=40)
def test_whatever_is_drawn_in_one_pass_is_what_the_long_way_draws(
    seed: int, count: int, limit: int, line: float
) -> None:
    luck = Luck(seed)
    assert np.array_equal(
        luck.random("flips", count, 7, "x"), luck.page("flips", 7, "x").random(count)
    )
    places = luck.below(limit, "source", count, 7)
    for values in (np.arange(limit) / limit, np.arange(limit) % 3 == 0):
        dealt = luck.dealt(values, "source", count, 7)
        assert dealt.dtype == values.dtype
        assert np.array_equal(dealt, values[places])
    order = luck.page("order").permutation(limit) / limit
    rows, some = luck.below_line(order, line, "source", count, 7)
    assert np.array_equal(rows, order[places] < line)
    assert some == rows.any()
