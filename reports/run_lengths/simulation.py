"""Mean run lengths by simulation, with any detector that can be started."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from strategies.detectors.parameters import whole

Floats = NDArray[np.float64]
Draw = Callable[[np.random.Generator, int], ArrayLike]

BLOCK = 1 << 16


class Startable(Protocol):
    """A detector's parameters."""

    def start(self) -> Any:
        """Return a fresh detector at work."""


@dataclass(frozen=True, kw_only=True)
class Simulated:
    """The *mean* of so many independent *runs* and its *standard_error*."""

    mean: float
    standard_error: float
    runs: int


def simulate(detector: Startable, draw: Draw, *, runs: int, seed: int) -> Simulated:
    """Return the mean run length on the values that *draw* gives, a generator and a size.

    No run is cut short: values are drawn until the last of the *runs* has alarmed, so a
    detector that never alarms never returns.

    >>> from strategies.detectors import Shewhart
    >>> simulate(Shewhart(width=1.0), lambda luck, n: luck.normal(0, 1, n), runs=2, seed=3).runs
    2
    """
    whole("runs", runs, 2)
    luck = np.random.Generator(np.random.SFC64(seed))
    running = detector.start()
    lengths = np.empty(runs)
    done, so_far = 0, 0
    while True:
        values = np.asarray(draw(luck, BLOCK), dtype=np.float64)
        place = 0
        while (index := running.scan(values[place:])) >= 0:
            lengths[done] = so_far + index + 1
            place, so_far, done = place + index + 1, 0, done + 1
            if done == runs:
                return _summary(lengths)
        so_far += len(values) - place


def simulate_steady(
    detector: Startable, before: Draw, after: Draw, *, burn_in: int, runs: int, seed: int
) -> Simulated:
    """Return it from a change after *burn_in* values, over the runs with no alarm until then.

    So many *runs* are begun; the result says how many were left.
    """
    whole("runs", runs, 2)
    whole("burn_in", burn_in, 1)
    luck = np.random.Generator(np.random.SFC64(seed))
    running = detector.start()
    fresh = running.snapshot()
    lengths = []
    for _ in range(runs):
        running.restore(fresh)
        if running.scan(before(luck, burn_in)) >= 0:
            continue
        length, size = 0, 64
        while (index := running.scan(after(luck, size))) < 0:
            length += size
            size = min(2 * size, BLOCK)
        lengths.append(length + index + 1)
    return _summary(np.array(lengths, dtype=np.float64))


def _summary(lengths: Floats) -> Simulated:
    error = lengths.std(ddof=1) / np.sqrt(len(lengths))
    return Simulated(mean=float(lengths.mean()), standard_error=float(error), runs=len(lengths))
