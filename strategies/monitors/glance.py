"""A person who happens to look: the monitor of those who have none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.clock import us
from strategies.detectors.above import Above
from strategies.monitors.monitor import Monitor

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.monitoring import Baseline, TicksSeen


@dataclass(frozen=True, kw_only=True, repr=False)
class Glance(Monitor):
    """Alarms once, when the first tick ends at or after *at*, whatever there is to see.

    >>> Glance(at="12w").layer
    'business'
    """

    at: str = "12w"
    name: str = "glance"
    layer: str = "business"
    owner: str = "product"
    clock: ClassVar[str] = "tick"
    window: ClassVar[int] = 1
    detector: ClassVar[Above] = Above(limit=0.0)

    def __post_init__(self) -> None:
        us(self.at, "glance.at")

    def summarise(self, seen: TicksSeen) -> NDArray[np.int64]:
        """Return 1 for each tick that ends at or after *at*, else 0 (shape ticks × 1)."""
        ends_us = (seen.first_tick + np.arange(1, len(seen.bounds))) * seen.tick_us
        return (ends_us >= us(self.at)).astype(np.int64)[:, None]

    def judge(self, counts: NDArray[np.int64], baseline: Baseline) -> NDArray[np.float64]:
        """Return the counts as they are."""
        return counts[:, 0].astype(np.float64)

    def explain(self, counts: NDArray[np.int64], baseline: Baseline) -> tuple[tuple[str, ...], str]:
        """Say that somebody looked."""
        return (
            (),
            f"somebody happens to look, {self.at} after the launch; {self.owner} wants to know",
        )
