"""What many write first: it builds version after version, and nobody ever meets one."""

from collections.abc import Iterator
from dataclasses import dataclass

from sim.actions import Action, Retrain
from sim.clock import days
from sim.view import View


@dataclass(frozen=True, kw_only=True)
class Mine:
    """Rebuild every *every* on the last *window*."""

    every: str = "7d"
    window: str = "14d"
    heartbeat: str = "1d"

    def decide(self, view: View) -> Iterator[Action]:
        """Say what is to be done now."""
        if not view.jobs and view.since_build >= days(self.every):
            yield Retrain(window=self.window, why="calendar")
