"""How many labels have come, by when their requests were served."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Get = Callable[[str], NDArray[Any]]
"""Returns a column of a page's labels, in the order in which they come."""
MANY = 1 << 17
"""So many labels are counted together: look by look it would cost as much as the look."""


class LabelCount:
    """To which ticks the requests belong whose labels come, from the first question on.

    When they were served (int64 as bytes) is kept until somebody asks, or until it is much.
    """

    def __init__(self, tick_us: int) -> None:
        self._tick_us = tick_us
        self._asked, self._from = False, 0
        self._parts: list[bytes] = []
        self._waiting = 0
        self._counts: dict[int, int] = {}

    def take(self, get: Get, seen: int) -> None:
        """Go on to the page's first *seen* labels; the first time, begin there."""
        if not self._asked:
            self._asked, self._from = True, seen
        self._add(get, seen)
        self._from = seen

    def counts(self) -> dict[int, int]:
        """Return how many labels have come, by the tick in which their request was served."""
        if self._parts:
            served_us = np.frombuffer(b"".join(self._parts), dtype=np.int64)
            ticks, counts = np.unique(served_us // self._tick_us, return_counts=True)
            self._parts.clear()
            self._waiting = 0
            for tick, count in zip(ticks.tolist(), counts.tolist(), strict=True):
                self._counts[tick] = self._counts.get(tick, 0) + count
        return self._counts

    def turn(self, get: Get, seen: int) -> None:
        """The page ends with its first *seen* labels."""
        self._add(get, seen)
        self._from = 0

    def _add(self, get: Get, seen: int) -> None:
        if self._asked and seen > self._from:
            self._parts.append(get("served_us")[self._from : seen].tobytes())
            self._waiting += seen - self._from
            if self._waiting > MANY:
                self.counts()
