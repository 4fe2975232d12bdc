"""Our own way to score leaves nothing out."""

from __future__ import annotations

import numpy as np
import pytest

from reports import intervals
from reports.bench.complete import Complete, Heard, in_occurrences
from reports.intervals import Survival


def heard(*alarms: int, n: int = 1000, drifts: tuple[tuple[int, int], ...] = ()) -> Heard:
    return Heard(n, drifts, alarms)


def test_every_alarm_on_a_stream_without_drift_is_false() -> None:
    score = Complete((heard(10, 20), heard(), heard(999)))
    assert score.false == [2, 0, 1]
    assert score.false_per(1000).value == 1
    assert score.drifts == 0


def test_alarms_before_after_and_in_the_tail_are_false_and_the_first_is_the_detection() -> None:
    score = Complete((heard(100, 510, 700, 990, drifts=((500, 500),)),))
    assert score.false == [3]
    assert score.exposure == [500 + 1000 - 511]
    assert score.delay().value == 10


def test_alarms_while_a_drift_still_goes_on_are_repeats() -> None:
    score = Complete((heard(510, 550, 620, drifts=((500, 600),)),))
    assert score.false == [1]
    assert score.exposure == [500 + 400]


def test_a_missed_drift_is_open_to_the_next_and_is_censored_there() -> None:
    score = Complete((heard(710, drifts=((200, 200), (700, 700))),))
    assert score.missed.value == 0.5
    assert score.false == [0]
    assert score.exposure == [200 + 1000 - 711]
    assert score.restricted_to == 300
    assert score.restricted()[0] == pytest.approx((300 + 10) / 2)


def test_delays_of_late_labels_are_longer_in_occurrences() -> None:
    score = Complete((Heard(1000, ((500, 500),), (540,), late=100),) * 3)
    assert score.delay().value == 40
    assert in_occurrences(score.delay(), score.late).value == 140


def test_a_median_that_most_never_reach_is_infinite() -> None:
    drift = ((500, 500),)
    runs = [heard(510, drifts=drift)] * 4 + [heard(drifts=drift)] * 6
    score = Complete(tuple(runs))
    assert score.delay().value == float("inf")
    assert score.delay(0.25).value == 10
    assert score.mean_delay().value == pytest.approx((4 * 10 + 6 * 500) / 10)


def test_censored_delays_are_not_taken_for_detections() -> None:
    """Exponential delays, half of them censored early: Kaplan-Meier still finds the median."""
    luck = np.random.Generator(np.random.SFC64(1))
    true, limit = luck.exponential(100, 4000), luck.uniform(0, 200, 4000)
    curve = Survival.of(np.minimum(true, limit), true <= limit)
    found = curve.quantile(0.5)
    assert found.low < 100 * np.log(2) < found.high
    assert found.high - found.low < 12
    naive = float(np.median(true[true <= limit]))
    assert naive < found.low


def test_the_interval_of_a_median_covers_as_often_as_it_says() -> None:
    luck, covered, runs = np.random.Generator(np.random.SFC64(2)), 0, 600
    for _ in range(runs):
        true, limit = luck.exponential(100, 60), luck.uniform(0, 400, 60)
        found = Survival.of(np.minimum(true, limit), true <= limit).quantile(0.5)
        covered += found.low <= 100 * np.log(2) <= found.high
    assert abs(covered / runs - 0.95) < 4.5 * np.sqrt(0.95 * 0.05 / runs)


def test_without_censoring_quantiles_are_those_of_the_sample() -> None:
    delays = np.arange(1.0, 102.0)
    curve = Survival.of(delays, np.ones(101, dtype=bool))
    assert curve.quantile(0.5).value == 51
    assert curve.quantile(0.25).value == 26
    assert np.allclose(curve.left, 1 - np.arange(1, 102) / 101)


def test_intervals_of_means_shares_and_ratios_cover() -> None:
    luck, runs = np.random.Generator(np.random.SFC64(3)), 800
    hits = np.zeros(3)
    for _ in range(runs):
        values = luck.normal(5, 2, 12)
        found = intervals.mean(values)
        hits[0] += found.low <= 5 <= found.high
        found = intervals.share(int(luck.binomial(40, 0.1)), 40)
        hits[1] += found.low <= 0.1 <= found.high
        bottoms = luck.uniform(50, 150, 60)
        found = intervals.ratio(luck.poisson(0.03 * bottoms), bottoms)
        hits[2] += found.low <= 0.03 <= found.high
    bound = 4.5 * np.sqrt(0.95 * 0.05 / runs)
    assert abs(hits[0] / runs - 0.95) < bound
    assert hits[1] / runs > 0.95 - bound
    assert abs(hits[2] / runs - 0.95) < bound + 0.015  # linearised


def test_one_run_has_no_interval() -> None:
    assert not intervals.mean([3.0]).known
    assert not intervals.UNKNOWN.known
