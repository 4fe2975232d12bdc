"""An asymptotic confidence sequence: an interval that holds at every look."""

from __future__ import annotations

from dataclasses import dataclass
from math import log, sqrt
from typing import TYPE_CHECKING, ClassVar

from sim.errors import whole, within
from strategies.judges.verdict import FEWEST, Verdict, decided, too_few

if TYPE_CHECKING:
    from strategies.judges.evidence import Comparison


@dataclass(frozen=True, kw_only=True)
class ConfidenceSequence:
    """Judge by an interval that covers the true difference at all looks with chance 1 - 2 alpha.

    After Waudby-Smith and others (2024): the width is tuned for about *tuned_for* entities in
    all. It waits for a hundred entities in each arm. One-sided verdicts at *alpha* each.
    """

    tuned_for: int = 2_000
    margin: float = 0.03
    alpha: float = 0.05
    anytime: ClassVar[bool] = True
    """its promise holds however often it is asked"""

    def __post_init__(self) -> None:
        whole("confidence_sequence.tuned_for", self.tuned_for, 2 * FEWEST)
        within("confidence_sequence.margin", self.margin, 0, 1e9)
        within("confidence_sequence.alpha", self.alpha, 1e-12, 0.5)

    def judge(self, evidence: Comparison) -> Verdict:
        """Say what the interval allows by now."""
        if few := too_few(evidence, FEWEST):
            return few
        count = evidence.entities
        return decided(evidence, evidence.error * sqrt(count) * self._width(count), self.margin)

    def _width(self, count: int) -> float:
        """Return the half-width after *count* entities, in standard deviations of one."""
        alpha = 2.0 * self.alpha
        spread = (-2.0 * log(alpha) + log(-2.0 * log(alpha) + 1.0)) / self.tuned_for
        scaled = count * spread
        return sqrt(2.0 * (scaled + 1.0) / (count * scaled) * log(sqrt(scaled + 1.0) / alpha))
