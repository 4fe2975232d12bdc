"""The bare threshold: what most rollout rules are."""

from __future__ import annotations

from dataclasses import dataclass

from sim.errors import whole, within
from strategies.judges.evidence import PROMOTE, ROLL_BACK, Evidence, Verdict, not_yet


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

    def judge(self, evidence: Evidence) -> Verdict:
        """Compare the means."""
        if evidence.fewest < self.entities:
            return not_yet(evidence, f"{evidence.fewest} of {self.entities} entities have come")
        gap = evidence.difference
        answer = ROLL_BACK if gap < -self.points else PROMOTE
        why = f"{gap:+.2%}, {-self.points:+.2%} is allowed"
        return Verdict(answer, gap, gap, gap, evidence.fewest, why)
