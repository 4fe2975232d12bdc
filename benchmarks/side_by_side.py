"""How times are taken: interleaved rounds in one process, medians, and their ratio."""

from __future__ import annotations

import gc
import time
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 9


def medians(*works: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """Return the median seconds of each of *works*, run in turn, after one round unmeasured."""
    taken: list[list[float]] = [[] for _ in works]
    for work in works:
        work()
    for _ in range(rounds):
        for work, seconds in zip(works, taken, strict=True):
            gc.collect()
            start = time.perf_counter()
            work()
            seconds.append(time.perf_counter() - start)
    return [median(seconds) for seconds in taken]


def least(*works: Callable[[], object], rounds: int = 25) -> list[float]:
    """Return the least CPU seconds of each of *works*, run in turn: what they cost undisturbed.

    The turn goes to and fro: who always came second would gain a part in a hundred.
    """
    taken = [float("inf")] * len(works)
    for work in works:
        work()
    gc.collect()
    turn = list(enumerate(works))
    for _ in range(rounds):
        for place, work in turn:
            start = time.process_time()
            work()
            taken[place] = min(taken[place], time.process_time() - start)
        turn.reverse()
    return taken
