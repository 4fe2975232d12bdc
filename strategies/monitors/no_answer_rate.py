"""How many requests get no answer at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.timeline import ERROR
from strategies.monitors.monitor import Ratio

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.monitoring import Baseline, DeskSeen

    Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, repr=False)
class NoAnswerRate(Ratio):
    """Alarms when more than *limit* of the requests get no answer: an error, an outage.

    >>> NoAnswerRate().owner
    'platform'
    """

    limit: float = 0.01
    window: int | str = "1h"
    name: str = "no-answer rate"
    layer: str = "performance"
    owner: str = "platform"
    clock: ClassVar[str] = "desk"

    def summarise(self, seen: DeskSeen) -> Floats:
        """Count per tick the requests without answer and all requests."""
        count = seen.observed["count"]
        return np.stack([count[:, ERROR], count.sum(axis=1)], axis=1)

    def explain(self, counts: Floats, baseline: Baseline) -> tuple[tuple[str, ...], str]:
        """Say how many."""
        return (), self.told(counts, "the share that gets no answer is", "requests")
