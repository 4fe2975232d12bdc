"""Requests come as often as they should, when they should, each with a name of its own."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats  # type: ignore[import-untyped]

from sim.chance import Luck
from sim.clock import DAY_US, HOUR_US, WEEK_US, rate, us
from sim.errors import Mistake
from sim.traffic import Grid, Traffic

STEADY = settings(deadline=None, derandomize=True)
LIMIT = 4.5
RATES = ["3/d", "1/h", "7/h", "1000/h", "37/2h", "3.7/s", "0.9/min", "20/s"]
TICKS = ["1m", "7m30s", "20m", "1h", "6h", "1d", "1w"]


def stretch(traffic: Traffic, luck: Luck, grid: Grid, end: str) -> NDArray[np.int64]:
    """Return all arrivals from 0 to *end*, which is whole pages."""
    pages = range(us(end) // grid.span_us)
    return np.concatenate([traffic.times(luck, grid, page) for page in pages])


@given(st.sampled_from(RATES), st.sampled_from(TICKS), st.sampled_from([0, 1, 4]))
@STEADY
def test_pages_tile_time_and_fit_ticks_and_batches(per: str, tick: str, batches: int) -> None:
    tick_us, traffic = us(tick), Traffic(rate=per)
    batch_us = tick_us * batches
    grid = Grid.of(traffic, tick_us=tick_us, batch_us=batch_us)
    for page in (-3, -1, 0, 1, 10**6):
        assert grid.bounds_us(page)[1] == grid.bounds_us(page + 1)[0]
        start_us, end_us = grid.bounds_us(page)
        assert grid.page_at(start_us) == grid.page_at(end_us - 1) == page
    assert grid.span_us % tick_us == 0 or tick_us % grid.span_us == 0
    assert grid.span_us % grid.slot_us == 0
    if batch_us:
        assert grid.span_us % batch_us == 0


@pytest.mark.parametrize("per", ["7/h", "1000/h", "3.7/s", "20/s"])
def test_a_page_holds_about_4096_records(per: str) -> None:
    grid = Grid.of(Traffic(rate=per), tick_us=HOUR_US)
    assert 2_048 <= rate(per) * grid.span_us <= 8_192


@given(
    st.sampled_from(RATES),
    st.sampled_from(["20m", "1h", "1d"]),
    st.sampled_from(["even", "poisson"]),
    st.integers(-5, 1_000),
    st.integers(0, 99),
)
@settings(STEADY, max_examples=60)
def test_records_lie_within_their_page_in_order_and_have_ids_of_their_own(
    per: str, tick: str, arrivals: str, page: int, seed: int
) -> None:
    traffic = Traffic(rate=per, arrivals=arrivals)
    grid = Grid.of(traffic, tick_us=us(tick))
    luck = Luck(seed)
    times = np.concatenate([traffic.times(luck, grid, p) for p in (page, page + 1)])
    ids = np.concatenate([grid.ids(traffic.times(luck, grid, p)) for p in (page, page + 1)])
    assert (np.diff(times) >= 0).all()
    assert (np.diff(ids) > 0).all()
    if len(times):
        assert times[0] >= grid.bounds_us(page)[0]
        assert times[-1] < grid.bounds_us(page + 1)[1]
    assert ((ids >> 32) == times // grid.slot_us).all()


def test_a_records_id_does_not_depend_on_how_much_of_its_page_is_looked_at() -> None:
    traffic = Traffic(rate="1000/h")
    grid = Grid.of(traffic, tick_us=HOUR_US)
    times = traffic.times(Luck(1), grid, 3)
    assert np.array_equal(grid.ids(times)[:100], grid.ids(times[:100]))


@given(st.fractions(Fraction(1, 40), 2_000, max_denominator=40), st.integers(0, 2_000))
@settings(STEADY, max_examples=60)
def test_even_arrivals_are_exact(per_hour: Fraction, page: int) -> None:
    text = f"{per_hour.numerator}/{per_hour.denominator}h"
    traffic = Traffic(rate=text, arrivals="even")
    grid = Grid.of(traffic, tick_us=HOUR_US)
    start_us, end_us = grid.bounds_us(page)
    gap_us = HOUR_US / per_hour
    first = -(-start_us // gap_us)
    expected = []
    while (at := first * gap_us) < end_us:
        expected.append(at.numerator // at.denominator)
        first += 1
    assert traffic.times(Luck(0), grid, page).tolist() == expected


def test_even_arrivals_of_an_odd_rate_stay_within_their_page() -> None:
    traffic = Traffic(rate="3.3333333333/h", arrivals="even")
    grid = Grid.of(traffic, tick_us=HOUR_US)
    for page in range(-400, 400):
        times = traffic.times(Luck(0), grid, page)
        start_us, end_us = grid.bounds_us(page)
        assert len(times)
        assert times[0] >= start_us
        assert times[-1] < end_us


def test_one_request_a_day_comes_at_midnight() -> None:
    traffic = Traffic(rate="1/d", arrivals="even")
    grid = Grid.of(traffic, tick_us=DAY_US)
    times = traffic.times(Luck(0), grid, 0)
    assert np.array_equal(times, np.arange(len(times)) * DAY_US)


@pytest.mark.parametrize("per", ["7/h", "1000/h"])
def test_poisson_arrivals_match_the_rate_and_the_variance(per: str) -> None:
    traffic = Traffic(rate=per)
    grid = Grid.of(traffic, tick_us=HOUR_US)
    mean = float(rate(per)) * grid.span_us
    counts = np.array(
        [len(traffic.times(Luck(seed), grid, page)) for seed in range(30) for page in range(5)]
    )
    total = len(counts) * mean
    assert abs(counts.sum() - total) < LIMIT * np.sqrt(total)
    assert abs(counts.var() / mean - 1) < LIMIT * np.sqrt(2 / len(counts))


def test_gaps_between_poisson_arrivals_are_exponential() -> None:
    traffic = Traffic(rate="1000/h")
    grid = Grid.of(traffic, tick_us=HOUR_US)
    times = stretch(traffic, Luck(2), grid, "40h")
    gaps = np.diff(times) / 3.6e6
    assert stats.kstest(gaps, "expon").pvalue > 1e-5


def test_pages_of_arrivals_are_the_same_in_any_order() -> None:
    traffic = Traffic(rate="1000/h", daily=0.5, weekend=0.3)
    grid = Grid.of(traffic, tick_us=HOUR_US)
    luck, other = Luck(4), Luck(4)
    forth = [traffic.times(luck, grid, page) for page in range(5)]
    back = [traffic.times(other, grid, page) for page in reversed(range(5))]
    assert all(np.array_equal(a, b) for a, b in zip(forth, reversed(back), strict=True))


def test_the_day_has_its_low_at_four_and_its_high_at_sixteen() -> None:
    traffic = Traffic(rate="1000/h", daily=0.6)
    grid = Grid.of(traffic, tick_us=HOUR_US)
    times = stretch(traffic, Luck(1), grid, "40d")
    hours = np.bincount(times % DAY_US // HOUR_US, minlength=24)
    wave = 1 - 0.6 * np.cos(2 * np.pi * (np.arange(24) + 0.5 - 4) / 24)
    expected = 40_000 * wave
    assert (abs(hours - expected) < LIMIT * np.sqrt(expected)).all()
    assert abs(len(times) - 40 * 24_000) < LIMIT * np.sqrt(40 * 24_000)


def test_a_weekend_has_its_share_of_a_weekday() -> None:
    traffic = Traffic(rate="1000/h", weekend=0.25)
    grid = Grid.of(traffic, tick_us=HOUR_US)
    times = stretch(traffic, Luck(1), grid, "6w")
    days = np.bincount(times % WEEK_US // DAY_US, minlength=7)
    expected = 6 * 24_000 * np.array([1, 1, 1, 1, 1, 0.25, 0.25])
    assert (abs(days - expected) < LIMIT * np.sqrt(expected)).all()


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({"rate": "fast"}, "traffic.rate"),
        ({"arrivals": "bursty"}, "traffic.arrivals"),
        ({"daily": 1.5}, "traffic.daily"),
        ({"weekend": -1.0}, "traffic.weekend"),
        ({"arrivals": "even", "daily": 0.5}, "traffic.arrivals"),
        ({"entities": 0}, "traffic.entities"),
        ({"sources": 0}, "traffic.sources"),
    ],
)
def test_impossible_traffic_is_refused(parameters: dict[str, object], field: str) -> None:
    with pytest.raises(Mistake, match=field):
        Traffic(**parameters)  # type: ignore[arg-type]
