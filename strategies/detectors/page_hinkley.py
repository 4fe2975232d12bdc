"""Page-Hinkley: cumulative sums of what lies above or below the mean so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.errors import one_of, within
from strategies.detectors.parameters import whole

if TYPE_CHECKING:
    from strategies.detectors.running import Running


@dataclass(frozen=True, kw_only=True)
class PageHinkley:
    """The Page-Hinkley test, equal to `river.drift.PageHinkley`, on any real numbers.

    It is silent for *min_instances* values, forgives *delta* a value, alarms above
    *threshold*, forgets by *alpha*, and its *mode* says whether it looks `up`, `down` or
    at `both`.

    >>> detector = PageHinkley(threshold=5.0, mode="up").start()
    >>> detector.scan([0.0] * 500 + [1.0] * 500)
    505

    E. S. Page, Continuous inspection schemes, Biometrika 41, 1954.
    """

    min_instances: int = 30
    delta: float = 0.005
    threshold: float = 50.0
    alpha: float = 1 - 0.0001
    mode: str = "both"

    def __post_init__(self) -> None:
        whole("PageHinkley.min_instances", self.min_instances, 0)
        within("PageHinkley.delta", self.delta, 0, float("inf"))
        within("PageHinkley.threshold", self.threshold, 0, float("inf"))
        within("PageHinkley.alpha", self.alpha, 0, 1)
        one_of("PageHinkley.mode", self.mode, ("up", "down", "both"))

    def start(self) -> Running:
        """Return a fresh detector at work."""
        from strategies.detectors.kernels import page_hinkley
        from strategies.detectors.running import Running

        return Running(
            "PageHinkley",
            page_hinkley.scan,
            page_hinkley.SLOTS,
            float(self.min_instances),
            float(self.delta),
            float(self.threshold),
            float(self.alpha),
            self.mode != "down",
            self.mode != "up",
        )
