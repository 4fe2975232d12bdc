"""How often a shadow would have answered otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from strategies.monitors.monitor import Ratio

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.monitoring import Baseline, DeskSeen

    Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, repr=False)
class Disagreement(Ratio):
    """Alarms when the shadow's answers differ from what was shown in more than *limit* of cases.

    Without a shadow there is nothing to judge. Where the outcome is a number almost every answer
    differs.

    >>> Disagreement(limit=0.2).layer
    'output'
    """

    limit: float = 0.1
    window: int | str = "1d"
    name: str = "disagreement"
    layer: str = "output"
    clock: ClassVar[str] = "desk"

    def summarise(self, seen: DeskSeen) -> Floats:
        """Count per tick the shadow's answers that differ and all of them."""
        return seen.observed["shadow"][:, [1, 0]]

    def explain(self, counts: Floats, baseline: Baseline) -> tuple[tuple[str, ...], str]:
        """Say how many."""
        what = "the share in which shadow and champion disagree is"
        return (), self.told(counts, what, "answers of the shadow")
