"""Simulated time: durations as people write them, whole microseconds inside.

A *moment* is a time and a phase in one integer, `time_us * 8 + phase`, so that the order
of things at one instant is a comparison of two numbers and never an accident of insertion.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction
from functools import lru_cache

from sim.errors import refuse

SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US
HOUR_US = 60 * MINUTE_US
DAY_US = 24 * HOUR_US
WEEK_US = 7 * DAY_US

LONGEST_US = 1000 * 365 * DAY_US

_UNITS_US = {
    "us": 1,
    "ms": 1_000,
    "s": SECOND_US,
    "m": MINUTE_US,
    "min": MINUTE_US,
    "h": HOUR_US,
    "d": DAY_US,
    "w": WEEK_US,
    "y": 365 * DAY_US,
}
_PART = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(us|ms|min|s|m|h|d|w|y)(?![a-z])")
_REMEDY = "write a duration such as '90s', '36h', '3d', '6w' or '1d 12h'"


def us(text: str, field: str = "duration") -> int:
    """Read a duration as whole microseconds; *field* is named if it cannot be read.

    >>> us("1d 12h") // HOUR_US
    36
    """
    value = _read(text) if isinstance(text, str) else None
    if value is None:
        negative = isinstance(text, str) and text.strip().startswith("-")
        refuse(field, text, f"a duration cannot be negative; {_REMEDY}" if negative else _REMEDY)
    if value > LONGEST_US:
        refuse(field, text, "nothing here lasts longer than 1,000 years (1000y)")
    return value


@lru_cache(maxsize=4096)
def _read(text: str) -> int | None:
    text = text.strip()
    if text == "0":
        return 0
    total, at = Fraction(0), 0
    while at < len(text):
        part = _PART.match(text, at)
        if part is None:
            return None
        total += Fraction(part[1]) * _UNITS_US[part[2]]
        at = part.end()
    return round(total) if at else None


def positive_us(text: str, field: str) -> int:
    """Read a duration that must be longer than nothing."""
    value = us(text, field)
    if value <= 0:
        refuse(field, text, f"it must be longer than nothing; {_REMEDY}")
    return value


def days(text: str) -> float:
    """Read a duration as days, the unit in which a `View` speaks.

    >>> days("36h")
    1.5
    """
    return us(text) / DAY_US


def text(value_us: float) -> str:
    """Write microseconds as a person would, in the two largest units.

    >>> text(us("6w"))
    '6w'
    >>> text(us("29h"))
    '1d 5h'
    """
    if value_us < 0:
        return "-" + text(-value_us)
    rest = round(value_us)
    parts: list[str] = []
    units = ("w", WEEK_US), ("d", DAY_US), ("h", HOUR_US), ("m", MINUTE_US), ("s", SECOND_US)
    for name, size in units:
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count}{name}")
        if len(parts) == 2 or (parts and not count):
            break
    if parts:
        return " ".join(parts)
    return f"{rest / 1000:g}ms" if rest else "0s"


class Phase(IntEnum):
    """What comes first at one instant; simpy's priority and the low bits of a moment."""

    WORLD = 0
    LABELS = 1
    JOBS = 2
    TICK = 3
    REQUESTS = 4
    LATE = 5
    """labels whose delay is zero: they follow the request that they belong to"""


def moment(time_us: int, phase: Phase) -> int:
    """Return the place of (*time_us*, *phase*) in the order of everything that happens."""
    return time_us << 3 | phase


def moment_us(value: int) -> int:
    """Return the time of a moment."""
    return value >> 3


NEVER = 2**63 - 1
"""The moment of what never happens, such as the arrival of a label that never comes."""

_RATE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*/\s*(\d+(?:\.\d+)?)?\s*(s|m|min|h|d|w)\s*$")


def rate(value: str, field: str = "rate") -> Fraction:
    """Read a rate such as '1000/h' as an exact number of requests a microsecond."""
    per_us = _read_rate(value) if isinstance(value, str) else None
    if per_us is None:
        refuse(field, value, "write a rate such as '1000/h' or '20/s'")
    return per_us


@lru_cache(maxsize=1024)
def _read_rate(value: str) -> Fraction | None:
    found = _RATE.match(value)
    if found is None:
        return None
    count, span_us = Fraction(found[1]), Fraction(found[2] or 1) * _UNITS_US[found[3]]
    return count / span_us if count and span_us else None


WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """Weekdays and office hours; day 0 of a year is *starts_on*."""

    starts_on: str = "Monday"
    opens: str = "9h"
    closes: str = "17h"

    def __post_init__(self) -> None:
        if self.starts_on not in WEEKDAYS:
            refuse("calendar.starts_on", self.starts_on, f"write one of {', '.join(WEEKDAYS)}")
        if not us(self.opens, "calendar.opens") < us(self.closes, "calendar.closes") <= DAY_US:
            refuse("calendar.closes", self.closes, "it must come after opens, within the day")

    def weekday(self, time_us: int) -> str:
        """Return the weekday's name at *time_us*."""
        return WEEKDAYS[(WEEKDAYS.index(self.starts_on) + time_us // DAY_US) % 7]

    def in_office(self, time_us: int) -> bool:
        """Say whether people are at their desks: office hours, Monday to Friday."""
        return self.next_office_us(time_us) == time_us

    def next_office_us(self, time_us: int) -> int:
        """Return the first office moment at or after *time_us*."""
        opens_us, closes_us = us(self.opens), us(self.closes)
        day, within_us = divmod(time_us, DAY_US)
        if within_us >= closes_us:
            day, within_us = day + 1, 0
        while self.weekday(day * DAY_US) in ("Saturday", "Sunday"):
            day, within_us = day + 1, 0
        return day * DAY_US + max(within_us, opens_us)
