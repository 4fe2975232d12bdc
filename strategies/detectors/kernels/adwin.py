"""ADWIN over an array: buckets of 1, 2, 4, ... values, and a check of every cut between them.

Values leave River's window only at an alarm, and after it all is forgotten. So until then bucket j
of row r covers the values j * 2**r onwards, and the number of values alone says which buckets a
row holds: of the *entered* ones, the first (entered - max_buckets + 1) // 2 pairs have been merged
into the next row. Bucket j lies in slot j modulo the length of a row, which is a power of two.
"""

from __future__ import annotations

from math import log, sqrt
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from strategies.detectors.kernels import SIGNATURE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Counts = NDArray[np.int64]
    Window = tuple[float, float, float]  # width, total, variance

DRIFT, _, WIDTH, TOTAL, VARIANCE = range(5)
HEADER = 5
ROWS = 48  # enough for 10**14 values


def slots(max_buckets: int) -> int:
    """Return the size of the state: the header, then totals and variances, each rows by slots."""
    return HEADER + 2 * ROWS * (1 << max_buckets.bit_length())


@njit(cache=True, error_model="numpy")
def _insert(totals: Floats, variances: Floats, value: float, count: int, max_buckets: int) -> None:
    """Add *value* after *count* others, and merge the two oldest of each row that overflows."""
    mask = totals.shape[1] - 1
    totals[0, count & mask] = value
    variances[0, count & mask] = 0.0
    entered = count + 1
    row, size, inverse = 0, 1.0, 1.0
    while entered > max_buckets and (entered - max_buckets) & 1:
        oldest = entered - max_buckets - 1
        one, two = oldest & mask, (oldest + 1) & mask
        apart = totals[row, one] * inverse - totals[row, two] * inverse
        into = (oldest >> 1) & mask
        totals[row + 1, into] = totals[row, one] + totals[row, two]
        variances[row + 1, into] = (
            variances[row, one] + variances[row, two] + size * 0.5 * apart * apart
        )
        entered = (oldest >> 1) + 1
        row, size, inverse = row + 1, size * 2.0, inverse * 0.5


@njit(cache=True, error_model="numpy")
def _held(count: int, max_buckets: int) -> tuple[Counts, Counts, int]:
    """Return, after *count* values, the range of buckets in each row and the number of rows."""
    first, end = np.empty(ROWS, np.int64), np.empty(ROWS, np.int64)
    rows, entered = 0, count
    while entered > 0:
        end[rows] = entered
        entered = (entered - max_buckets + 1) >> 1
        first[rows] = 2 * max(entered, 0)
        rows += 1
    return first, end, rows


@njit(cache=True, error_model="numpy")
def _may_cut(
    totals: Floats,
    first: Counts,
    end: Counts,
    rows: int,
    window: Window,
    delta: float,
    shortest: float,
) -> bool:
    """Tell cheaply that `_cut` would find nothing; when in doubt, say it may.

    With n0 + n1 = width, a cut alarms if |u0 - n0 mean| width > n0 n1 bound. River's m is at
    least spread / (n0 n1), with spread = width - 2 shortest + 2, so (n0 n1 bound)^2 is at least
    n0 n1 times 2 variance / width delta_prime spread, plus (2/3 delta_prime spread)^2: in the
    loop there is neither division nor root.
    """
    mask = totals.shape[1] - 1
    width, total, variance = window
    mean = total / width
    spread = (width - 2.0 * shortest + 2.0) / width * (1.0 - 1e-9)
    delta_prime = log(2.0 * log(width) / delta)
    a = 2.0 * variance / width * delta_prime * spread / width
    b = (2.0 / 3.0 * delta_prime * spread) ** 2
    # No part of the window sums to more than the root; a sum rounds by 1e-16 of that a bucket.
    slack = 1e-15 * rows * (mask + 1) * sqrt(width * variance + total * total)
    n0, u0 = 0.0, 0.0
    for row in range(rows - 1, -1, -1):
        size = float(1 << row)
        for j in range(first[row], end[row]):
            n0 += size
            u0 += totals[row, j & mask]
            apart = abs(u0 - n0 * mean) + slack
            if not apart * apart < n0 * (width - n0) * a + b:  # NaN is a doubt too
                return True
    return False


@njit(cache=True, error_model="numpy")
def _cut(
    totals: Floats,
    first: Counts,
    end: Counts,
    rows: int,
    window: Window,
    delta: float,
    shortest: float,
) -> bool:
    """Tell, just as River does, whether the means on the two sides of some cut differ."""
    mask = totals.shape[1] - 1
    width, total, variance = window
    delta_prime = log(2.0 * log(width) / delta)
    n0, n1, u0, u1 = 0.0, width, 0.0, total
    for row in range(rows - 1, -1, -1):
        size = float(1 << row)
        for j in range(first[row], end[row]):
            n0 += size
            n1 -= size
            u0 += totals[row, j & mask]
            u1 -= totals[row, j & mask]
            if n0 < shortest or n1 < shortest:
                continue
            m = 1.0 / (n0 - shortest + 1.0) + 1.0 / (n1 - shortest + 1.0)
            bound = sqrt(2.0 * m * (variance / width) * delta_prime) + 2.0 / 3.0 * delta_prime * m
            if abs(u0 / n0 - u1 / n1) > bound:
                return True
    return False


@njit(cache=True, error_model="numpy")
def _forget(
    totals: Floats, variances: Floats, first: Counts, end: Counts, rows: int, window: Window
) -> tuple[int, Window]:
    """Drop the oldest bucket; return the number of rows left, and the window without it."""
    width, total, variance = window
    row = rows - 1
    slot = first[row] & (totals.shape[1] - 1)
    n = float(1 << row)
    width -= n
    total -= totals[row, slot]
    apart = totals[row, slot] / n - total / width
    variance -= variances[row, slot] + n * width * apart * apart / (n + width)
    first[row] += 1
    return (row if first[row] == end[row] else rows), (width, total, variance)


@njit(SIGNATURE, cache=True, error_model="numpy")
def scan(values: Floats, state: Floats, parameters: Floats) -> int:
    """Consume *values* to the first alarm; *shortest* is River's `min_window_length`."""
    delta, shortest, grace_period = parameters[0], parameters[3], parameters[4]
    clock, max_buckets = int(parameters[1]), int(parameters[2])
    if values.size == 0:
        return -1
    if state[DRIFT] != 0.0:
        state[:] = 0.0
    half = (state.size - HEADER) // 2
    totals = state[HEADER : HEADER + half].reshape((ROWS, half // ROWS))
    variances = state[HEADER + half :].reshape((ROWS, half // ROWS))
    width, total, variance = state[WIDTH], state[TOTAL], state[VARIANCE]
    count = int(width)
    found = -1
    i = 0
    while i < values.size and found < 0:
        stop = min(values.size, i + clock - count % clock)
        for k in range(i, stop):
            value = values[k]
            width += 1.0
            if width > 1.0:
                apart = value - total / (width - 1.0)
                variance += (width - 1.0) * apart * apart / width
            total += value
            _insert(totals, variances, value, count, max_buckets)
            count += 1
        i = stop
        if count % clock == 0 and width > grace_period:
            window = (width, total, variance)
            first, end, rows = _held(count, max_buckets)
            if _may_cut(totals, first, end, rows, window, delta, shortest):
                while _cut(totals, first, end, rows, window, delta, shortest):
                    found = i - 1
                    rows, window = _forget(totals, variances, first, end, rows, window)
                width, total, variance = window
    if found >= 0:
        state[DRIFT] = 1.0
    state[WIDTH], state[TOTAL], state[VARIANCE] = width, total, variance
    return found
