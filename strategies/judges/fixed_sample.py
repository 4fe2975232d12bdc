"""A test whose sample was fixed beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING

from sim.errors import whole, within
from strategies.judges.verdict import FEWEST, Verdict, decided, quantile, too_few

if TYPE_CHECKING:
    from strategies.judges.evidence import Comparison


@dataclass(frozen=True, kw_only=True)
class FixedSample:
    """One test, once *entities* have come in each arm: a z interval over entities.

    Both bounds are one-sided at *alpha*: an equal challenger is rolled back with that chance at
    most, and so is one promoted that is worse by *margin*. Its promise holds for one look, the
    first with enough entities; looking again and again breaks it.
    """

    entities: int = 1_000
    margin: float = 0.03
    alpha: float = 0.05

    def __post_init__(self) -> None:
        whole("fixed_sample.entities", self.entities, FEWEST)
        within("fixed_sample.margin", self.margin, 0, 1e9)
        within("fixed_sample.alpha", self.alpha, 1e-12, 0.5)

    def judge(self, evidence: Comparison) -> Verdict:
        """Wait for the sample, then decide."""
        if few := too_few(evidence, self.entities):
            return few
        reach = quantile(1.0 - self.alpha) * evidence.error
        return decided(evidence, reach, self.margin)


def needed(
    drop: float, base: float, *, share: float = 0.5, alpha: float = 0.05, power: float = 0.8
) -> int:
    """Return how many requests a stage needs in all to see a *drop* from *base* (one-sided).

    *share* of them meet the challenger, each from an entity of its own. With a small share the
    champion's mean is known well and the challenger's requests alone count.

    >>> round(0.01 * needed(0.03, 0.8, share=0.01), -2)
    1100.0
    """
    within("needed.drop", drop, 1e-9, base)
    normal, worse, other = NormalDist(), base - drop, share / (1.0 - share)
    usual, fallen = base * (1.0 - base), worse * (1.0 - worse)
    reach = normal.inv_cdf(1.0 - alpha) * sqrt(usual * (1.0 + other))
    reach += normal.inv_cdf(power) * sqrt(fallen + usual * other)
    return ceil((reach / drop) ** 2 / share)
