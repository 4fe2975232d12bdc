"""EWMA: a weighted mean that forgets, against fixed limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.errors import one_of, within
from strategies.detectors.parameters import finite, positive

if TYPE_CHECKING:
    from strategies.detectors.running import Running


@dataclass(frozen=True, kw_only=True)
class EWMA:
    """The exponentially weighted moving average chart, on finite numbers.

    Values are standardised by *mean* and *sd*; the newest has *weight*. It alarms when the
    average lies more than *width* of its own long-run standard deviations from 0, on the
    side or sides of *mode*: `up`, `down` or `both`. The average begins at *head_start*.

    >>> detector = EWMA(weight=0.1, width=2.7).start()
    >>> detector.scan([0.0] * 100 + [2.0] * 100)
    103

    S. W. Roberts, Control chart tests based on geometric moving averages, Technometrics 1, 1959.
    """

    weight: float = 0.1
    width: float = 3.0
    head_start: float = 0.0
    mean: float = 0.0
    sd: float = 1.0
    mode: str = "both"

    def __post_init__(self) -> None:
        positive("EWMA.weight", self.weight, 1)
        positive("EWMA.width", self.width)
        within("EWMA.head_start", self.head_start, -self.limit, self.limit)
        finite("EWMA.mean", self.mean)
        positive("EWMA.sd", self.sd)
        one_of("EWMA.mode", self.mode, ("up", "down", "both"))

    @property
    def limit(self) -> float:
        """The limit on the average of standardised values."""
        return float(self.width * (self.weight / (2 - self.weight)) ** 0.5)

    def start(self) -> Running:
        """Return a fresh detector at work."""
        from strategies.detectors.kernels import ewma
        from strategies.detectors.running import Running

        return Running(
            "EWMA",
            ewma.scan,
            ewma.SLOTS,
            float(self.mean),
            float(self.sd),
            float(self.weight),
            self.limit,
            float(self.head_start),
            self.mode != "down",
            self.mode != "up",
            domain="only finite numbers",
        )
