"""Monitors that would hardly ever judge: so few requests fall into what they look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.clock import us
from sim.monitoring import window_ticks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.scenario import Scenario

IN_A_FILE = "say tick: {} in a scenario file"
"""How a scenario file says how long a tick is."""
ON_THE_LINE = "give --tick {}"
"""How the command line says it."""
_SPANS = ("1h", "2h", "4h", "8h", "1d", "2d", "1w", "2w", "4w")
"""Lengths of a tick, or of a window, to propose."""


def sparse(
    scenario: Scenario, monitors: Iterable[Any], *, setting: str = IN_A_FILE
) -> tuple[str, ...]:
    """Return a warning for each of *monitors* that wants more records than its window brings.

    One that looks at a window says nothing of fewer than its `minimum`. *setting* is how a longer
    tick is asked for, where the window is so many ticks.
    """
    per_us, tick_us = float(scenario.stream.traffic.per_us), us(scenario.tick)
    found: dict[str, str] = {}
    for monitor in monitors:
        wanted = getattr(monitor, "minimum", None)
        if wanted is None or getattr(monitor, "clock", "") not in ("tick", "desk"):
            continue
        window = getattr(monitor, "span", "") or monitor.window
        ticks = window_ticks(window, tick_us, f"monitor {monitor.name}.window")
        here = per_us * ticks * tick_us
        if here >= wanted:
            continue
        by_ticks = isinstance(window, int)
        parts = ticks if by_ticks else 1
        longer = next((span for span in _SPANS if per_us * us(span) * parts >= 2 * wanted), "")
        remedy = "give it a longer window"
        if longer and by_ticks:
            remedy = setting.format(longer)
        elif longer:
            remedy = f"give it {'span' if hasattr(monitor, 'span') else 'window'}={longer!r}"
        many = "a tick" if ticks == 1 else f"a run of {ticks} ticks"
        looks = f"{many} of {scenario.tick}" if by_ticks else str(window)
        found[monitor.name] = (
            f"{monitor.name} judges {wanted:,} records or more at a time, and {looks} has "
            f"{here:.1f} on average: {remedy}, or it says next to nothing"
        )
    return tuple(found.values())
