"""Values that do not arrive, against how many were missing in training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from strategies.monitors.monitor import Limited
from strategies.monitors.wording import listed, percent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.monitoring import Baseline, TicksSeen

    Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, repr=False)
class NullRate(Limited):
    """Alarms when more than *limit* of a column's values are missing, whatever the reason.

    The value is that of the worst column. A column that never arrived in training is not judged.

    >>> NullRate(limit=0.05, roll_back=0.5).detector
    Steps(limit=0.05, grave=0.5, side='above')
    """

    limit: float = 0.02
    window: int | str = "6h"
    name: str = "null rate"
    layer: str = "input"
    owner: str = "data"
    clock: ClassVar[str] = "tick"

    def summarise(self, seen: TicksSeen) -> Ints:
        """Count per tick the records, then the missing values of each column."""
        x, bounds = seen.wire.x, seen.bounds
        missing = np.zeros((len(bounds) - 1, x.shape[1]), dtype=np.int64)
        gaps = np.isnan(x)
        if gaps.any():
            none = np.zeros((1, x.shape[1]), dtype=np.int64)
            missing = np.diff(np.concatenate([none, gaps.cumsum(axis=0)])[bounds], axis=0)
        return np.concatenate([np.diff(bounds)[:, None], missing], axis=1)

    def judge(self, counts: Ints, baseline: Baseline) -> NDArray[np.float64]:
        """Return the largest share of missing values, NaN for too few records."""
        share = counts[:, 1:] * (baseline.count > 0) / np.maximum(counts[:, :1], 1)
        return np.where(counts[:, 0] >= self.minimum, share.max(axis=1), np.nan)

    def explain(self, counts: Ints, baseline: Baseline) -> tuple[tuple[str, ...], str]:
        """Name the columns, the worst first."""
        share = counts[1:] * (baseline.count > 0) / max(int(counts[0]), 1)
        order = np.argsort(-share, kind="stable")
        beyond = [int(j) for j in order if share[j] > self.limit] or [int(order[0])]
        numbers = listed([f"{baseline.names[j]} {percent(share[j])}" for j in beyond])
        return tuple(baseline.names[j] for j in beyond), (
            f"more than {percent(self.limit)} of the values are missing in {len(beyond)} of "
            f"{len(share)} columns: {numbers}, of {int(counts[0]):,} records {self.since}; "
            f"{self.owned}"
        )
