"""How many requests the fallback answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.timeline import FALLBACK
from strategies.monitors.monitor import Ratio

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.monitoring import Baseline, DeskSeen

    Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, repr=False)
class FallbackRate(Ratio):
    """Alarms when the fallback answers more than *limit* of the requests.

    Broken records under a strict contract, a line that is too long, what does not answer: all
    end here. A fallback that the team has switched on itself alarms as well.

    >>> FallbackRate(limit=0.1).layer
    'output'
    """

    limit: float = 0.05
    window: int | str = "6h"
    name: str = "fallback rate"
    layer: str = "output"
    owner: str = "platform"
    clock: ClassVar[str] = "desk"

    def summarise(self, seen: DeskSeen) -> Floats:
        """Count per tick the fallback's answers and all requests."""
        count = seen.observed["count"]
        return np.stack([count[:, FALLBACK], count.sum(axis=1)], axis=1)

    def explain(self, counts: Floats, baseline: Baseline) -> tuple[tuple[str, ...], str]:
        """Say how many."""
        return (), self.told(counts, "the share that the fallback answers is", "requests")
