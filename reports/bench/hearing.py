"""Letting a detector hear a stream: where it alarms, with a reset after each alarm."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.chance import Luck
from sim.monitoring import running
from strategies.detectors import Level
from strategies.detectors.dummies import RunningDummy
from strategies.detectors.running import Running

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

MANY = 10**9


def alarms(detector: Any, values: Floats, *, most: int = MANY, block: int = 0) -> list[int]:
    """Return the places of the alarms, *most* of them at most.

    After an alarm the detector is as it was at the start; a dummy, which waits by its luck, goes
    on. *block* says in how large pieces the values come: 0 is all at once.
    """
    at_work: Any = detector.start() if hasattr(detector, "start") else None
    if not hasattr(at_work, "scan"):
        return _by_value(detector, values, most)
    # kernels begin anew by themselves, all but one
    alone = isinstance(at_work, RUNNING) and not isinstance(detector, Level)
    fresh = None if alone else at_work.snapshot()
    scan, found = at_work.scan, list[int]()
    size = block or max(1, len(values))
    for start in range(0, len(values), size):
        part, place = values[start : start + size], start
        while (index := scan(part)) >= 0:
            place += index + 1
            found.append(place - 1)
            if len(found) >= most:
                return found
            if fresh is not None:
                at_work.restore(fresh)
            part = part[index + 1 :]
    return found


def _by_value(detector: Any, values: Floats, most: int) -> list[int]:
    at_work: Any = running(detector, "detector")
    found: list[int] = []
    for i, value in enumerate(values.tolist()):
        at_work.update(value)
        if at_work.drift_detected:
            found.append(i)
            if len(found) >= most:
                break
            at_work = running(detector, "detector")
    return found


def seeded(detector: Any, run: int) -> Any:
    """Return *detector* with the luck of one run, if it has luck of its own."""
    if not is_dataclass(detector) or isinstance(detector, type):
        return detector
    if any(field.name == "seed" and field.init for field in fields(detector)):
        return replace(detector, seed=run)
    return detector


@dataclass(frozen=True, kw_only=True)
class Mixed:
    """Two settings of one detector in turn: at each start it is *first* with the chance *share*.

    So a rate of false alarms between those of two neighbours is reached exactly.
    """

    first: Any
    second: Any
    share: float
    seed: int = 0

    def start(self) -> RunningMixed:
        """Return a fresh one at work."""
        return RunningMixed(self)


class RunningMixed:
    """A mixture at work; the luck of its n-th cycle is a function of the seed and n."""

    def __init__(self, mixed: Mixed) -> None:
        self._mixed = mixed
        self._cycle = 0
        self._pair = [seeded(detector, mixed.seed) for detector in (mixed.first, mixed.second)]
        self._begin()

    def _begin(self) -> None:
        self._now = self._choice()
        self._at_work: Any = running(self._pair[self._now], "detector")

    def _choice(self) -> int:
        chance = Luck(self._mixed.seed).uniform("bench mixture", self._cycle)
        return 0 if chance < self._mixed.share else 1

    def scan(self, values: ArrayLike) -> int:
        """Consume *values* up to and with the first alarm; its index, or -1 for none."""
        index = _first(self._at_work, values)
        if index >= 0:
            self._cycle += 1
            self._begin()
        return index

    def snapshot(self) -> Any:
        """Return all that is needed to come back to this state."""
        return self._cycle, self._now, deepcopy(self._at_work)

    def restore(self, snapshot: Any) -> None:
        """Come back to the state of *snapshot*."""
        self._cycle, self._now, at_work = snapshot
        self._at_work = deepcopy(at_work)


def _first(at_work: Any, values: ArrayLike) -> int:
    """Return where it first alarms, -1 if it does not; what comes after is not consumed."""
    if hasattr(at_work, "scan"):
        return int(at_work.scan(values))
    for i, value in enumerate(np.asarray(values, dtype=np.float64).tolist()):
        at_work.update(value)
        if at_work.drift_detected:
            return i
    return -1


RUNNING = Running | RunningDummy | RunningMixed
"""what needs no reset from outside"""
