"""What most write first: learn again every four weeks, from the outcomes that there are."""

from collections.abc import Iterator
from dataclasses import dataclass

from sim.actions import Action, Promote, Retrain
from sim.clock import days
from sim.view import View


@dataclass(frozen=True, kw_only=True)
class Mine:
    """Train every *every* on the last *window*."""

    every: str = "28d"
    window: str = "35d"
    heartbeat: str = "1d"

    def decide(self, view: View) -> Iterator[Action]:
        """Say what is to be done now."""
        if view.candidate and not view.changing:
            yield Promote(view.candidate, why="ready")
        elif not view.jobs and view.since_build >= days(self.every):
            yield Retrain(window=self.window, why="calendar")
