"""What a team chooses: monitors, triggers, windows, gates, rollouts and presets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_PLACES = {
    "never": "strategies.presets.cadences:never",
    "scheduled": "strategies.presets.cadences:scheduled",
    "on-alarm": "strategies.presets.watching:on_alarm",
    "contract": "strategies.presets.watching:contract",
    "nobody-watching": "strategies.presets.watching:nobody_watching",
    "stage-by-stage": "strategies.presets.watching:stage_by_stage",
    "always": "strategies.presets.cadences:always",
    "weekly": "strategies.presets.cadences:weekly",
    "monthly": "strategies.presets.cadences:monthly",
    "performance": "strategies.presets.cadences:performance",
    "data": "strategies.presets.cadences:data",
    "drift": "strategies.presets.cadences:drift",
    "hybrid": "strategies.presets.cadences:hybrid",
    "cost-aware": "strategies.presets.cadences:cost_aware",
    "when-needed": "strategies.presets.maturity:when_needed",
    "unwritten": "strategies.presets.maturity:unwritten",
    "level-0": "strategies.presets.maturity:level_0",
    "level-1": "strategies.presets.maturity:level_1",
    "level-2": "strategies.presets.maturity:level_2",
    "assembly-line": "strategies.presets.organisation:assembly_line",
    "feedback-loop": "strategies.presets.organisation:feedback_loop",
    "guarded-hybrid": "strategies.presets.organisation:guarded_hybrid",
    "journey": "strategies.presets.journey:journey",
}


def catalogue() -> dict[str, Callable[..., Any]]:
    """Return what makes the strategies of driftyard, by name; a docstring begins with a line.

    >>> catalogue()["weekly"]().trigger
    OnSchedule(every='7d')
    """
    from importlib import import_module

    found = {}
    for name, place in _PLACES.items():
        module, _, attribute = place.partition(":")
        found[name] = getattr(import_module(module), attribute)
    return found
