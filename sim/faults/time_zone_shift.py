"""Times of the day that are told in another zone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim import cells
from sim.errors import refuse, within
from sim.faults.feed import FeedFault

if TYPE_CHECKING:
    from sim.faults.scene import Hit
    from sim.schema import Schema
    from sim.wire import Wire


@dataclass(frozen=True, kw_only=True)
class TimeZoneShift(FeedFault):
    """Columns that hold a time of the day are told *hours* later, in another zone.

    The day of a column goes from *low* to *high*, by default its agreed range, in whatever unit:
    beyond its end it begins anew.
    """

    hours: float = 1.0
    low: float | None = None
    high: float | None = None
    takes: ClassVar[str] = "number"
    kind: ClassVar[str] = "time-zone shift"

    def __post_init__(self) -> None:
        super().__post_init__()
        within(f"{self.label}.hours", self.hours, -24, 24)
        for name in ("low", "high"):
            end = getattr(self, name)
            if end is not None:
                within(f"{self.label}.{name}", end, -1e12, 1e12)
        if self.low is not None and self.high is not None and self.low >= self.high:
            refuse(f"{self.label}.low", self.low, f"it must be below high ({self.high:g})")

    def check(self, schema: Schema) -> None:
        """Refuse columns whose day has no beginning or no end."""
        super().check(schema)
        for name in self.columns:
            column = schema.columns[schema.names.index(name)]
            low, high = self._day(column.low, column.high)
            if not np.isfinite(low + high) or low >= high:
                remedy = "it needs a number with an agreed range, or give low=0 and high=24"
                refuse(f"{self.label}.columns", name, remedy)

    def strike(self, wire: Wire, hit: Hit, column: int) -> Wire:
        """Turn the clock."""
        agreed = wire.schema.columns[column]
        low, high = self._day(agreed.low, agreed.high)
        by = self.hours * (high - low) / 24
        cells.turn(*wire.place(column), hit.rows, by, low, high)
        return wire

    def _day(self, low: float, high: float) -> tuple[float, float]:
        return low if self.low is None else self.low, high if self.high is None else self.high
