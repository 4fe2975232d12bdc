"""Records that storage receives in another order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim import cells
from sim.clock import positive_us
from sim.errors import one_of, refuse
from sim.faults.feed import FeedFault

if TYPE_CHECKING:
    from sim.faults.scene import Hit
    from sim.wire import Wire


@dataclass(frozen=True, kw_only=True)
class OutOfOrder(FeedFault):
    """Records reach storage up to *by* later, each after a time of its own.

    Storage takes the time of their arrival for their own: a snapshot has them in that order, so
    that the newest share of it, on which a claim is made, is not the newest.
    """

    columns: tuple[str, ...] = ()
    by: str = "6h"
    reach: str = "storage"
    kind: ClassVar[str] = "out-of-order rows"
    whole_rows: ClassVar[bool] = True
    writes: ClassVar[bool] = False

    def __post_init__(self) -> None:
        super().__post_init__()
        positive_us(self.by, f"{self.label}.by")
        one_of(f"{self.label}.reach", self.reach, ("storage",))
        if self.columns:
            refuse(f"{self.label}.columns", self.columns, "it strikes whole records: name none")

    def apply(self, wire: Wire, hit: Hit) -> Wire:
        """Let the records arrive, and be stamped, later."""
        scene = hit.scene
        coins = scene.luck.random(f"out of order:{self.label}", len(scene), scene.number)
        times_us, most_us = scene.truth.times_us, positive_us(self.by, "by") + 1
        kept_us = times_us if wire.kept_us is None else wire.kept_us
        stamp_us = times_us if wire.stamp_us is None else wire.stamp_us
        arrives_us = cells.hold_back(kept_us, stamp_us, hit.rows, coins, float(most_us))
        return wire.but(kept_us=arrives_us, stamp_us=arrives_us)
