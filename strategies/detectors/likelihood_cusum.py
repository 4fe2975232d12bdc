"""LikelihoodCUSUM: the oracle, for a change that is known but for its time."""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

from sim.errors import one_of, refuse, within
from strategies.detectors.parameters import finite, positive

if TYPE_CHECKING:
    from strategies.detectors.running import Running


@dataclass(frozen=True, kw_only=True)
class LikelihoodCUSUM:
    """The log-likelihood-ratio CUSUM, of least worst-case delay when the change is known.

    With *kind* `gaussian` the mean goes from *before* to *after*, in standard deviations *sd*;
    with `bernoulli` these are error rates, and values are 0 or 1. The sum of log likelihood
    ratios, never below 0, begins at *head_start*; it alarms when it exceeds *limit*.

    >>> detector = LikelihoodCUSUM(kind="bernoulli", before=0.1, after=0.3, limit=3.6).start()
    >>> detector.scan([0] * 100 + [1] * 100)
    103

    G. V. Moustakides, Optimal stopping times for detecting changes in distributions, Annals of
    Statistics 14, 1986.
    """

    kind: str = "gaussian"
    before: float = 0.0
    after: float = 1.0
    sd: float = 1.0
    limit: float = 5.0
    head_start: float = 0.0

    def __post_init__(self) -> None:
        one_of("LikelihoodCUSUM.kind", self.kind, ("gaussian", "bernoulli"))
        for name in ("before", "after"):
            rate = finite(f"LikelihoodCUSUM.{name}", getattr(self, name))
            if self.kind == "bernoulli" and not 0 < rate < 1:
                refuse(f"LikelihoodCUSUM.{name}", rate, "give a rate between 0 and 1, not either")
        if self.before == self.after:
            refuse("LikelihoodCUSUM.after", self.after, "give another number than before")
        positive("LikelihoodCUSUM.sd", self.sd)
        positive("LikelihoodCUSUM.limit", self.limit)
        within("LikelihoodCUSUM.head_start", self.head_start, 0, self.limit)

    @property
    def slope(self) -> float:
        """How much the log likelihood ratio of a value grows with it."""
        if self.kind == "gaussian":
            return (self.after - self.before) / self.sd**2
        return log(self.after / self.before) - self.at_zero

    @property
    def at_zero(self) -> float:
        """The log likelihood ratio of the value 0."""
        if self.kind == "gaussian":
            return -(self.after - self.before) * (self.after + self.before) / (2 * self.sd**2)
        return log((1 - self.after) / (1 - self.before))

    def start(self) -> Running:
        """Return a fresh detector at work."""
        from strategies.detectors.kernels import likelihood_cusum
        from strategies.detectors.running import Running

        return Running(
            "LikelihoodCUSUM",
            likelihood_cusum.scan,
            likelihood_cusum.SLOTS,
            self.slope,
            self.at_zero,
            float(self.limit),
            float(self.head_start),
            self.kind == "bernoulli",
            domain="only 0 and 1" if self.kind == "bernoulli" else "only finite numbers",
        )
