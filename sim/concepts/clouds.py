"""Clouds of records as compiled loops: put each into its cloud, and say whose it likely is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_BLOCK = 512
"""Records at a time: columns of that length stay in the nearest cache."""


@njit(cache=True)
def scatter(x: Floats, coins: Floats, cloud: Floats, bounds: Floats, centres: Floats) -> Any:
    """Move each record to a cloud of its class, in place; return the classes.

    *bounds* (1 or n, classes) are cumulated shares, *centres* (1 or n, clouds in all, d).
    """
    count, classes = len(x), bounds.shape[1]
    clouds = centres.shape[1] // classes
    y = np.zeros(count)
    for c in range(classes - 1):
        if len(bounds) == 1:
            bound = bounds[0, c]
            for i in range(count):
                y[i] += 1.0 if coins[i] >= bound else 0.0
        else:
            for i in range(count):
                y[i] += 1.0 if coins[i] >= bounds[i, c] else 0.0
    place = np.empty(count, dtype=np.int64)
    for i in range(count):
        place[i] = int(y[i] * clouds + np.floor(cloud[i] * clouds))
    each = len(centres) > 1
    for i in range(count):
        centre = centres[i if each else 0, place[i]]
        for j in range(x.shape[1]):
            x[i, j] += centre[j]
    return y


@njit(cache=True)
def likeliest(x: Floats, centres: Floats, logs: Floats) -> Any:
    """Return the likeliest class of each record (shape n).

    *centres* (clouds in all, d), *logs* (1 or n, classes) are the logarithms of the shares. A
    class whose highest cloud lies so low that all its clouds at that height could not win is
    out; exponentials are computed only where two or more classes are left.
    """
    classes = logs.shape[1]
    clouds = len(centres) // classes
    best = np.empty(len(x))
    columns = np.empty((x.shape[1], _BLOCK))
    heights = np.empty((len(centres), _BLOCK))
    peaks, top = np.empty((classes, _BLOCK)), np.empty(_BLOCK)
    left, slack = np.empty(_BLOCK), np.log(float(clouds))
    for start in range(0, len(x), _BLOCK):
        size = min(_BLOCK, len(x) - start)
        for j in range(x.shape[1]):
            for i in range(size):
                columns[j, i] = x[start + i, j]
        _climb(columns, centres, heights, size)
        _peaks(heights, logs, start, peaks, top, best[start : start + size], size)
        if clouds > 1:
            left[:size] = 0.0
            for c in range(classes):
                peak = peaks[c]
                for i in range(size):
                    left[i] += 1.0 if peak[i] + slack > top[i] else 0.0
            for i in range(size):
                if left[i] > 1.0:
                    best[start + i] = _by_sums(heights, peaks, top, clouds, i)
    return best


@njit(cache=True)
def _climb(columns: Floats, centres: Floats, heights: Floats, size: int) -> None:
    """Compute each cloud's log density, up to what all clouds share (shape clouds, size)."""
    for c in range(len(centres)):
        square = 0.0
        for j in range(len(columns)):
            square += centres[c, j] * centres[c, j]
        height = heights[c]
        for i in range(size):
            height[i] = -square / 2.0
        for j in range(len(columns)):
            column, along = columns[j], centres[c, j]
            for i in range(size):
                height[i] += column[i] * along


@njit(cache=True)
def _peaks(
    heights: Floats,
    logs: Floats,
    start: int,
    peaks: Floats,
    top: Floats,
    best: Floats,
    size: int,
) -> None:
    """Add the shares; find each class's highest cloud, the highest of all and whose it is."""
    top[:size] = -np.inf
    classes = logs.shape[1]
    clouds, each = len(heights) // classes, len(logs) > 1
    for c in range(classes):
        peak = peaks[c]
        for j in range(clouds):
            height = heights[c * clouds + j]
            if each:
                for i in range(size):
                    height[i] += logs[start + i, c]
            else:
                share = logs[0, c]
                for i in range(size):
                    height[i] += share
            if j == 0:
                for i in range(size):
                    peak[i] = height[i]
            else:
                for i in range(size):
                    peak[i] = height[i] if height[i] > peak[i] else peak[i]
        label = float(c)
        for i in range(size):
            best[i] = label if peak[i] > top[i] else best[i]
            top[i] = peak[i] if peak[i] > top[i] else top[i]


@njit(cache=True)
def _by_sums(heights: Floats, peaks: Floats, top: Floats, clouds: int, i: int) -> float:
    """Return the class whose clouds together are the densest at record *i*."""
    most, winner, slack = -1.0, 0.0, np.log(float(clouds))
    for c in range(len(peaks)):
        if peaks[c, i] + slack > top[i]:
            total = 0.0
            for j in range(clouds):
                if heights[c * clouds + j, i] > top[i] - 40.0:  # else less than a last digit
                    total += np.exp(heights[c * clouds + j, i] - top[i])
            if total > most:
                most, winner = total, float(c)
    return winner
