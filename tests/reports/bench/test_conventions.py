"""The published conventions give the published numbers, and show what they hide."""

from __future__ import annotations

import doctest
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from reports.bench import conventions
from reports.bench.conventions import sequential, windowed, windowed_complete

TRUTH = json.loads((Path(__file__).parents[2] / "data" / "detector_metrics.json").read_text())


def scored(case: dict[str, Any], name: str) -> dict[str, Any]:
    drifts, alarms = case["drifts"], case["alarms"]
    if name == "sequential":
        return asdict(sequential(drifts, alarms))
    score = windowed if name == "windowed" else windowed_complete
    return asdict(score(drifts, alarms, max_delay=case["max_delay"], n=case.get("n")))


EXPECTED = [
    (number, name)
    for number, case in enumerate(TRUTH["cases"])
    for name in TRUTH["conventions"]
    if name in case
]


@pytest.mark.parametrize(("number", "name"), EXPECTED)
def test_each_published_case_comes_out(number: int, name: str) -> None:
    case = TRUTH["cases"][number]
    found = scored(case, name)
    for measure, value in case[name].items():
        assert found[measure] == pytest.approx(value, abs=5e-5), measure


def test_all_three_conventions_have_cases() -> None:
    assert {name for _, name in EXPECTED} == set(TRUTH["conventions"])
    assert len(EXPECTED) == 7


def test_f1_of_a_periodic_dummy_depends_on_how_dense_drifts_are() -> None:
    n, alarms = 20_000, list(range(99, 20_000, 100))
    for drifts, expected in ((5, 0.05), (50, 0.4)):
        places = [50 + k * (n // drifts) for k in range(drifts)]
        score = windowed_complete(places, alarms, max_delay=99, n=n)
        assert score.episode_recall == 1
        assert score.f1 == pytest.approx(expected, abs=0.005)


def test_a_mean_delay_over_caught_drifts_makes_a_deaf_detector_look_fast() -> None:
    drifts = [1000 * k for k in range(1, 11)]
    deaf, slow = [1005], [drift + 200 for drift in drifts]
    assert sequential(drifts, deaf).mtd == 5
    assert sequential(drifts, slow).mtd == 200
    assert sequential(drifts, deaf).mdr == pytest.approx(0.9)
    assert sequential(drifts, slow).mdr == 0


def test_alarms_after_the_last_window_are_hidden_by_one_convention_only() -> None:
    alarms = [1010, *range(5000, 9000, 10)]
    assert windowed([1000], alarms, max_delay=100, n=9000).f1 == 1
    assert windowed_complete([1000], alarms, max_delay=100, n=9000).f1 < 0.01


def test_mean_gaps_are_null_below_two_false_alarms_and_ratios_without_their_parts() -> None:
    one_false = sequential([100], [50, 110])
    assert (one_false.mtd, one_false.mtfa, one_false.mtr) == (10, None, None)
    missed = windowed_complete([100], [10, 20, 30], max_delay=10)
    assert (missed.delay, missed.mtfa, missed.mtr, missed.mdr) == (None, 10, None, 1)


def test_an_alarm_at_the_drifts_place_is_a_detection() -> None:
    assert sequential([100], [100]).mtd == 0
    assert windowed([100], [100], max_delay=5).mdt == 0


def test_a_stream_without_drift_has_only_false_alarms() -> None:
    assert windowed([], [10, 20], max_delay=5, n=100).false_alarms_per_1000 == 0
    complete = windowed_complete([], [10, 20], max_delay=5, n=100)
    assert (complete.false_alarms_per_1000, complete.mtfa) == (20, 10)


def test_an_alarm_counts_for_the_earlier_of_two_windows() -> None:
    score = windowed([100, 150], [160, 170], max_delay=100)
    assert (score.precision, score.mdt) == (1, 60)
    assert score.recall == pytest.approx(2 / 3)


def test_drifts_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="give them in order"):
        sequential([20, 10], [])


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(conventions).failed == 0
