"""Records that come more than once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.errors import refuse, whole
from sim.faults.feed import FeedFault

if TYPE_CHECKING:
    from sim.faults.scene import Hit
    from sim.wire import Wire


@dataclass(frozen=True, kw_only=True)
class Duplicates(FeedFault):
    """Records come *times* over: storage has them so often, and whoever counts what came in.

    Each request is answered once all the same: the copies are of the record, not of the user.
    """

    columns: tuple[str, ...] = ()
    times: int = 2
    kind: ClassVar[str] = "duplicates"
    whole_rows: ClassVar[bool] = True
    writes: ClassVar[bool] = False

    def __post_init__(self) -> None:
        super().__post_init__()
        whole(f"{self.label}.times", self.times, 2, 100)
        if self.columns:
            refuse(f"{self.label}.columns", self.columns, "it strikes whole records: name none")

    def apply(self, wire: Wire, hit: Hit) -> Wire:
        """Count the copies."""
        if wire.copies is None and hit.all:
            wire.copies = np.full(len(hit.rows), self.times)
        else:
            copies = np.ones(len(hit.rows), dtype=np.int64) if wire.copies is None else wire.copies
            wire.copies = np.where(hit.rows, copies * self.times, copies)
        return wire
