"""Columns that no longer arrive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.faults.feed import FeedFault
from sim.wire import ABSENT

if TYPE_CHECKING:
    from sim.faults.scene import Hit
    from sim.wire import Wire


@dataclass(frozen=True, kw_only=True)
class Drop(FeedFault):
    """The columns no longer arrive."""

    kind: ClassVar[str] = "drop"

    def strike(self, wire: Wire, hit: Hit, column: int) -> Wire:
        """Take the cells away."""
        wire.spoil(hit.rows, column, ABSENT)
        return wire
