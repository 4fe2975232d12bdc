"""Rebuilding by the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.actions import Promote, Retrain, Window, window
from sim.clock import days, positive_us
from strategies.recall import at_rest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.actions import Action
    from sim.view import View


@dataclass(frozen=True, kw_only=True)
class Scheduled:
    """Rebuild by the calendar and serve what is ready, drift or no drift.

    Every *every* it trains on *window*: a span such as '30d', or a number of labels. A training
    that fails waits for the next turn; a turn that meets a training under way waits for its end.
    """

    every: str = "7d"
    window: Window | str | int = "30d"

    def __post_init__(self) -> None:
        positive_us(self.every, "scheduled.every")
        window(self.window)

    @property
    def heartbeat(self) -> str:
        """It looks up when it is time."""
        return self.every

    def decide(self, view: View) -> Iterator[Action]:
        """Promote what is ready, else train when it is time."""
        if view.candidate and not view.changing:
            yield Promote(view.candidate, why="ready, as scheduled")
        elif at_rest(view) and view.since_build >= days(self.every):
            yield Retrain(window=self.window, why=f"{self.every} since the last build")
