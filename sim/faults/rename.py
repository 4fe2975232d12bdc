"""Columns that arrive under another name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.faults.feed import FeedFault
from sim.wire import ABSENT, Added, Wire

if TYPE_CHECKING:
    from sim.faults.scene import Hit


@dataclass(frozen=True, kw_only=True)
class Rename(FeedFault):
    """The columns arrive under another name: the old one with *suffix*."""

    suffix: str = "_v2"
    kind: ClassVar[str] = "rename"

    def strike(self, wire: Wire, hit: Hit, column: int) -> Wire:
        """Move the cells to an added column."""
        values = wire.take_out(hit.rows, column, ABSENT)
        return wire.plus(Added(wire.schema.names[column] + self.suffix, hit.rows, values))
