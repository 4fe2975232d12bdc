"""What happens where nobody is responsible for looking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.actions import PageOwner, Promote, Retrain, Window, window
from strategies.monitors import Glance
from strategies.recall import at_rest, open_alarm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.actions import Action
    from sim.view import View


@dataclass(frozen=True, kw_only=True)
class NobodyWatching:
    """Nobody looks until somebody happens to: then everything is done at once.

    The first to see the numbers, *at* some time, pages the data owner and, in the same breath,
    retrains on the recent *window* and promotes the result, whatever feed it was trained on.
    A training that fails is asked for again at the next *heartbeat*.
    """

    at: str = "12w"
    window: Window | str | int = "30d"
    heartbeat: str = "1d"

    def __post_init__(self) -> None:
        Glance(at=self.at)
        window(self.window)

    @property
    def monitors(self) -> tuple[Glance, ...]:
        """The glance."""
        return (Glance(at=self.at),)

    def decide(self, view: View) -> Iterator[Action]:
        """After the glance: page, retrain, promote."""
        for alarm in view.alarms:
            yield PageOwner("data", why=alarm.text)
        if view.candidate and not view.changing:
            yield Promote(view.candidate, why="ready, after somebody looked")
        elif at_rest(view) and open_alarm(view, "glance"):
            yield Retrain(window=self.window, why=f"somebody looked at {self.at}")
