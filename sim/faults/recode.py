"""Categories that come with other codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim import cells
from sim.errors import refuse
from sim.faults.feed import FeedFault

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.faults.scene import Hit
    from sim.schema import Schema
    from sim.wire import Wire


@dataclass(frozen=True, kw_only=True)
class Recode(FeedFault):
    """The categories of the columns come with each other's codes.

    *order* holds the new code of each old one; none given: a permutation by luck that moves
    every code.
    """

    order: tuple[int, ...] = ()
    takes: ClassVar[str] = "category"
    kind: ClassVar[str] = "re-coded categories"

    def __post_init__(self) -> None:
        super().__post_init__()
        if sorted(self.order) != list(range(len(self.order))):
            refuse(f"{self.label}.order", self.order, "give each code from 0 up once, as in (1, 0)")

    def check(self, schema: Schema) -> None:
        """Refuse columns that are no categories, or have more or fewer than *order* says."""
        super().check(schema)
        for name in self.columns:
            column = schema.columns[schema.names.index(name)]
            if self.order and len(self.order) != len(column.categories):
                codes = f"the {len(column.categories)} codes of {name}"
                refuse(f"{self.label}.order", self.order, f"give the new code of each of {codes}")

    def strike(self, wire: Wire, hit: Hit, column: int) -> Wire:
        """Exchange the codes; what is no agreed code stays."""
        known = hit.scene.memory(self)
        if column not in known:
            count = len(wire.schema.columns[column].categories)
            given = np.array(self.order, dtype=np.float64)
            known[column] = given if self.order else self._drawn(hit, column, count)
        cells.recode(*wire.place(column), hit.rows, known[column])
        return wire

    def _drawn(self, hit: Hit, column: int, count: int) -> NDArray[np.float64]:
        """Turn a round of all codes, in an order by luck, on by one: none keeps its place."""
        round_ = hit.scene.luck.page(f"codes of {self.label}", column).permutation(count)
        order = np.empty(count)
        order[round_] = np.roll(round_, 1)
        return order
