"""What people do who look at answers: override them, hand them on, put labels right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.errors import one_of
from sim.timeline import CORRECTED, REVIEWED
from strategies.monitors.monitor import Ratio

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.monitoring import Baseline, DeskSeen

    Floats = NDArray[np.float64]

WORDS = {
    "overridden": "the share of answers that reviewers override is",
    "escalated": "the share of answers that reviewers hand on to an expert is",
    "corrected": "the share of labels that are put right later is",
}


@dataclass(frozen=True, kw_only=True, repr=False)
class ReviewShare(Ratio):
    """Alarms when reviewers do more *of* 'overridden' or 'escalated' than *limit* of their work.

    'corrected' counts labels that are put right later, whoever gave them. Where nobody reviews
    (labels.selection=Review()) or corrects there is nothing to judge.

    >>> ReviewShare(of="escalated", limit=0.05).layer
    'review'
    """

    of: str = "overridden"
    limit: float = 0.2
    window: int | str = "7d"
    name: str = ""
    layer: str = "review"
    owner: str = "model"
    clock: ClassVar[str] = "desk"
    judges: ClassVar[bool] = True

    def __post_init__(self) -> None:
        one_of("review_share.of", self.of, WORDS)
        object.__setattr__(self, "name", self.name or self.of)
        super().__post_init__()

    def summarise(self, seen: DeskSeen) -> Floats:
        """Count per tick what reviewers did, and of how many."""
        told, reviews = seen.told.reviews, seen.observed["reviews"]
        if self.of not in told:
            return np.zeros((len(reviews), 2))
        looked = seen.observed["labels"].sum(axis=1)
        if self.of != CORRECTED:
            looked = reviews[:, told.index(REVIEWED[0])]
        return np.stack([reviews[:, told.index(self.of)], looked], axis=1).astype(np.float64)

    def explain(self, counts: Floats, baseline: Baseline) -> tuple[tuple[str, ...], str]:
        """Say how many."""
        of_what = "labels" if self.of == CORRECTED else "answers looked at"
        return (), self.told(counts, WORDS[self.of], of_what)
