"""Records whose cells come too late to be answered with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.clock import positive_us
from sim.faults.feed import Feed, FeedFault
from sim.wire import LATE, Added

if TYPE_CHECKING:
    from sim.faults.scene import Hit
    from sim.wire import Wire


@dataclass(frozen=True, kw_only=True)
class LateRows(FeedFault):
    """The cells of *columns* (none named: all) come *by* too late.

    The request is answered without them. Storage has the record, complete, from then on: what a
    later training learns from is not what was served.
    """

    columns: tuple[str, ...] = ()
    by: str = "6h"
    kind: ClassVar[str] = "late rows"
    whole_rows: ClassVar[bool] = True

    def __post_init__(self) -> None:
        super().__post_init__()
        positive_us(self.by, f"{self.label}.by")

    def spoil(self, feed: Feed, hit: Hit) -> Feed:
        """Take the cells from the service, and the records from storage until they come."""
        served, stored = feed
        if self.reach != "storage" and hit.all and not self.columns:
            served = served.emptied(LATE)
        elif self.reach != "storage":
            served, stored = self._apart(feed)
            served = self.apply(served, hit)
        elif stored is served:
            stored = served.beside()
        return Feed(served, stored if self.reach == "service" else self._put_off(stored, hit))

    def apply(self, wire: Wire, hit: Hit) -> Wire:
        """Take the cells away."""
        for name in self.columns or wire.schema.names:
            wire.spoil(hit.rows, wire.schema.names.index(name), LATE)
        if not self.columns and wire.added:
            kept = tuple(Added(a.name, a.rows & ~hit.rows, a.values) for a in wire.added)
            wire = wire.but(added=kept)
        return wire

    def _put_off(self, wire: Wire, hit: Hit) -> Wire:
        times_us, by_us = hit.scene.truth.times_us, positive_us(self.by, "by")
        comes_us = times_us + (by_us if hit.all else hit.rows * by_us)
        if wire.kept_us is not None:
            comes_us = np.maximum(wire.kept_us, comes_us)
        return wire.but(kept_us=comes_us)
