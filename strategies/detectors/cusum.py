"""CUSUM: sums of what exceeds an allowance, never below zero."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.errors import one_of, within
from strategies.detectors.parameters import finite, positive

if TYPE_CHECKING:
    from strategies.detectors.running import Running


@dataclass(frozen=True, kw_only=True)
class CUSUM:
    """The cumulative sum chart, on finite numbers.

    Values are standardised by *mean* and *sd*. Upwards the sum grows by what exceeds
    *allowance*, downwards by what falls short of its negative, neither goes below 0; it alarms
    when one exceeds *limit*. Both begin at *head_start*; *mode* is `up`, `down` or `both`.

    >>> detector = CUSUM(allowance=0.5, limit=4.0).start()
    >>> detector.scan([0.0] * 100 + [2.0] * 100)
    102

    E. S. Page, Continuous inspection schemes, Biometrika 41, 1954; J. M. Lucas and
    R. B. Crosier, Fast initial response for CUSUM quality-control schemes, Technometrics 24, 1982.
    """

    allowance: float = 0.5
    limit: float = 5.0
    head_start: float = 0.0
    mean: float = 0.0
    sd: float = 1.0
    mode: str = "both"

    def __post_init__(self) -> None:
        within("CUSUM.allowance", self.allowance, 0, float("inf"))
        positive("CUSUM.limit", self.limit)
        within("CUSUM.head_start", self.head_start, 0, self.limit)
        finite("CUSUM.mean", self.mean)
        positive("CUSUM.sd", self.sd)
        one_of("CUSUM.mode", self.mode, ("up", "down", "both"))

    def start(self) -> Running:
        """Return a fresh detector at work."""
        from strategies.detectors.kernels import cusum
        from strategies.detectors.running import Running

        return Running(
            "CUSUM",
            cusum.scan,
            cusum.SLOTS,
            float(self.mean),
            float(self.sd),
            float(self.allowance),
            float(self.limit),
            float(self.head_start),
            self.mode != "down",
            self.mode != "up",
            domain="only finite numbers",
        )
