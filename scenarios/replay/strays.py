"""Times far away from all others: one wrong date stretches a replay to decades."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.clock import DAY_US
from sim.errors import Mistake

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

STRAYS = 0.001
"""The share of the records, at either end, that may be strays."""
LEAST_GAP_US = 30 * DAY_US


@dataclass
class Ends:
    """The first and the last time of a file, and the records that hold them (from 1)."""

    first_us: int = np.iinfo(np.int64).max
    last_us: int = np.iinfo(np.int64).min
    first: int = 0
    last: int = 0

    def add(self, times_us: Ints, known: NDArray[np.bool_], read: int) -> None:
        """Look at some more records, of which those *known* count; *read* came before them."""
        rows = np.flatnonzero(known)
        if not len(rows):
            return
        low, high = (int(rows[at]) for at in (times_us[rows].argmin(), times_us[rows].argmax()))
        if times_us[low] < self.first_us:
            self.first_us, self.first = int(times_us[low]), read + low + 1
        if times_us[high] > self.last_us:
            self.last_us, self.last = int(times_us[high]), read + high + 1


def refuse_strays(times_us: Ints, ends: Ends, column: str) -> None:
    """Refuse *times_us* (in order) if a few lie further from the rest than the rest reaches."""
    few = max(1, int(STRAYS * len(times_us)))
    if len(times_us) < 2 * few + 2:
        return
    low, high = int(times_us[few]), int(times_us[-1 - few])
    apart = max(high - low, LEAST_GAP_US)
    after = np.diff(times_us[-1 - few :]).max(initial=0)
    before = np.diff(times_us[: few + 1]).max(initial=0)
    for gap_us, record, at_us in (
        (after, ends.last, ends.last_us),
        (before, ends.first, ends.first_us),
    ):
        if gap_us > apart:
            stamp = str(np.datetime64(at_us, "us").astype("datetime64[s]")).replace("T", " ")
            raise Mistake(
                f"--time {column!r} is {stamp} in record {record:,}, {_days(int(gap_us))} away "
                f"from the rest, which reaches over {_days(high - low)}: correct it, or take it out"
            )


def _days(value_us: int) -> str:
    return f"{value_us / DAY_US:,.0f} days"
