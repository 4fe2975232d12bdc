"""Columns that arrive empty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.faults.feed import FeedFault
from sim.wire import NULL

if TYPE_CHECKING:
    from sim.faults.scene import Hit
    from sim.wire import Wire


@dataclass(frozen=True, kw_only=True)
class NullBurst(FeedFault):
    """The columns arrive empty."""

    kind: ClassVar[str] = "null burst"

    def strike(self, wire: Wire, hit: Hit, column: int) -> Wire:
        """Empty the cells that arrive."""
        wire.spoil(wire.arriving(hit.rows, column), column, NULL)
        return wire
