"""Reference years: what else has to be played to say what a year was worth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.actions import Balanced, Everything, Last, Weighted
from strategies.windows import Expanding, LastRecords, LastSpan

if TYPE_CHECKING:
    from collections.abc import Callable

    from reports.folder import Recipe
    from sim.ledger import Ledger
    from sim.workshop import Fits

USUAL = "30d"
"""The window of a strategy that has none of its own."""


def windows(strategy: Any) -> tuple[Any, ...]:
    """Return the windows that a strategy trains on, as far as they do not hang on the moment.

    >>> from strategies.presets.scheduled import Scheduled
    >>> windows(Scheduled(window="14d"))
    ('14d',)
    """
    own = getattr(strategy, "window", USUAL)
    if isinstance(own, LastRecords):
        own = own.records
    elif isinstance(own, LastSpan):
        own = own.span
    elif isinstance(own, Expanding):
        own = Everything()
    fixed = isinstance(own, str | int | Last | Everything | Weighted | Balanced)
    return (own,) if fixed else (USUAL,)


def hindsight(
    recipe: Recipe, *, fits: Fits | None = None, progress: Callable[[float], None] | None = None
) -> Ledger | None:
    """Return the best schedule of builds for the windows of a strategy; None if it is unknown."""
    from sim import hindsight as planning

    scenario = recipe.scenario.value
    if planning.unknown(scenario):
        return None
    found = planning.hindsight(
        scenario,
        seed=recipe.seed,
        windows=windows(recipe.strategy.value),
        fits=fits,
        progress=progress,
    )
    return recipe.sign(found)
