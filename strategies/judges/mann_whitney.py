"""A rank test over entities: nobody's single outlier decides."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import Mistake, whole, within
from strategies.judges.evidence import Evidence
from strategies.judges.verdict import (
    FEWEST,
    INCONCLUSIVE,
    PROMOTE,
    ROLL_BACK,
    Verdict,
    said,
    too_few,
)

if TYPE_CHECKING:
    from strategies.judges.arm import Means
    from strategies.judges.evidence import Comparison


@dataclass(frozen=True, kw_only=True)
class MannWhitney:
    """Compare the entities' own means by rank, once *entities* have come in each arm.

    The chance that an entity of the challenger fares better than one of the champion (ties half)
    is compared with one half: significantly below it, roll back; significantly above one half
    less *margin*, promote. Both at *alpha*, one-sided, for one look. Where everybody comes once
    and outcomes are right or wrong, a margin of 0.015 is one of three points.
    """

    entities: int = 1_000
    margin: float = 0.03
    alpha: float = 0.05

    def __post_init__(self) -> None:
        whole("mann_whitney.entities", self.entities, FEWEST)
        within("mann_whitney.margin", self.margin, 0, 0.5)
        within("mann_whitney.alpha", self.alpha, 1e-12, 0.5)

    def judge(self, evidence: Comparison) -> Verdict:
        """Rank all entities and compare."""
        if not isinstance(evidence, Evidence):
            raise Mistake(
                "judge is MannWhitney(): it ranks the people of two arms within one stage; "
                "for a shadow or several stages take SequentialRatio() or ConfidenceSequence()"
            )
        if few := too_few(evidence, self.entities):
            return few
        chance, error = superiority(evidence.challenger.means, evidence.champion.means)
        reach = NormalDist().inv_cdf(1.0 - self.alpha) * error
        gap, low, high = chance - 0.5, chance - 0.5 - reach, chance - 0.5 + reach
        told = f"fares better in {chance:.1%} of pairs ({0.5 + low:.1%} to {0.5 + high:.1%})"
        answer = INCONCLUSIVE
        if high < 0.0:
            answer = ROLL_BACK
        elif low > -self.margin:
            answer = PROMOTE
        return said(answer, evidence, (gap, low, high), told)


def superiority(one: Means, other: Means) -> tuple[float, float]:
    """Return P(one > other) + ½ P(equal) over pairs, and its standard error under equality."""
    m, n = float(one.many.sum()), float(other.many.sum())
    values, place = np.unique(np.concatenate([one.value, other.value]), return_inverse=True)
    mine, theirs = (
        np.bincount(at, weights=many, minlength=len(values))
        for at, many in (
            (place[: len(one.value)], one.many),
            (place[len(one.value) :], other.many),
        )
    )
    below = np.cumsum(theirs) - theirs
    u = float(mine @ (below + theirs / 2.0))
    tied = mine + theirs
    total = m + n
    ties = float((tied**3 - tied).sum())
    variance = m * n / 12.0 * (total + 1 - ties / (total * (total - 1)))
    return u / (m * n), sqrt(max(variance, 0.0)) / (m * n)
