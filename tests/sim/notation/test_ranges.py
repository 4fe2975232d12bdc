"""Ranges against the distributions that they are named for."""

from __future__ import annotations

import re
from math import exp, log

import numpy as np
import pytest
from scipy import stats  # type: ignore[import-untyped]

from sim.chance import Luck
from sim.clock import us
from sim.errors import Mistake
from sim.notation.ranges import Range, choice, integers, loguniform, normal, parse, uniform, written

SEEDS = 4_000


def drawn(found: Range, *, seeds: int = SEEDS) -> list[float]:
    """Draw one value for each of so many seeds, as numbers."""
    values = [found.draw(Luck(seed).uniform("a range", "somewhere")) for seed in range(seeds)]
    return [float(us(v)) if isinstance(v, str) else float(v) for v in values]


@pytest.mark.parametrize(
    ("found", "law"),
    [
        (uniform(2, 5), stats.uniform(2, 3)),
        (uniform("4w", "8w"), stats.uniform(us("4w"), us("4w"))),
        (loguniform(0.001, 10), stats.loguniform(0.001, 10)),
        (normal(10, 2, 9, 15), stats.truncnorm(-0.5, 2.5, 10, 2)),
        (normal("4w", "1w", "3w", "9w"), stats.truncnorm(-1, 5, us("4w"), us("1w"))),
    ],
)  # fmt: skip
def test_a_range_draws_what_its_name_says(found: Range, law: stats.rv_continuous) -> None:
    assert stats.kstest(drawn(found), law.cdf).pvalue > 1e-5


def test_integers_and_choices_are_all_as_likely() -> None:
    dice = np.bincount(np.array(drawn(integers(1, 6)), dtype=int), minlength=7)[1:]
    assert stats.chisquare(dice).pvalue > 1e-5
    found = choice("a", 2, "3w")
    counts = dict.fromkeys(found.values, 0)
    for seed in range(SEEDS):
        counts[found.draw(Luck(seed).uniform("a range", "x"))] += 1
    assert stats.chisquare(list(counts.values())).pvalue > 1e-5


@pytest.mark.parametrize(
    "found",
    [uniform("90s", "91s"), uniform(0.1, 0.3), loguniform("1m", "3d"), normal(0, 1, -0.1, 0.1),
     uniform("10/h", "20/h"), uniform("1h", "100w"), uniform("0", "3us")],
)  # fmt: skip
def test_nothing_lies_beyond_the_ends_and_more_luck_gives_more(found: Range) -> None:
    low, high = found.values[-2:]
    values = [found.draw(share) for share in np.linspace(0, 1 - 2**-53, 101)]

    def number(value: int | float | str) -> float:
        if isinstance(value, str) and "/" in value:
            return float(value.partition("/")[0])
        return float(us(value)) if isinstance(value, str) else float(value)

    numbers = [number(value) for value in values]
    assert numbers == sorted(numbers)
    assert number(low) <= numbers[0]
    assert numbers[-1] <= number(high)
    assert all(isinstance(value, type(low)) for value in values)


def test_the_middle_is_the_median() -> None:
    assert uniform("4w", "8w").draw(0.5) == "6w"
    assert loguniform(1, 100).draw(0.5) == pytest.approx(exp(log(100) / 2), rel=1e-5)
    assert normal(5, 1, 0, 10).draw(0.5) == pytest.approx(5, abs=1e-5)


def test_a_duration_is_read_again_as_it_was_written() -> None:
    for value_us in (0, 1, 999, us("1d 12h"), us("5w 3d 4h 12m 7s") + 1001, us("1000y")):
        assert us(written(value_us)) == value_us


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("uniform(4w, 8w)", uniform("4w", "8w")),
        ("uniform( 0.5 ,1e2 )", uniform(0.5, 100.0)),
        ("choice(strict, 'a, b', 3)", choice("strict", "a, b", 3)),
        ("choice(strict, 3)", choice("strict", 3)),
        ("integers(1, 6)", integers(1, 6)),
        ("6w", None),
        ("speed (of light)", None),
        ("a story with uniform(4w, 8w) in it", None),
    ],
)
def test_a_range_is_read_as_python_would_write_it(text: str, found: Range | None) -> None:
    assert parse(text) == found


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("uniform(8w, 4w)", "smaller"),
        ("uniform(4w)", "uniform(low, high)"),
        ("uniform(4w, 8)", "durations"),
        ("uniform(1/h, 2/d)", "of one unit"),
        ("unifrom(4w, 8w)", "did you mean uniform(low, high)"),
        ("loguniform(0, 3)", "above 0"),
        ("integers(1.5, 3)", "whole numbers"),
        ("normal(0, 1, 50, 60)", "nearly nothing"),
        ("normal(0, -1, -1, 1)", "larger than 0"),
        ("normal(0, 1)", "normal(mean, deviation, low, high)"),
        ("uniform(-inf, 1e999)", "give numbers"),
    ],
)
def test_a_range_that_makes_no_sense_is_refused(text: str, told: str) -> None:
    with pytest.raises(Mistake, match=re.escape(told)):
        parse(text)
