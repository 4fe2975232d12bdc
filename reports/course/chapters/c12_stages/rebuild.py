"""Rebuilds one stage of a pipeline, once."""

from collections.abc import Iterator
from dataclasses import dataclass

from sim.actions import Action, Promote, Retrain
from sim.view import View


@dataclass(frozen=True, kw_only=True)
class Rebuild:
    """Build *stage* anew on the last week in week 10, and serve it; that is all."""

    stage: str = "generation"
    heartbeat: str = "1d"

    def decide(self, view: View) -> Iterator[Action]:
        """Say what is to be done now."""
        if view.candidate and not view.changing:
            yield Promote(view.candidate, why="ready")
        elif view.now >= 70 and view.last_asked_us is None:
            yield Retrain(window="7d", stage=self.stage, why=f"it looks like {self.stage}")
