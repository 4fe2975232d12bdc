"""Loops over records and cells that monitors run, compiled; imported when first needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]


@njit(cache=True)
def inspect(
    bounds: Ints,
    x: Floats,
    state: NDArray[np.uint8],
    added: NDArray[np.bool_],
    again: NDArray[np.bool_],
    limits: Floats,
    out: Ints,
    cells: Ints,
) -> None:
    """Count what breaks a contract, per tick.

    *state*, *added* and *again* may be empty: nothing of the kind. *limits* (d, 6) holds what was
    agreed (low, high), what is plausible (low, high), how small is suspiciously small, and how
    many categories there are, 0 for a number. *out* (ticks, 4) gets records, broken records,
    records with added columns and copies, *cells* (ticks, d, 8) null, absent, mistyped, late,
    not agreed, implausible, tiny and unknown ones.
    """
    size = x.shape[1]
    stated, extra, copied = len(state) > 0, len(added) > 0, len(again) > 0
    low, high = np.empty(size), np.empty(size)
    for j in range(size):
        low[j] = max(limits[j, 0], limits[j, 2])
        high[j] = min(limits[j, 1], limits[j, 3])
        if limits[j, 5]:
            low[j], high[j] = max(low[j], 0.0), min(high[j], limits[j, 5] - 1)
    for tick in range(len(bounds) - 1):
        for i in range(bounds[tick], bounds[tick + 1]):
            # Almost every record is sound, so the first pass over its cells does not branch.
            odd = 0
            for j in range(size):
                value = x[i, j]
                odd += not (low[j] <= value <= high[j])
                cells[tick, j, 6] += abs(value) < limits[j, 4]
                if limits[j, 5]:
                    odd += value != np.floor(value)
            broken = False
            if odd or stated:
                for j in range(size):
                    value = x[i, j]
                    kind = -1
                    if stated and state[i, j]:
                        kind = state[i, j] - 1
                    elif value != value:
                        kind = 0
                    elif limits[j, 5] and (
                        not (0 <= value < limits[j, 5]) or value != np.floor(value)
                    ):
                        kind = 7
                    elif value < limits[j, 0] or value > limits[j, 1]:
                        kind = 4
                    elif not (low[j] <= value <= high[j]):
                        kind = 5
                    if kind >= 0:
                        broken = True
                        cells[tick, j, kind] += 1
            if extra and added[i]:
                broken = True
                out[tick, 2] += 1
            if copied and again[i]:
                broken = True
                out[tick, 3] += 1
            out[tick, 0] += 1
            out[tick, 1] += broken


@njit(cache=True)
def psi(counts: Ints, expected: Floats, empty: float, minimum: int, out: Floats) -> None:
    """Set *out* (n, d) to the stability index of *counts* (n, d, bins) against *expected*.

    A share below *empty* counts as *empty*; a row with fewer than *minimum* values gets -1.
    """
    rows, size, bins = counts.shape
    logs = np.log(np.maximum(expected, empty))
    for row in range(rows):
        for j in range(size):
            total = 0
            for k in range(bins):
                total += counts[row, j, k]
            if total < minimum:
                out[row, j] = -1.0
                continue
            index = 0.0
            for k in range(bins):
                share = max(counts[row, j, k] / total, empty)
                index += (share - max(expected[j, k], empty)) * (np.log(share) - logs[j, k])
            out[row, j] = index


@njit(cache=True)
def repeats(
    bounds: Ints, x: Floats, judged: NDArray[np.bool_], probe: int, back: int, out: Ints
) -> None:
    """Count per tick and *judged* column the values that equal one of the *back* before it.

    Of each tick the first *probe* records are looked at; *out* has shape (ticks, d).
    """
    for tick in range(len(bounds) - 1):
        start = bounds[tick]
        stop = min(bounds[tick + 1], start + probe)
        for j in range(x.shape[1]):
            if not judged[j]:
                continue
            for i in range(start, stop):
                found = 0
                for k in range(max(start, i - back), i):
                    found += x[i, j] == x[k, j]
                out[tick, j] += found > 0


@njit(cache=True)
def losses(
    bounds: Ints, arm: NDArray[np.int8], score: Floats, loss: Floats, edges: Floats, out: Floats
) -> None:
    """Count per tick and bin of the score the champion's labels, their losses and squares.

    *edges* (bins - 1) part the scores; *out* has shape (ticks, 3, bins).
    """
    for tick in range(len(bounds) - 1):
        for i in range(bounds[tick], bounds[tick + 1]):
            value = score[i]
            if arm[i] != 0 or value - value != 0.0:
                continue
            place = 0
            for k in range(len(edges)):
                place += value >= edges[k]
            out[tick, 0, place] += 1.0
            out[tick, 1, place] += loss[i]
            out[tick, 2, place] += loss[i] * loss[i]
