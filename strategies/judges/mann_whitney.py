"""A rank test over entities: nobody's single outlier decides."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import whole, within
from strategies.judges.evidence import (
    FEWEST,
    INCONCLUSIVE,
    PROMOTE,
    ROLL_BACK,
    Evidence,
    Verdict,
    not_yet,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class MannWhitney:
    """Compare the entities' own means by rank, once *entities* have come in each arm.

    The chance that an entity of the challenger fares better than one of the champion (ties half)
    is compared with one half: significantly below it, roll back; significantly above one half
    less *margin*, promote. Both at *alpha*, one-sided, for one look.
    """

    entities: int = 1_000
    margin: float = 0.03
    alpha: float = 0.05

    def __post_init__(self) -> None:
        whole("mann_whitney.entities", self.entities, FEWEST)
        within("mann_whitney.margin", self.margin, 0, 0.5)
        within("mann_whitney.alpha", self.alpha, 1e-12, 0.5)

    def judge(self, evidence: Evidence) -> Verdict:
        """Rank all entities and compare."""
        if evidence.fewest < self.entities:
            return not_yet(evidence, f"{evidence.fewest} of {self.entities} entities have come")
        arms = evidence.challenger, evidence.champion
        one, other = (arm.total / np.maximum(arm.count, 1) for arm in arms)
        chance, error = superiority(one, other)
        reach = NormalDist().inv_cdf(1.0 - self.alpha) * error
        gap, low, high = chance - 0.5, chance - 0.5 - reach, chance - 0.5 + reach
        told = f"fares better in {chance:.1%} of pairs ({0.5 + low:.1%} to {0.5 + high:.1%})"
        answer = INCONCLUSIVE
        if high < 0.0:
            answer = ROLL_BACK
        elif low > -self.margin:
            answer = PROMOTE
        return Verdict(answer, gap, low, high, evidence.fewest, told)


def superiority(one: Floats, other: Floats) -> tuple[float, float]:
    """Return P(one > other) + ½ P(equal) over pairs, and its standard error under equality."""
    both = np.concatenate([one, other])
    _, place, count = np.unique(both, return_inverse=True, return_counts=True)
    ends = np.cumsum(count)
    ranks = (ends - (count - 1) / 2.0)[place]  # ties share the mean of their ranks
    m, n = len(one), len(other)
    u = ranks[:m].sum() - m * (m + 1) / 2.0
    ties = (count.astype(np.float64) ** 3 - count).sum()
    total = m + n
    variance = m * n / 12.0 * (total + 1 - ties / (total * (total - 1)))
    return float(u / (m * n)), sqrt(max(variance, 0.0)) / (m * n)
