"""Above: a limit that a value crosses from below."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import within
from strategies.detectors.scanned import Scanned

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


@dataclass(frozen=True, kw_only=True)
class Above:
    """A threshold: it alarms when a value exceeds *limit* and the one before it did not.

    A value that stays above is the same trouble and raises no second alarm.

    >>> detector = Above(limit=0.5).start()
    >>> detector.scan([0.0, 0.9, 0.9, 0.1]), detector.scan([0.9, 0.1, 0.9])
    (1, 2)
    """

    limit: float

    def __post_init__(self) -> None:
        within("Above.limit", self.limit, float("-inf"), float("inf"))

    def start(self) -> RunningAbove:
        """Return a fresh detector at work."""
        return RunningAbove(self.limit)


class RunningAbove(Scanned):
    """A limit at work; it remembers whether the last value was above, and whether it alarmed."""

    __slots__ = ("_high", "_limit")

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self._high = self._alarmed = False

    def scan(self, values: ArrayLike) -> int:
        """Consume *values* (shape n) up to and with the first alarm; its index, or -1 for none."""
        high = np.asarray(values, dtype=np.float64) > self._limit
        if not len(high):
            return -1
        self._alarmed = False
        rises = high.copy()
        rises[1:] &= ~high[:-1]
        rises[0] &= not self._high
        found = int(rises.argmax())
        if rises[found]:
            self._high = self._alarmed = True
            return found
        self._high = bool(high[-1])
        return -1

    def snapshot(self) -> Any:
        """Return all that is needed to come back to this state."""
        return self._high, self._alarmed

    def restore(self, snapshot: Any) -> None:
        """Come back to the state of *snapshot*."""
        self._high, self._alarmed = snapshot
