"""How long answers take: a quantile, or the share that is too slow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.clock import positive_us, text
from sim.errors import within
from sim.queueing import bucket, quantile_ms
from strategies.monitors.monitor import Limited
from strategies.monitors.wording import percent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.monitoring import Baseline, DeskSeen

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, repr=False)
class Latency(Limited):
    """Alarms when the *quantile* of latency is above *limit*, in milliseconds.

    0.5 is the median (p50), 0.99 the slowest hundredth (p99). With *slower_than*, the value is
    instead the share of answers that took longer, and *limit* a share. Latencies are counted in
    buckets half an octave wide; a quantile is the upper edge of its bucket. Without a
    service.queue nothing waits and nothing is judged.

    >>> Latency(quantile=0.99, limit=500.0).name, Latency(slower_than="1s", limit=0.01).name
    ('latency p99', 'slower than 1s')
    """

    quantile: float = 0.99
    slower_than: str = ""
    limit: float = 1_000.0
    window: int | str = "1h"
    name: str = ""
    layer: str = "performance"
    owner: str = "platform"
    clock: ClassVar[str] = "desk"

    def __post_init__(self) -> None:
        within("latency.quantile", self.quantile, 0, 1)
        usual = f"latency p{100 * self.quantile:g}"
        if self.slower_than:
            positive_us(self.slower_than, "latency.slower_than")
            within("latency.limit", self.limit, 0, 1)
            usual = f"slower than {self.slower_than}"
        object.__setattr__(self, "name", self.name or usual)
        super().__post_init__()

    def summarise(self, seen: DeskSeen) -> Ints:
        """Count latencies per tick and bucket; one column of zeros where nothing waits."""
        counts = seen.observed["latency"]
        return counts if counts.shape[1] else np.zeros((len(counts), 1), dtype=np.int64)

    def judge(self, counts: Ints, baseline: Baseline) -> Floats:
        """Return the quantile in milliseconds or the share, NaN for too few answers."""
        values = np.array([self._value(row) for row in counts])
        return np.where(counts.sum(axis=1) >= self.minimum, values, np.nan)

    def explain(self, counts: Ints, baseline: Baseline) -> tuple[tuple[str, ...], str]:
        """Say how slow."""
        value = self._value(counts)
        said = f"{100 * self.quantile:g} % of answers take up to {text(round(value * 1000))}"
        limit = text(round(self.limit * 1000))
        if self.slower_than:
            said = f"{percent(value)} of answers take longer than {self.slower_than}"
            limit = percent(self.limit)
        return (), f"{said} (limit {limit}), of {int(counts.sum()):,} {self.since}; {self.owned}"

    def _value(self, counts: Ints) -> float:
        if not self.slower_than:
            return quantile_ms(counts, self.quantile)
        edge = int(bucket(np.array([float(positive_us(self.slower_than, "slower_than"))]))[0])
        return float(counts[edge + 1 :].sum() / max(counts.sum(), 1))
