"""Durations, rates, calendars: read exactly, refused by name."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import clock
from sim.clock import DAY_US, HOUR_US, WEEKDAYS, Calendar, Phase, moment, moment_us
from sim.errors import Mistake

STEADY = settings(deadline=None, derandomize=True)
UNITS = {
    "us": 1,
    "ms": 1_000,
    "s": 10**6,
    "m": 60 * 10**6,
    "min": 60 * 10**6,
    "h": 3_600 * 10**6,
    "d": 86_400 * 10**6,
    "w": 604_800 * 10**6,
    "y": 365 * 86_400 * 10**6,
}
YEAR_US = 365 * DAY_US


@given(
    st.lists(st.tuples(st.integers(0, 200), st.sampled_from(sorted(UNITS))), min_size=1, max_size=5)
)
@STEADY
def test_a_duration_is_the_sum_of_its_parts(parts: list[tuple[int, str]]) -> None:
    written = " ".join(f"{count}{unit}" for count, unit in parts)
    assert clock.us(written) == sum(count * UNITS[unit] for count, unit in parts)
    assert clock.us(written.replace(" ", "")) == clock.us(written)


@given(st.decimals(0, 1000, places=4), st.sampled_from(sorted(UNITS)))
@STEADY
def test_a_decimal_is_read_exactly_and_rounded_once(count: Any, unit: str) -> None:
    assert clock.us(f"{count:f}{unit}") == round(Fraction(count) * UNITS[unit])


@given(st.integers(HOUR_US, 100 * YEAR_US))
@STEADY
def test_a_duration_is_written_to_be_read_again_and_loses_little(value_us: int) -> None:
    back_us = clock.us(clock.text(value_us))
    assert 0 <= value_us - back_us <= value_us / 7


@given(st.integers(0, 3_000), st.integers(0, 6))
@STEADY
def test_weeks_and_days_survive_a_round_trip(weeks: int, days: int) -> None:
    value_us = (7 * weeks + days) * DAY_US
    assert clock.us(clock.text(value_us)) == value_us


@given(st.integers(1, 59), st.integers(0, 59))
@STEADY
def test_minutes_and_seconds_survive_a_round_trip(minutes: int, seconds: int) -> None:
    value_us = (60 * minutes + seconds) * 10**6
    assert clock.us(clock.text(value_us)) == value_us


def test_a_negative_time_is_written_with_its_sign() -> None:
    assert clock.text(-clock.us("29h")) == "-1d 5h"


@pytest.mark.parametrize(
    "value",
    [
        *("", "   ", "d", "3", "3 days", "1mo", "3D", "-3d", "1h30", "h1", "1e3s", "+1d", "1d -2h"),
        *(3, 1.5, None, True),
        *(["1d"], {"a": 1}, "1001y"),
    ],
)
def test_what_is_no_duration_is_refused_with_field_value_and_remedy(value: Any) -> None:
    with pytest.raises(Mistake, match=r"labels\.delay") as refusal:
        clock.us(value, "labels.delay")
    said = str(refusal.value)
    assert repr(value) in said
    assert "'36h'" in said or "1000y" in said
    assert "\n" not in said


@pytest.mark.parametrize("value", ["0", "0s", "0d 0h", "-1d"])
def test_a_positive_duration_is_longer_than_nothing(value: str) -> None:
    with pytest.raises(Mistake, match=f"scenario.tick is {re.escape(repr(value))}"):
        clock.positive_us(value, "scenario.tick")


@given(st.integers(1, 10**6), st.integers(1, 60), st.sampled_from(["s", "m", "min", "h", "d", "w"]))
@STEADY
def test_a_rate_is_exact(count: int, every: int, unit: str) -> None:
    assert clock.rate(f"{count}/{every}{unit}") == Fraction(count, every * UNITS[unit])
    assert clock.rate(f"{count} / {unit}") == Fraction(count, UNITS[unit])


@pytest.mark.parametrize(
    "value",
    [
        *("", "1000", "0/h", "-5/h", "5/y", "5 per h", "h/5", "5/h/h", 5, None),
        *("5/0h", ["5/h"]),
    ],
)
def test_what_is_no_rate_is_refused_with_field_value_and_remedy(value: Any) -> None:
    with pytest.raises(Mistake, match=r"traffic\.rate") as refusal:
        clock.rate(value, "traffic.rate")
    assert repr(value) in str(refusal.value)
    assert "'1000/h'" in str(refusal.value)


@given(
    st.integers(-YEAR_US, YEAR_US),
    st.sampled_from(list(Phase)),
    st.integers(-YEAR_US, YEAR_US),
    st.sampled_from(list(Phase)),
)
@STEADY
def test_moments_are_ordered_by_time_then_phase(a_us: int, a: Phase, b_us: int, b: Phase) -> None:
    assert (moment(a_us, a) < moment(b_us, b)) == ((a_us, a) < (b_us, b))
    assert moment_us(moment(a_us, a)) == a_us


def test_the_order_at_one_instant_is_that_of_the_definitions() -> None:
    assert [phase.name for phase in sorted(Phase)] == [
        "WORLD",
        "LABELS",
        "JOBS",
        "TICK",
        "REQUESTS",
        "LATE",
    ]


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    opens = draw(st.integers(0, 22))
    closes = draw(st.integers(opens + 1, 24))
    start = draw(st.sampled_from(WEEKDAYS))
    return Calendar(starts_on=start, opens=f"{opens}h", closes=f"{closes}h")


def is_office_hour(calendar: Calendar, time_us: int) -> bool:
    """Say it from first principles: count the days from the start, look at the clock."""
    day = time_us // DAY_US
    name = WEEKDAYS[(WEEKDAYS.index(calendar.starts_on) + day) % 7]
    hour = (time_us - day * DAY_US) / HOUR_US
    opens, closes = float(calendar.opens[:-1]), float(calendar.closes[:-1])
    return name not in ("Saturday", "Sunday") and opens <= hour < closes


@given(calendars(), st.integers(-30 * DAY_US, 400 * DAY_US))
@STEADY
def test_office_hours_are_half_open_and_exclude_weekends(calendar: Calendar, time_us: int) -> None:
    assert calendar.in_office(time_us) == is_office_hour(calendar, time_us)


@given(calendars(), st.integers(-30 * 24, 400 * 24))
@STEADY
def test_the_next_office_moment_is_the_first_one(calendar: Calendar, hour: int) -> None:
    time_us = hour * HOUR_US
    first = next(h for h in range(hour, hour + 200) if is_office_hour(calendar, h * HOUR_US))
    assert calendar.next_office_us(time_us) == first * HOUR_US


def test_people_leave_on_friday_evening_and_come_back_on_monday_morning() -> None:
    calendar = Calendar()
    friday_us = 4 * DAY_US
    assert calendar.weekday(friday_us) == "Friday"
    assert calendar.in_office(friday_us + clock.us("17h") - 1)
    assert calendar.next_office_us(friday_us + clock.us("17h")) == clock.us("1w 9h")


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({"starts_on": "monday"}, "calendar.starts_on"),
        ({"opens": "18h"}, "calendar.closes"),
        ({"closes": "25h"}, "calendar.closes"),
        ({"opens": "nine"}, "calendar.opens"),
    ],
)
def test_an_impossible_calendar_is_refused(parameters: dict[str, str], field: str) -> None:
    with pytest.raises(Mistake, match=field):
        Calendar(**parameters)
