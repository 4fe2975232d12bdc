"""A run beside its calm twin, tick by tick, as far as both went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.facts import WINDOW_REQUESTS, WINDOW_US, Stopped

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.ledger import Ledger

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Paired:
    """Running sums up to each tick's start (shape ticks + 1): requests and excess loss.

    Excess is what the run lost above its ideal, less what its calm twin lost above its own.
    """

    tick_us: int
    requests: Ints
    excess: Floats

    @property
    def ticks(self) -> int:
        """How many whole ticks both runs served."""
        return len(self.requests) - 1

    @property
    def end_us(self) -> int:
        """Where the comparison ends."""
        return self.ticks * self.tick_us

    def windows(self) -> tuple[Ints, NDArray[np.bool_]]:
        """Return where the window that starts at each tick ends, and whether it is whole.

        A window lasts a day, or longer if 5,000 requests take longer.
        """
        starts = np.arange(self.ticks)
        by_time = starts + -(-WINDOW_US // self.tick_us)
        by_count = np.searchsorted(self.requests, self.requests[:-1] + WINDOW_REQUESTS)
        ends = np.maximum(by_time, by_count)
        return np.minimum(ends, self.ticks), ends <= self.ticks

    def means(self, ends: Ints) -> Floats:
        """Return the mean excess from each tick's start to tick *ends* (shape ticks)."""
        count = self.requests[ends] - self.requests[:-1]
        return np.asarray((self.excess[ends] - self.excess[:-1]) / np.maximum(count, 1))


def ended_us(run: Ledger) -> int:
    """Return when a run ended: at its horizon, or where it was stopped."""
    stops = run.of(Stopped)
    return stops[0].at_us if stops else len(run.timeline) * run.timeline.tick_us


def shared_ticks(run: Ledger, calm: Ledger) -> int:
    """Return how many whole ticks both runs served."""
    assert run.timeline.tick_us == calm.timeline.tick_us, "a run and its twin tick alike"
    return min(ended_us(run), ended_us(calm)) // run.timeline.tick_us


def pair(run: Ledger, calm: Ledger) -> Paired:
    """Put a run beside its calm twin."""
    ticks = shared_ticks(run, calm)
    count = run.timeline.count[:ticks].sum(axis=1)
    excess = run.timeline.excess()[:ticks] - calm.timeline.excess()[:ticks]
    return Paired(
        run.timeline.tick_us,
        np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(count)]),
        np.concatenate([np.zeros(1), np.cumsum(excess)]),
    )
