"""Checks that the detectors' parameters share."""

from __future__ import annotations

from math import inf
from sys import float_info

from sim.errors import refuse, within


def whole(field: str, value: object, low: int) -> int:
    """Return *value* if it is a whole number, *low* or more."""
    if isinstance(value, bool) or not isinstance(value, int) or value < low:
        refuse(field, value, f"give a whole number, {low} or more")
    return value


def positive(field: str, value: float, high: float = inf) -> float:
    """Return *value* if it is a finite number above 0 and not above *high*."""
    if value == 0:
        refuse(field, value, "give a number above 0")
    return within(field, value, 0, min(high, float_info.max))


def finite(field: str, value: float) -> float:
    """Return *value* if it is a finite number."""
    return within(field, value, -float_info.max, float_info.max)
