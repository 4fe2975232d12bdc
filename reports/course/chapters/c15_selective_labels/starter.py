"""Chapter 15: a bank that also learns from those whom it refuses."""

from collections.abc import Iterator
from dataclasses import dataclass

from sim.actions import Action, AskForLabels, Promote, Retrain
from sim.clock import days
from sim.view import View


@dataclass(frozen=True, kw_only=True)
class Mine:
    """Train every *every* on the last *window*."""

    every: str = "28d"
    window: str = "35d"
    heartbeat: str = "7d"  # decide is called once a week, and whenever something ends

    def decide(self, view: View) -> Iterator[Action]:
        """Say what is to be done now."""
        # TODO: if view.reason == "heartbeat": yield AskForLabels(share=…, last="7d", why="…").
        #       Of that share of all answers in the next week, the refused ones too, people find
        #       out the outcome. It costs 0.20 EUR each; an error costs 1 EUR. How large a share?
        if view.candidate and not view.changing:
            yield Promote(view.candidate, why="ready")
        elif not view.jobs and view.since_build >= days(self.every):
            yield Retrain(window=self.window, why="calendar")


_ = AskForLabels  # you will need it; then this line can go
