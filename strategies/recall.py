"""What a strategy remembers: it holds no state, the view's history does."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeGuard

from sim.facts import Answered, Found

if TYPE_CHECKING:
    from sim.facts import Alarm, Fact
    from sim.view import View


def first_alarm(view: View, monitors: tuple[str, ...] = (), layer: str = "") -> Alarm | None:
    """Return the first open alarm of *monitors* and *layer* (empty: any), None if there is none.

    Open are those about the champion that serves now: a new champion answers the alarms about
    the one before, those raised while it was built too. An acknowledged alarm is open no more.
    """
    found = None
    for alarm in view.newest_alarms:
        if alarm.at_us <= view.serving_us:
            break
        counts = (not monitors or alarm.monitor in monitors) and layer in ("", alarm.layer)
        if counts and view.is_open(alarm):
            found = alarm
    return found


def open_monitors(view: View) -> tuple[str, ...]:
    """Return the monitors that have an open alarm, the newest first."""
    named: dict[str, None] = {}
    for alarm in view.newest_alarms:
        if alarm.at_us <= view.serving_us:
            break
        if view.is_open(alarm):
            named[alarm.monitor] = None
    return tuple(named)


def newest_finding(view: View) -> Found | None:
    """Return what was found last since the champion went into service, None if nothing was."""
    for fact in view.newest:
        if fact.at_us <= view.serving_us:
            break
        if isinstance(fact, Found):
            return fact
    return None


def is_repair(fact: Fact) -> TypeGuard[Answered]:
    """Say whether an owner reports that something is repaired."""
    return isinstance(fact, Answered) and "repaired" in fact.text


def open_alarm(view: View, monitor: str) -> Alarm | None:
    """Return the first open alarm of one *monitor*, None if there is none."""
    return first_alarm(view, (monitor,))


def at_rest(view: View) -> bool:
    """Say whether nothing is under way: no training, no candidate, no change of routing.

    The moment at which a training failed is no rest either: who wants another asks later.
    """
    busy = view.jobs or view.candidate or view.changing or view.reason == "training failed"
    return not busy
