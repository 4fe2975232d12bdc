"""KSWIN: the newest values against a sample of those before them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.errors import refuse, within
from strategies.detectors.parameters import whole

if TYPE_CHECKING:
    from strategies.detectors.running import Running

LARGEST = 10_000  # above it scipy no longer computes the test exactly


@dataclass(frozen=True, kw_only=True)
class KSWIN:
    """Kolmogorov-Smirnov windowing, equal to `river.drift.KSWIN` with the same *seed*.

    Among the last *window_size* values it tests the newest *stat_size* against as many drawn
    from the others, and alarms when the two-sample test's p-value is at most *alpha* and the
    distance above 0.1. After an alarm it starts from nothing, luck included, as River's does.

    >>> detector = KSWIN(alpha=0.0001, seed=42).start()
    >>> detector.scan([0.0, 1.0] * 500 + [0.0] + [1.0] * 100)
    1032

    C. Raab, M. Heusinger and F.-M. Schleif, Reactive soft prototype computing for concept
    drift streams, Neurocomputing 416, 2020.
    """

    seed: int
    alpha: float = 0.005
    window_size: int = 100
    stat_size: int = 30

    def __post_init__(self) -> None:
        whole("KSWIN.seed", self.seed, 0)
        within("KSWIN.alpha", self.alpha, 0, 1)
        whole("KSWIN.window_size", self.window_size, 2)
        whole("KSWIN.stat_size", self.stat_size, 1)
        most = min(self.window_size // 2, LARGEST)
        if self.stat_size > most:
            refuse("KSWIN.stat_size", self.stat_size, f"half the window is the most: {most}")

    def start(self) -> Running:
        """Return a fresh detector at work."""
        from strategies.detectors.kernels import kswin
        from strategies.detectors.running import Running

        return Running(
            "KSWIN",
            kswin.scan,
            kswin.slots(self.window_size),
            kswin.least_steps(float(self.alpha), self.stat_size),
            self.window_size,
            self.stat_size,
            kswin.pool_size(self.stat_size) >= self.window_size - self.stat_size,
            *kswin.first_words(self.seed),
        )
