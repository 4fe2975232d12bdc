"""Columns that nobody agreed on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.errors import refuse
from sim.faults.feed import FeedFault
from sim.wire import Added

if TYPE_CHECKING:
    from sim.faults.scene import Hit
    from sim.schema import Schema
    from sim.wire import Wire


@dataclass(frozen=True, kw_only=True)
class AddedColumn(FeedFault):
    """The *columns*, which nobody agreed on, arrive as well, with numbers that mean nothing."""

    columns: tuple[str, ...] = ("extra",)
    kind: ClassVar[str] = "added column"
    writes: ClassVar[bool] = False

    def check(self, schema: Schema) -> None:
        """Refuse columns that *schema* has already."""
        for name in self.columns:
            if name in schema.names:
                refuse(f"{self.label}.columns", name, "it was agreed on; name one that is new")

    def apply(self, wire: Wire, hit: Hit) -> Wire:
        """Add the columns."""
        scene, count = hit.scene, len(hit.rows)
        shape = len(self.columns), count
        luck = scene.luck.random(f"added:{self.label}", shape, scene.number)
        luck -= 0.5
        for name, values in zip(self.columns, luck, strict=True):
            if not hit.all:
                values[~hit.rows] = np.nan
            wire = wire.plus(Added(name, hit.rows, values))
        return wire
