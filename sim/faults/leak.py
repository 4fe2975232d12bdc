"""Columns that know the outcome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim import cells
from sim.errors import within
from sim.faults.feed import FeedFault

if TYPE_CHECKING:
    from sim.faults.scene import Hit
    from sim.wire import Wire


@dataclass(frozen=True, kw_only=True)
class Leak(FeedFault):
    """In storage the columns know the outcome: they were filled in after it had happened.

    The outcome, -1 for the first class to 1 for the last, times *strength* is added to a number;
    a category becomes the outcome itself. The claim of a training shines, and live, where the
    outcome is not known yet, quality falls.
    """

    strength: float = 3.0
    reach: str = "storage"
    kind: ClassVar[str] = "leak"

    def __post_init__(self) -> None:
        super().__post_init__()
        within(f"{self.label}.strength", self.strength, -1e12, 1e12)

    def strike(self, wire: Wire, hit: Hit, column: int) -> Wire:
        """Write the outcome into the cells."""
        outcome, classes = hit.scene.truth.y, hit.scene.classes
        agreed = wire.schema.columns[column]
        if agreed.kind == "category":
            wire.put(hit.rows, column, np.floor(outcome) % len(agreed.categories))
            return wire
        each, less = (2 / (classes - 1), 1.0) if classes > 1 else (1.0, 0.0)
        rows, strength = wire.arriving(hit.rows, column), float(self.strength)
        cells.lean(*wire.place(column), rows, outcome, strength * each, -strength * less)
        return wire
