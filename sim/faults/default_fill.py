"""Columns that hold a default instead of the value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.errors import refuse, within
from sim.faults.feed import FeedFault

if TYPE_CHECKING:
    from sim.faults.scene import Hit
    from sim.schema import Schema
    from sim.wire import Wire


@dataclass(frozen=True, kw_only=True)
class DefaultFill(FeedFault):
    """The columns hold *value* instead of what belongs there.

    None: what is usual before the launch, the mean of a number and the commonest category.
    """

    value: float | None = None
    kind: ClassVar[str] = "default fill"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.value is not None:
            within(f"{self.label}.value", self.value, -1e12, 1e12)

    def check(self, schema: Schema) -> None:
        """Refuse a *value* that no category column can hold."""
        super().check(schema)
        for name in self.columns:
            category = schema.columns[schema.names.index(name)].kind == "category"
            if category and self.value is not None and self.value != int(self.value):
                remedy = f"{name} holds categories: give a code, a whole number"
                refuse(f"{self.label}.value", self.value, remedy)

    def strike(self, wire: Wire, hit: Hit, column: int) -> Wire:
        """Fill the column, empty cells included."""
        value = self.value
        if value is None:
            known = hit.scene.memory(self)
            if column not in known:
                known[column] = self._usual(wire, hit, column)
            value = known[column]
        wire.put(hit.rows, column, np.full(len(hit.rows), value))
        return wire

    def _usual(self, wire: Wire, hit: Hit, column: int) -> float:
        """Return what is usual in the last page before day 0."""
        before = hit.scene.past(self, -1).wire.column(column)
        known = before[~np.isnan(before)]
        if not len(known):
            return 0.0
        if wire.schema.columns[column].kind == "category":
            return float(np.bincount(known.astype(np.intp)).argmax())
        return float(known.mean())
