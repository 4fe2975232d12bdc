"""Columns that arrive in another unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim import cells
from sim.errors import within
from sim.faults.feed import FeedFault

if TYPE_CHECKING:
    from sim.faults.scene import Hit
    from sim.wire import Wire


@dataclass(frozen=True, kw_only=True)
class UnitChange(FeedFault):
    """The columns arrive in another unit: multiplied by *factor*, then *offset* is added."""

    factor: float = 1000.0
    offset: float = 0.0
    takes: ClassVar[str] = "number"
    kind: ClassVar[str] = "unit change"

    def __post_init__(self) -> None:
        super().__post_init__()
        within(f"{self.label}.factor", self.factor, -1e12, 1e12)
        within(f"{self.label}.offset", self.offset, -1e12, 1e12)

    def strike(self, wire: Wire, hit: Hit, column: int) -> Wire:
        """Rescale the cells."""
        cells.rescale(*wire.place(column), hit.rows, float(self.factor), float(self.offset))
        return wire
