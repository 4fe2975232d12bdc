"""What an agent with few words can choose from: an action each, as it is meant at the moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.actions import (
    Archive,
    Everything,
    Fallback,
    PageOwner,
    Promote,
    Quarantine,
    Release,
    Retrain,
    Rollback,
    RolloutNote,
    Shadow,
    SinceAlarm,
)
from sim.people import OWNERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.actions import Action
    from sim.view import View

WHY = "the agent chose it"


@dataclass(frozen=True)
class Entry:
    """An entry of the menu: its *name*, and what it means at a view (None: nothing)."""

    name: str
    meant: Callable[[View], Action | None]


def _to_candidate(share: float) -> Callable[[View], Action | None]:
    def meant(view: View) -> Action | None:
        version = view.route.challenger or view.candidate
        note = None if view.route.challenger else _note(version)
        return Release(version, share, why=WHY, note=note) if version else None

    return meant


def _note(version: str) -> RolloutNote:
    """Return what an agent agrees to beforehand: no more than that it is watching."""
    return RolloutNote(
        release=version,
        success="the loss that labels tell of",
        blast_radius="the share of users that it is given",
        stop_rules="the agent withdraws it",
        fallback="the champion, which is kept",
        conditions_to_widen="the agent finds it no worse",
        owner="model",
    )


def _promote(view: View) -> Action | None:
    version = view.route.challenger or view.route.shadow or view.candidate
    return Promote(version, why=WHY) if version else None


def _since_alarm(view: View) -> Action | None:
    alarm = next(iter(view.newest_alarms), None)
    return Retrain(window=SinceAlarm(at_us=alarm.at_us), why=WHY) if alarm else None


def _quarantine(view: View) -> Action | None:
    """Quarantine what the newest alarm that names columns names."""
    for alarm in view.newest_alarms:
        if alarm.columns and len(alarm.columns) < len(view.schema.names):
            return Quarantine(alarm.columns, why=WHY)
    return None


def _shadow(view: View) -> Action | None:
    return Shadow(view.candidate, why=WHY, note=_note(view.candidate)) if view.candidate else None


def _archive(view: View) -> Action | None:
    return Archive(view.candidate, why=WHY) if view.candidate else None


def _fallback(on: bool) -> Callable[[View], Action | None]:
    def meant(view: View) -> Action | None:
        return Fallback(on, why=WHY) if view.route.fallback != on else None

    return meant


def _always(action: Action | None) -> Callable[[View], Action | None]:
    def meant(view: View) -> Action | None:
        del view
        return action

    return meant


def _end_quarantine(view: View) -> Action | None:
    return Quarantine((), why=WHY) if view.route.quarantined else None


def _call(owner: str) -> Callable[[View], Action | None]:
    def meant(view: View) -> Action | None:
        return None if owner in view.pages else PageOwner(owner, why=WHY)

    return meant


MENU = (
    Entry("wait", _always(None)),
    Entry("retrain on the last 7d", _always(Retrain("7d", why=WHY))),
    Entry("retrain on the last 30d", _always(Retrain("30d", why=WHY))),
    Entry("retrain on everything", _always(Retrain(Everything(), why=WHY))),
    Entry("retrain since the newest alarm", _since_alarm),
    Entry("let the candidate answer unseen", _shadow),
    Entry("let it answer 5 %", _to_candidate(0.05)),
    Entry("let it answer 50 %", _to_candidate(0.5)),
    Entry("promote it", _promote),
    Entry("archive it", _archive),
    Entry("roll back", _always(Rollback(why=WHY))),
    Entry("fall back", _fallback(True)),
    Entry("end the fallback", _fallback(False)),
    Entry("quarantine what the newest alarm names", _quarantine),
    Entry("end the quarantine", _end_quarantine),
    *(Entry(f"call the {owner} owner", _call(owner)) for owner in OWNERS),
)
