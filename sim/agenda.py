"""simpy's event queue, with the order at one instant made explicit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import simpy

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.clock import Phase


class Agenda(simpy.Environment):
    """What is rare and has consequences: incidents, ticks, jobs, answers, changes of routing."""

    @property
    def now_us(self) -> int:
        """The present; simpy calls it a number of any kind, here it is whole microseconds."""
        return self._now  # type: ignore[return-value]

    def at(self, time_us: int, phase: Phase, call: Callable[[], None]) -> None:
        """Let *call* happen at *time_us*, in the order of *phase*."""
        event = simpy.Event(self)
        assert event.callbacks is not None
        event.callbacks.append(lambda _: call())
        event._ok, event._value = True, None
        self.schedule(event, priority=phase, delay=time_us - self._now)  # type: ignore[arg-type]

    def next_moment(self) -> int:
        """Return the moment (`sim.clock.moment`) of the next event."""
        first = self._queue[0]
        return int(first[0]) << 3 | first[1]
