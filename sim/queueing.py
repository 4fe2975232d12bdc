"""How long answers take: requests wait in line for one server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.clock import positive_us
from sim.errors import one_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.chance import Luck

BUCKETS = 48
"""Latencies are counted in buckets that grow by half an octave, the first up to 0.1 ms."""
_FIRST_US = 100.0


@dataclass(frozen=True, kw_only=True)
class Queue:
    """One server answers request after request; each takes *mean*, exponentially spread or not.

    Whoever would wait longer than *patience* gets the fallback and leaves the line. Latency is
    measured; it does not delay what else happens in the world.
    """

    mean: str = "50ms"
    spread: str = "exponential"
    patience: str = "5s"

    def __post_init__(self) -> None:
        positive_us(self.mean, "queue.mean")
        one_of("queue.spread", self.spread, ("exponential", "constant"))
        positive_us(self.patience, "queue.patience")

    @property
    def patience_us(self) -> int:
        """How long anybody waits."""
        return positive_us(self.patience, "queue.patience")

    def work_us(self, luck: Luck, page: int, count: int) -> NDArray[np.int64]:
        """Return how long the server is busy with each request of *page* (shape n)."""
        mean_us = positive_us(self.mean, "queue.mean")
        if self.spread == "constant":
            return np.full(count, mean_us)
        work = luck.page("work", page).standard_exponential(count) * mean_us
        return np.maximum(work, 1.0).astype(np.int64)


def bucket(latency_us: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the bucket of each latency."""
    steps = np.ceil(2.0 * np.log2(np.maximum(latency_us, _FIRST_US) / _FIRST_US))
    return np.minimum(steps, BUCKETS - 1).astype(np.int64)


def quantile_ms(counts: NDArray[np.int64], share: float) -> float:
    """Return the upper edge, in milliseconds, of the bucket that holds a quantile; NaN if none."""
    total = int(counts.sum())
    if not total:
        return float("nan")
    place = int(np.searchsorted(np.cumsum(counts), share * total))
    return float(_FIRST_US * 2.0 ** (place / 2) / 1000.0)
