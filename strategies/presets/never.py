"""The strategy to which all others are compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from sim.actions import Action
    from sim.view import View


@dataclass(frozen=True, kw_only=True)
class Never:
    """Launch and leave: nothing is watched, nothing is ever rebuilt."""

    heartbeat: ClassVar[str] = "0"

    def decide(self, view: View) -> tuple[Action, ...]:
        """Do nothing."""
        return ()
