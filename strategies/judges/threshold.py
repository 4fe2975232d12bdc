"""The bare threshold: what most rollout rules are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.errors import whole, within
from strategies.judges.verdict import PROMOTE, ROLL_BACK, Verdict, said, too_few

if TYPE_CHECKING:
    from strategies.judges.evidence import Comparison


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """Roll back if the challenger is worse by more than *points*, else promote.

    It looks at the numbers as they stand once *entities* have come in each arm. It knows no
    chance: looked at often, it rolls back good versions; on few entities, it promotes bad ones.

    >>> Threshold().points
    0.03
    """

    points: float = 0.03
    entities: int = 1

    def __post_init__(self) -> None:
        within("threshold.points", self.points, 0, 1e9)
        whole("threshold.entities", self.entities, 1)

    def judge(self, evidence: Comparison) -> Verdict:
        """Compare the means."""
        if few := too_few(evidence, self.entities):
            return few
        gap = evidence.difference
        answer = ROLL_BACK if gap < -self.points else PROMOTE
        why = f"{gap:+.2%}, {-self.points:+.2%} is allowed"
        return said(answer, evidence, (gap, gap, gap), why)
