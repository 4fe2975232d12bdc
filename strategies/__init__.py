"""What a team chooses: monitors, triggers, windows, gates, rollouts and presets."""

from __future__ import annotations

_PLACES = {
    "never": "strategies.presets.never:Never",
    "scheduled": "strategies.presets.scheduled:Scheduled",
    "on-alarm": "strategies.presets.on_alarm:OnAlarm",
    "contract": "strategies.presets.contract:ContractGuard",
    "nobody-watching": "strategies.presets.nobody_watching:NobodyWatching",
    "stage-by-stage": "strategies.presets.stage_by_stage:StageByStage",
}


def catalogue() -> dict[str, type]:
    """Return the strategies that come with driftyard, by name; their docstrings begin with a line.

    >>> sorted(catalogue())
    ['contract', 'never', 'nobody-watching', 'on-alarm', 'scheduled', 'stage-by-stage']
    """
    from importlib import import_module

    found = {}
    for name, place in _PLACES.items():
        module, _, attribute = place.partition(":")
        found[name] = getattr(import_module(module), attribute)
    return found
