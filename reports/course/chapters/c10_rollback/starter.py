"""Chapter 10: a way out, and a way back."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim.actions import Action, Fallback, PageOwner
from sim.view import View
from strategies.monitors import Contract


@dataclass(frozen=True, kw_only=True)
class Mine:
    """Call the owner of the feed at an alarm."""

    monitors: tuple[Any, ...] = (Contract(),)
    heartbeat: str = "1h"  # decide is called every hour, and whenever something happens

    def decide(self, view: View) -> Iterator[Action]:
        """Say what is to be done now."""
        if view.alarms:
            yield PageOwner("data", why=view.alarms[0].text)
            # TODO 1: what mends it until Monday, in seconds? yield Fallback(True, why="…")
        # TODO 2: and when is it over? yield Fallback(False, why="…")


_ = Fallback  # you will need it; then this line can go
