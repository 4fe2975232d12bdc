"""ADWIN: a window that grows while its mean stays, and alarms when two parts of it differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.errors import within
from strategies.detectors.parameters import whole

if TYPE_CHECKING:
    from strategies.detectors.running import RunningWindow


@dataclass(frozen=True, kw_only=True)
class ADWIN:
    """Adaptive windowing, equal to `river.drift.ADWIN`, on any real numbers.

    *delta* is the significance of a cut, *clock* how many values pass between two checks,
    *max_buckets* how many buckets of one size are kept before two are merged,
    *min_window_length* the least that either side of a cut holds, and *grace_period* how
    many values arrive before the first check. After an alarm it starts from nothing, as
    River's does; the paper would keep the newer part of the window.

    >>> detector = ADWIN(delta=0.01).start()
    >>> detector.scan([0.0] * 500 + [1.0] * 500)
    511
    >>> detector.width, detector.estimation
    (128, 0.09375)

    A. Bifet and R. Gavaldà, Learning from time-changing data with adaptive windowing, SDM 2007.
    """

    delta: float = 0.002
    clock: int = 32
    max_buckets: int = 5
    min_window_length: int = 5
    grace_period: int = 10

    def __post_init__(self) -> None:
        within("ADWIN.delta", self.delta, 0, 1)
        whole("ADWIN.clock", self.clock, 1)
        # With one bucket of a size, River panics at times when it shortens its window.
        whole("ADWIN.max_buckets", self.max_buckets, 2)
        whole("ADWIN.min_window_length", self.min_window_length, 1)
        whole("ADWIN.grace_period", self.grace_period, 0)

    def start(self) -> RunningWindow:
        """Return a fresh detector at work."""
        from strategies.detectors.kernels import adwin
        from strategies.detectors.running import RunningWindow

        return RunningWindow(
            "ADWIN",
            adwin.scan,
            adwin.slots(self.max_buckets),
            float(self.delta),
            self.clock,
            self.max_buckets,
            float(self.min_window_length),
            float(self.grace_period),
        )
