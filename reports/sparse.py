"""Monitors that would never judge: so few requests fall into what they look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.clock import rate, us

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.scenario import Scenario

_TICKS = ("1h", "2h", "4h", "8h", "1d", "2d", "1w", "2w", "4w")
"""Lengths of a tick to propose."""


def sparse(scenario: Scenario, monitors: Iterable[Any]) -> list[str]:
    """Return a warning for each of *monitors* that wants more records than its ticks hold.

    One that judges at a tick says nothing of fewer than its `minimum` in its `window` of ticks.
    """
    per_us = float(rate(scenario.stream.traffic.rate))
    found: dict[str, str] = {}
    for monitor in monitors:
        if getattr(monitor, "clock", "") != "tick":
            continue
        wanted = getattr(monitor, "minimum", 0) / getattr(monitor, "window", 1)
        here = per_us * us(scenario.tick)
        if here >= wanted:
            continue
        longer = [tick for tick in _TICKS if per_us * us(tick) >= 2 * wanted]
        remedy = f"give --tick {longer[0]}, or it" if longer else "give it a longer window, or it"
        found[monitor.name] = (
            f"{monitor.name} judges {wanted:,.0f} records or more a tick, and one of "
            f"{scenario.tick} has {here:.1f} on average: {remedy} says next to nothing"
        )
    return list(found.values())
