"""Chapter 10: a way out that takes seconds, and a way back that needs nobody."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim.actions import Action, Fallback, PageOwner
from sim.view import View
from strategies.monitors import Contract


@dataclass(frozen=True, kw_only=True)
class Mine:
    """The rule of old answers from the first alarm on, until whoever was called has answered."""

    monitors: tuple[Any, ...] = (Contract(),)
    heartbeat: str = "1h"

    def decide(self, view: View) -> Iterator[Action]:
        """Say what is to be done now."""
        if view.alarms and not view.route.fallback:
            yield Fallback(True, why=view.alarms[0].text)
            yield PageOwner("data", why=view.alarms[0].text)
        elif view.route.fallback and not view.pages and not view.changing:
            yield Fallback(False, why="whoever was called has answered")
