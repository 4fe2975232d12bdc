"""simpy's event queue, with the order at one instant made explicit."""

from __future__ import annotations

from heapq import heappush
from typing import TYPE_CHECKING, Any

import simpy

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.clock import Phase


class _Call:
    """An event, as far as simpy's queue asks: it has happened, and this is to be called."""

    __slots__ = ("callbacks",)
    _ok = True

    def __init__(self, call: Callable[[], None]) -> None:
        self.callbacks: Any = (lambda _: call(),)


class Agenda(simpy.Environment):
    """What is rare and has consequences: incidents, ticks, jobs, answers, changes of routing."""

    @property
    def now_us(self) -> int:
        """The present; simpy calls it a number of any kind, here it is whole microseconds."""
        return self._now  # type: ignore[return-value]

    def at(self, time_us: int, phase: Phase, call: Callable[[], None]) -> None:
        """Let *call* happen at *time_us*, in the order of *phase*."""
        entry: Any = (time_us, int(phase), next(self._eid), _Call(call))
        heappush(self._queue, entry)

    def clear(self) -> None:
        """Let nothing happen any more."""
        self._queue.clear()

    def next_moment(self) -> int:
        """Return the moment (`sim.clock.moment`) of the next event."""
        first = self._queue[0]
        return int(first[0]) << 3 | first[1]
