"""Chapter 2: a policy that lives through a drift."""

from collections.abc import Iterator
from dataclasses import dataclass

from sim.actions import Action, Promote, Retrain
from sim.clock import days
from sim.view import View


@dataclass(frozen=True, kw_only=True)
class Mine:
    """Rebuild now and then, and serve what is ready."""

    every: str = "7d"
    window: str = "14d"
    heartbeat: str = "1d"  # decide is called once a day, and whenever a job ends

    def decide(self, view: View) -> Iterator[Action]:
        """Say what is to be done now."""
        # TODO 1: if view.candidate (a version that is ready), and nothing is changing
        #         (view.changing), yield Promote(view.candidate, why="ready")
        # TODO 2: else, if no job runs (view.jobs) and view.since_build >= days(self.every),
        #         yield Retrain(window=self.window, why="calendar")
        yield from ()


_ = Promote, Retrain, days  # you will need them; then this line can go
