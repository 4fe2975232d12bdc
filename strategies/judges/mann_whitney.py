"""A rank test over entities: nobody's single outlier decides."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import whole, within
from strategies.judges.evidence import Combined, Evidence, Paired
from strategies.judges.verdict import (
    FEWEST,
    INCONCLUSIVE,
    PROMOTE,
    ROLL_BACK,
    Verdict,
    quantile,
    said,
    too_few,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from strategies.judges.arm import Means
    from strategies.judges.evidence import Comparison

    Floats = NDArray[np.float64]


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
        """Rank all entities and compare; several stages each within itself, as van Elteren did.

        Of a shadow everybody met both answers, unseen: there it counts who would have fared better.
        """
        assert isinstance(evidence, Evidence | Combined | Paired)
        if few := too_few(evidence, self.entities):
            return few
        chance, error = _superior(evidence)
        reach = quantile(1.0 - self.alpha) * error
        gap, low, high = chance - 0.5, chance - 0.5 - reach, chance - 0.5 + reach
        told = f"fares better in {chance:.1%} of pairs ({0.5 + low:.1%} to {0.5 + high:.1%})"
        answer = INCONCLUSIVE
        if high < 0.0:
            answer = ROLL_BACK
        elif low > -self.margin:
            answer = PROMOTE
        return said(answer, evidence, (gap, low, high), told)


def _superior(evidence: Evidence | Combined | Paired) -> tuple[float, float]:
    """Return the chance of faring better and its error; over stages that of a stage on average."""
    if isinstance(evidence, Paired):
        return _signs(evidence.differences.means)
    if isinstance(evidence, Evidence):
        return superiority(evidence.challenger.means, evidence.champion.means)
    found = [superiority(s.challenger.means, s.champion.means) for s in evidence.parts]
    chance = sum(w * c for w, (c, _) in zip(evidence.weights, found, strict=True))
    errors = [w * e for w, (_, e) in zip(evidence.weights, found, strict=True)]
    # where people come back the stages are taken as fully alike, which can only err upwards
    return chance, sqrt(sum(e * e for e in errors)) if evidence.apart else sum(errors)


def _signs(means: Means) -> tuple[float, float]:
    """Return how many entities fare better than before, those that fare alike half; the error."""
    signs, n = np.sign(means.value), float(means.many.sum())
    mean = float(signs @ means.many) / n
    return 0.5 + mean / 2.0, sqrt((float(signs * signs @ means.many) / n - mean * mean) / n) / 2.0


def superiority(one: Means, other: Means) -> tuple[float, float]:
    """Return P(one > other) + ½ P(equal) over pairs, and its standard error under equality."""
    m, n = float(one.many.sum()), float(other.many.sum())
    mine, theirs = _aligned(one, other)
    below = np.cumsum(theirs) - theirs
    u = float(mine @ (below + theirs / 2.0))
    tied = mine + theirs
    total = m + n
    ties = float((tied**3 - tied).sum())
    variance = m * n / 12.0 * (total + 1 - ties / (total * (total - 1)))
    return u / (m * n), sqrt(max(variance, 0.0)) / (m * n)


def _aligned(one: Means, other: Means) -> tuple[Floats, Floats]:
    """Return how many of both have each value that there is, in rising order."""
    if one.value is other.value:
        return one.many, other.many
    values, place = np.unique(np.concatenate([one.value, other.value]), return_inverse=True)
    split, both = len(one.value), np.zeros((2, len(values)))
    np.add.at(both[0], place[:split], one.many)
    np.add.at(both[1], place[split:], other.many)
    return both[0], both[1]
