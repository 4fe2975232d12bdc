"""Shewhart: each value by itself, against fixed limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.errors import one_of
from strategies.detectors.parameters import finite, positive

if TYPE_CHECKING:
    from strategies.detectors.running import Running


@dataclass(frozen=True, kw_only=True)
class Shewhart:
    """Shewhart's chart, on finite numbers: it alarms on a value far out, and remembers none.

    Far is more than *width* times *sd* from *mean*, on the side or sides of *mode*: `up`,
    `down` or `both`.

    >>> detector = Shewhart(width=3.0).start()
    >>> detector.scan([0.0] * 100 + [4.0])
    100

    W. A. Shewhart, Economic control of quality of manufactured product, Van Nostrand, 1931.
    """

    width: float = 3.0
    mean: float = 0.0
    sd: float = 1.0
    mode: str = "both"

    def __post_init__(self) -> None:
        positive("Shewhart.width", self.width)
        finite("Shewhart.mean", self.mean)
        positive("Shewhart.sd", self.sd)
        one_of("Shewhart.mode", self.mode, ("up", "down", "both"))

    def start(self) -> Running:
        """Return a fresh detector at work."""
        from strategies.detectors.kernels import ewma
        from strategies.detectors.running import Running

        return Running(
            "Shewhart",
            ewma.scan,
            ewma.SLOTS,
            float(self.mean),
            float(self.sd),
            1.0,
            float(self.width),
            0.0,
            self.mode != "down",
            self.mode != "up",
            domain="only finite numbers",
        )
