"""One metric of one stage of a pipeline, against its own limit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from strategies.detectors import Level
from strategies.monitors.monitor import Monitor

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.monitoring import LabelsSeen


@dataclass(frozen=True, kw_only=True, repr=False)
class StageMetric(Monitor):
    """Holds the mean of a signal over the last *window* judged answers against a *limit*.

    *of* names the signal, its stage first; *side* says whether it is trouble to be 'below' the
    limit or 'above' it. Where an artifact has no signals there is nothing to watch.

    >>> StageMetric(of="ranking ndcg", limit=0.8).stage
    'ranking'
    """

    of: str
    limit: float
    side: str = "below"
    window: int = 1_000
    layer: str = "performance"
    clock: ClassVar[str] = "label"

    def __post_init__(self) -> None:
        _ = self.detector

    @property
    def name(self) -> str:
        """The signal."""
        return self.of

    @property
    def stage(self) -> str:
        """The stage whose metric it is."""
        return self.of.partition(" ")[0]

    @property
    def detector(self) -> Level:
        """The limit."""
        return Level(limit=self.limit, window=self.window, side=self.side)

    def beyond(self, value: float) -> bool:
        """Say whether a mean is beyond the limit; NaN is not."""
        return value < self.limit if self.side == "below" else value > self.limit

    def read(self, seen: LabelsSeen) -> NDArray[np.float64]:
        """Return the signal of each answer of the champion (shape n), NaN where there is none."""
        if not seen.names:
            return np.full(len(seen.arm), np.nan)
        return np.where(seen.arm == 0, seen.signal(self.of), np.nan)
