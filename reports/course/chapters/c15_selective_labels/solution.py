"""Chapter 15: a few of those who are refused get their loan all the same."""

from collections.abc import Iterator
from dataclasses import dataclass

from sim.actions import Action, AskForLabels, Promote, Retrain
from sim.clock import days
from sim.view import View


@dataclass(frozen=True, kw_only=True)
class Mine:
    """Train every *every* on the last *window*, and find out how a *share* of all turn out."""

    every: str = "28d"
    window: str = "35d"
    share: float = 0.1
    heartbeat: str = "7d"

    def decide(self, view: View) -> Iterator[Action]:
        """Say what is to be done now."""
        if view.reason == "heartbeat":
            yield AskForLabels(share=self.share, last="7d", why="we only see whom we accept")
        if view.candidate and not view.changing:
            yield Promote(view.candidate, why="ready")
        elif not view.jobs and view.since_build >= days(self.every):
            yield Retrain(window=self.window, why="calendar")
