"""How often the champion is not sure of itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.errors import within
from strategies.monitors.by_tick import by_tick
from strategies.monitors.monitor import Ratio

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.monitoring import Baseline, DeskSeen

    Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, repr=False)
class Unsure(Ratio):
    """Alarms when more than *limit* of the champion's scores lie within *margin* of *around*.

    *around* is where a score tips from one answer to the other: 0 for log odds (logistic
    regression), 0.5 for chances. Confidence says nothing of whether an answer is right.

    >>> Unsure(margin=0.1, around=0.5, limit=0.4).name
    'unsure'
    """

    margin: float = 0.5
    around: float = 0.0
    limit: float = 0.5
    window: int | str = "1d"
    name: str = "unsure"
    layer: str = "output"
    clock: ClassVar[str] = "desk"

    def __post_init__(self) -> None:
        within("unsure.margin", self.margin, 0, 1e12)
        within("unsure.around", self.around, -1e12, 1e12)
        super().__post_init__()

    def summarise(self, seen: DeskSeen) -> Floats:
        """Count per tick the champion's scores near the edge and all of them."""
        own = seen.requests.arm == 0
        near = own & (np.abs(seen.requests.score - self.around) <= self.margin)
        return by_tick(seen.bounds, near, own)

    def explain(self, counts: Floats, baseline: Baseline) -> tuple[tuple[str, ...], str]:
        """Say how many."""
        what = f"the share of scores within {self.margin:g} of {self.around:g} is"
        return (), self.told(counts, what, "answers of the champion")
