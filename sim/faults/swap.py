"""Columns that arrive in each other's place."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

from sim import cells
from sim.errors import refuse
from sim.faults.feed import FeedFault

if TYPE_CHECKING:
    from sim.faults.scene import Hit
    from sim.wire import Wire


@dataclass(frozen=True, kw_only=True)
class Swap(FeedFault):
    """Each of the columns arrives in the place of the one before it, the first in the last's."""

    kind: ClassVar[str] = "swapped columns"

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(set(self.columns)) != len(self.columns) or len(self.columns) < 2:
            refuse(f"{self.label}.columns", self.columns, "name two columns or more, each once")

    def apply(self, wire: Wire, hit: Hit) -> Wire:
        """Move the cells, with all that is wrong with them."""
        places = [wire.schema.names.index(name) for name in self.columns]
        for place, following in pairwise(places):
            cells.swap(*wire.place(place), *wire.place(following), hit.rows)
            if wire.state is not None:
                cells.swap(wire.state, place, wire.state, following, hit.rows)
        return wire
