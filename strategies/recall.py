"""What a strategy remembers: it holds no state, the view's history does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.facts import Routed

if TYPE_CHECKING:
    from sim.facts import Alarm
    from sim.view import View


def serving_since_us(view: View) -> int:
    """Return when the champion went into service."""
    since_us = 0
    for fact in reversed(view.history):
        if isinstance(fact, Routed):
            if fact.champion != view.route.champion:
                break
            since_us = fact.at_us
    return since_us


def open_alarm(view: View, monitor: str) -> Alarm | None:
    """Return the first alarm of *monitor* about the champion that serves now, None if none.

    A new champion answers the alarms about the one before, those raised while it was built too.
    """
    alarms = [alarm for alarm in view.all_alarms if alarm.monitor == monitor]
    if not alarms:
        return None
    since_us = serving_since_us(view)
    return next((alarm for alarm in alarms if alarm.at_us > since_us), None)


def at_rest(view: View) -> bool:
    """Say whether nothing is under way: no training, no candidate, no change of routing.

    The moment at which a training failed is no rest either: who wants another asks later.
    """
    busy = view.jobs or view.candidate or view.changing or view.reason == "training failed"
    return not busy
