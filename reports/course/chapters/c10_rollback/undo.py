"""A release of one's own is bad: build another one, or configure the one before it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim.actions import Action, Promote, Retrain, Rollback
from sim.clock import days
from sim.view import View
from strategies.detectors import ADWIN
from strategies.monitors import OnErrors


@dataclass(frozen=True, kw_only=True)
class Undo:
    """Build every four weeks; at an alarm go *back* to the version before, or build again."""

    back: bool = True
    monitors: tuple[Any, ...] = (OnErrors(detector=ADWIN()),)
    heartbeat: str = "1d"

    def decide(self, view: View) -> Iterator[Action]:
        """Say what is to be done now."""
        if view.alarms and self.back:
            yield Rollback(why=view.alarms[0].text)
        elif view.candidate and not view.changing:
            yield Promote(view.candidate, why="ready")
        elif not view.jobs and (view.alarms or view.since_build >= days("28d")):
            yield Retrain(window="14d", why="alarm" if view.alarms else "calendar")
