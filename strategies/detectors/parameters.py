"""Checks that the detectors' parameters share."""

from __future__ import annotations

from sim.errors import refuse


def whole(field: str, value: object, low: int) -> int:
    """Return *value* if it is a whole number, *low* or more."""
    if isinstance(value, bool) or not isinstance(value, int) or value < low:
        refuse(field, value, f"give a whole number, {low} or more")
    return value
