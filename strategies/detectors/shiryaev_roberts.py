"""Shiryaev-Roberts: likelihood ratios of a change at any time so far, summed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.errors import refuse, within
from strategies.detectors.parameters import finite, positive

if TYPE_CHECKING:
    from strategies.detectors.running import Running


@dataclass(frozen=True, kw_only=True)
class ShiryaevRoberts:
    """The Shiryaev-Roberts procedure for a Gaussian mean that shifts, on finite numbers.

    Values are standardised by *mean* and *sd*; after the change their mean is *shift*, which
    may be negative. R becomes (1 + R) times the value's likelihood ratio, and it alarms when
    R exceeds *limit*. R begins at *head_start*.

    >>> detector = ShiryaevRoberts(shift=1.0, limit=500.0).start()
    >>> detector.scan([0.0] * 100 + [2.0] * 100)
    103

    A. N. Shiryaev, On optimum methods in quickest detection problems, Theory of Probability
    and its Applications 8, 1963; S. W. Roberts, A comparison of some control chart procedures,
    Technometrics 8, 1966.
    """

    shift: float = 1.0
    limit: float = 500.0
    head_start: float = 0.0
    mean: float = 0.0
    sd: float = 1.0

    def __post_init__(self) -> None:
        finite("ShiryaevRoberts.shift", self.shift)
        if self.shift == 0:
            refuse("ShiryaevRoberts.shift", self.shift, "give a number other than 0")
        positive("ShiryaevRoberts.limit", self.limit)
        within("ShiryaevRoberts.head_start", self.head_start, 0, self.limit)
        finite("ShiryaevRoberts.mean", self.mean)
        positive("ShiryaevRoberts.sd", self.sd)

    def start(self) -> Running:
        """Return a fresh detector at work."""
        from strategies.detectors.kernels import shiryaev_roberts
        from strategies.detectors.running import Running

        return Running(
            "ShiryaevRoberts",
            shiryaev_roberts.scan,
            shiryaev_roberts.SLOTS,
            float(self.mean),
            float(self.sd),
            float(self.shift),
            float(self.limit),
            float(self.head_start),
            domain="only finite numbers",
        )
