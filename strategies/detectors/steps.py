"""Steps: a limit to investigate at and another to roll back at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import one_of, refuse
from strategies.detectors.parameters import finite
from strategies.detectors.scanned import Scanned

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


@dataclass(frozen=True, kw_only=True)
class Steps:
    """Two thresholds: it alarms when a value passes *limit*, and again when it passes *grave*.

    *side* says whether it is trouble to be 'above' or 'below' them; *grave* lies further on that
    side. A value that stays beyond, or comes back from the second to the first, is the same
    trouble and raises no other alarm.

    >>> detector = Steps(limit=0.5, grave=0.8).start()
    >>> detector.scan([0.1, 0.6]), detector.scan([0.7, 0.9, 0.6]), detector.scan([0.7, 0.1])
    (1, 1, -1)
    """

    limit: float
    grave: float | None = None
    side: str = "above"

    def __post_init__(self) -> None:
        finite("Steps.limit", self.limit)
        one_of("Steps.side", self.side, ("above", "below"))
        if self.grave is not None and self.sign * (finite("Steps.grave", self.grave)) <= (
            self.sign * self.limit
        ):
            refuse("Steps.grave", self.grave, f"it must lie {self.side} the limit {self.limit:g}")

    @property
    def sign(self) -> float:
        """1 where higher is worse, -1 where lower is."""
        return 1.0 if self.side == "above" else -1.0

    def start(self) -> RunningSteps:
        """Return a fresh detector at work."""
        return RunningSteps(self)


class RunningSteps(Scanned):
    """Steps at work; it remembers on which step the last value was, and whether it alarmed."""

    __slots__ = ("_limits", "_sign", "_step")

    def __init__(self, steps: Steps) -> None:
        known = [limit for limit in (steps.limit, steps.grave) if limit is not None]
        self._sign = steps.sign
        self._limits = [steps.sign * limit for limit in known]
        self._step, self._alarmed = 0, False

    def scan(self, values: ArrayLike) -> int:
        """Consume *values* (shape n) up to and with the first alarm; its index, or -1 for none."""
        array = np.asarray(values, dtype=np.float64) * self._sign
        if not len(array):
            return -1
        steps = np.searchsorted(self._limits, array, side="left")
        before = np.concatenate([[self._step], steps[:-1]])
        rises = np.flatnonzero(steps > before)
        self._alarmed = bool(len(rises))
        found = int(rises[0]) if self._alarmed else -1
        self._step = int(steps[found])
        return found

    def snapshot(self) -> Any:
        """Return all that is needed to come back to this state."""
        return self._step, self._alarmed

    def restore(self, snapshot: Any) -> None:
        """Come back to the state of *snapshot*."""
        self._step, self._alarmed = snapshot
