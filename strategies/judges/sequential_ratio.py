"""The mixture sequential probability ratio test: look as often as you like."""

from __future__ import annotations

from dataclasses import dataclass
from math import log, sqrt
from typing import TYPE_CHECKING, ClassVar

from sim.errors import refuse, within
from strategies.judges.verdict import FEWEST, Verdict, decided, too_few

if TYPE_CHECKING:
    from strategies.judges.evidence import Comparison


@dataclass(frozen=True, kw_only=True)
class SequentialRatio:
    """Reject a difference when its likelihood, mixed over effects of about *effect*, is 1 / alpha.

    The interval of differences that are not rejected holds at every look at once (Johari and
    others, 2017); asymptotic, so it waits for a hundred entities in each arm. One-sided verdicts
    at *alpha* each: worse than the champion, or not worse by *margin*.
    """

    effect: float = 0.03
    margin: float = 0.03
    alpha: float = 0.05
    anytime: ClassVar[bool] = True
    """its promise holds however often it is asked"""

    def __post_init__(self) -> None:
        within("sequential_ratio.margin", self.margin, 0, 1e9)
        within("sequential_ratio.alpha", self.alpha, 1e-12, 0.5)
        if not self.effect > 0:
            refuse("sequential_ratio.effect", self.effect, "give the size that would matter")

    def judge(self, evidence: Comparison) -> Verdict:
        """Say what is not rejected by now."""
        if few := too_few(evidence, FEWEST):
            return few
        return decided(evidence, self._reach(evidence.error), self.margin)

    def _reach(self, error: float) -> float:
        """Return how far from the observed difference the mixture stays below 1 / alpha."""
        own, mixed = error * error, self.effect * self.effect
        if not own:
            return 0.0
        # the mixture over effects of both signs: a two-sided interval at 2 alpha, alpha a side
        bound = log(1.0 / (2.0 * self.alpha)) + 0.5 * log((own + mixed) / own)
        return sqrt(max(0.0, 2.0 * bound * own * (own + mixed) / mixed))
