"""Data that are older than agreed: too late to be answered with, or the same again and again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.clock import positive_us
from sim.wire import LATE
from strategies.monitors.monitor import Limited
from strategies.monitors.wording import listed, percent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.monitoring import Baseline, TicksSeen

    Ints = NDArray[np.int64]

PROBE, BACK = 64, 32
"""How many records of a tick are looked at for repeats, and how far back each looks."""
USUAL = 0.02
"""A column with more repeats than this in training is one that repeats itself by nature."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Freshness(Limited):
    """Alarms when more than *limit* of a column's values are stale, over the owner's *max_lag*.

    A value is stale if it came too late to be answered with, or if it is to the last digit that
    of another of the 32 records before it, as where a feed is frozen. Repeats are looked for in
    the first 64 records of a tick, and only in columns whose values hardly ever repeat in
    training. Clocks of the records themselves are not on the wire: data that are old but differ
    from each other look fresh.

    >>> Freshness(max_lag="6h").window
    '6h'
    """

    max_lag: str = "6h"
    limit: float = 0.05
    window: int | str = ""
    name: str = "freshness"
    layer: str = "input"
    owner: str = "data"
    clock: ClassVar[str] = "tick"

    def __post_init__(self) -> None:
        positive_us(self.max_lag, "freshness.max_lag")
        object.__setattr__(self, "window", self.window or self.max_lag)
        super().__post_init__()

    def summarise(self, seen: TicksSeen) -> Ints:
        """Count per tick records and probed ones, then late and repeated values by column."""
        from strategies.monitors.kernels import repeats

        wire, bounds = seen.wire, seen.bounds
        ticks, size = len(bounds) - 1, wire.x.shape[1]
        late = np.zeros((ticks, size), dtype=np.int64)
        if wire.state is not None and (wire.state == LATE).any():
            sums = np.concatenate([np.zeros((1, size)), (wire.state == LATE).cumsum(axis=0)])
            late = np.diff(sums[bounds], axis=0).astype(np.int64)
        again = np.zeros((ticks, size), dtype=np.int64)
        repeats(bounds, wire.x, seen.baseline.repeats <= USUAL, PROBE, BACK, again)
        records = np.diff(bounds)
        heads = np.stack([records, np.minimum(records, PROBE)], axis=1)
        return np.concatenate([heads, late, again], axis=1)

    def judge(self, counts: Ints, baseline: Baseline) -> NDArray[np.float64]:
        """Return the largest share of stale values, NaN for too few records."""
        enough = counts[:, 1] >= self.minimum
        return np.where(enough, self._shares(counts, baseline).max(axis=1), np.nan)

    def explain(self, counts: Ints, baseline: Baseline) -> tuple[tuple[str, ...], str]:
        """Name the columns, the worst first, and say whether they are late or repeat."""
        share = self._shares(counts[None], baseline)[0]
        order = np.argsort(-share, kind="stable")
        beyond = [int(j) for j in order if share[j] > self.limit] or [int(order[0])]
        late = int(counts[2 : 2 + len(share)][beyond].sum())
        how = "came too late to be answered with" if late else "repeat earlier ones exactly"
        numbers = listed([f"{baseline.names[j]} {percent(share[j])}" for j in beyond])
        return tuple(baseline.names[j] for j in beyond), (
            f"values {how} in {len(beyond)} of {len(share)} columns: {numbers} (limit "
            f"{percent(self.limit)}, agreed lag {self.max_lag}), of {int(counts[0]):,} records "
            f"{self.since}; {self.owned}"
        )

    def _shares(self, counts: Ints, baseline: Baseline) -> NDArray[np.float64]:
        size = len(baseline.names)
        late = counts[:, 2 : 2 + size] / np.maximum(counts[:, :1], 1)
        again = counts[:, 2 + size :] / np.maximum(counts[:, 1:2], 1)
        return np.asarray(late + again)
