"""A strategy to begin with, as `driftyard new strategy FILE` writes it."""

TEXT = '''\
"""A strategy of my own: rebuild by the calendar. Check it with `driftyard check THIS_FILE`."""

from collections.abc import Iterator
from dataclasses import dataclass

from sim.actions import Action, Promote, Retrain
from sim.clock import days
from sim.view import View


@dataclass(frozen=True, kw_only=True)  # parameters only: what happened is in the view
class Weekly:
    """Rebuild every *every* on the last *window*; serve it as soon as it is ready."""

    every: str = "7d"
    window: str = "30d"
    heartbeat: str = "1d"  # how often decide is called when nothing happens

    # monitors = (Contract(),)  # from strategies.monitors; their alarms come in view.alarms

    def decide(self, view: View) -> Iterator[Action]:
        """Say what is to be done now; called at heartbeats, alarms, and when jobs end."""
        if view.candidate and not view.changing:  # a version is ready, no change is under way
            yield Promote(view.candidate, why="ready")
        elif not view.jobs and view.since_build >= days(self.every):
            yield Retrain(window=self.window, why="calendar")
'''
"""It passes `strategies.check.check_strategy`."""
