"""How many requests wait in line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.timeline import ARMS
from strategies.monitors.monitor import Ratio

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.monitoring import Baseline, DeskSeen

    Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, repr=False)
class QueueLength(Ratio):
    """Alarms when more than *limit* requests are in the system at a time, on average.

    By Little's law that is the time that all of them together spend there, per time. Those who
    gave up waiting count with their patience. Fewer than *minimum* milliseconds are not judged.

    >>> QueueLength(limit=5.0).owner
    'platform'
    """

    limit: float = 10.0
    minimum: int = 1
    window: int | str = "1h"
    name: str = "queue"
    layer: str = "performance"
    owner: str = "platform"
    clock: ClassVar[str] = "desk"

    def summarise(self, seen: DeskSeen) -> Floats:
        """Add up per tick the time spent waiting and answered, and the time that passed, in ms."""
        passed_ms = seen.passed_us / 1000
        if "latency" not in seen.told.vitals:
            return np.zeros((len(passed_ms), 2))
        place = seen.told.vitals.index("latency") * len(ARMS)
        spent_us = seen.observed["vital_sum"][:, place : place + len(ARMS)].sum(axis=1)
        return np.stack([spent_us / 1000, passed_ms], axis=1)

    def explain(self, counts: Floats, baseline: Baseline) -> tuple[tuple[str, ...], str]:
        """Say how many."""
        what = "the number of requests in the system is"
        return (), self.told(counts, what, "milliseconds", share=False)
