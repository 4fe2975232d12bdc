"""Dummies: detectors that look at nothing, to stand beside those that do."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, inf, log1p
from typing import TYPE_CHECKING, Any

from sim.errors import within
from strategies.detectors.parameters import whole
from strategies.detectors.scanned import Scanned

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


@dataclass(frozen=True, kw_only=True)
class Silent:
    """A dummy that never alarms.

    >>> Silent().start().scan([0, 1, 1])
    -1
    """

    def start(self) -> RunningDummy:
        """Return a fresh one at work."""
        return RunningDummy(self)

    def wait(self, nth: int) -> float:
        """Return after how many values the *nth* alarm comes."""
        return inf


@dataclass(frozen=True, kw_only=True)
class Periodic:
    """A dummy that alarms at every *every*-th value, whatever it is.

    >>> Periodic(every=100).start().scan([0] * 150)
    99
    """

    every: int = 1000

    def __post_init__(self) -> None:
        whole("Periodic.every", self.every, 1)

    def start(self) -> RunningDummy:
        """Return a fresh one at work."""
        return RunningDummy(self)

    def wait(self, nth: int) -> float:
        """Return after how many values the *nth* alarm comes."""
        return self.every


@dataclass(frozen=True, kw_only=True)
class AtRandom:
    """A dummy that alarms at each value with the chance *rate*, by the luck of *seed*.

    How long it waits for its n-th alarm is a function of the seed and n alone.

    >>> AtRandom(rate=0.01, seed=3).start().scan([0] * 1000)
    4
    """

    seed: int
    rate: float = 0.001

    def __post_init__(self) -> None:
        whole("AtRandom.seed", self.seed, 0)
        within("AtRandom.rate", self.rate, 0, 1)

    def start(self) -> RunningDummy:
        """Return a fresh one at work."""
        return RunningDummy(self)

    def wait(self, nth: int) -> float:
        """Return after how many values the *nth* alarm comes."""
        from sim.chance import Luck

        if self.rate in (0, 1):
            return 1 if self.rate else inf
        chance = Luck(self.seed).uniform("dummy alarm", nth)
        return 1 + floor(log1p(-chance) / log1p(-self.rate))


class RunningDummy(Scanned):
    """A dummy at work: it waits until its *dummy* would alarm."""

    __slots__ = ("_dummy", "_left", "_nth")

    def __init__(self, dummy: Silent | Periodic | AtRandom) -> None:
        self._dummy = dummy
        self._nth, self._left, self._alarmed = 0, dummy.wait(0), False

    def scan(self, values: ArrayLike) -> int:
        """Consume *values* (their number counts) up to and with the first alarm; -1 for none."""
        count = len(values)  # type: ignore[arg-type]
        if not count:
            return -1
        self._alarmed = self._left <= count
        if not self._alarmed:
            self._left -= count
            return -1
        index = int(self._left) - 1
        self._nth += 1
        self._left = self._dummy.wait(self._nth)
        return index

    def snapshot(self) -> Any:
        """Return all that is needed to come back to this state."""
        return self._nth, self._left, self._alarmed

    def restore(self, snapshot: Any) -> None:
        """Come back to the state of *snapshot*."""
        self._nth, self._left, self._alarmed = snapshot
