"""Columns that arrive as another type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.faults.feed import FeedFault
from sim.wire import MISTYPED, NULL

if TYPE_CHECKING:
    from sim.faults.scene import Hit
    from sim.wire import Wire


@dataclass(frozen=True, kw_only=True)
class TypeChange(FeedFault):
    """The columns arrive as another type, as numbers in quotes: nobody can use the values."""

    kind: ClassVar[str] = "type change"

    def strike(self, wire: Wire, hit: Hit, column: int) -> Wire:
        """Make the values unreadable; what is empty has no type."""
        rows = wire.arriving(hit.rows, column)
        if wire.state is not None:
            rows &= wire.state[:, column] != NULL
        wire.spoil(rows, column, MISTYPED)
        return wire
