"""Clouds of records as compiled loops: put each into its cloud, and say whose it likely is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from sim.chance import fill, fraction, next_word

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Words = NDArray[np.uint64]

_BLOCK = 512
"""Records at a time: columns of that length stay in the nearest cache."""


@njit(cache=True)
def scatter(x: Floats, luck: Words, luck_of_clouds: Words, bounds: Floats, centres: Floats) -> Any:
    """Move each record to a cloud of its class, in place; return the classes.

    Luck begins at *luck*, that of the clouds at *luck_of_clouds*: two chains of words go no
    slower than one. *bounds* (1 or n, classes) are cumulated shares, *centres* (1 or n, clouds in
    all, d).
    """
    count, classes = len(x), bounds.shape[1]
    clouds = centres.shape[1] // classes
    coins, cloud = np.empty(count), np.zeros(count)
    if clouds == 1:
        fill(coins, luck[0], luck[1], luck[2], luck[3])
    else:
        _fill_both(coins, luck, cloud, luck_of_clouds)
    y = np.zeros(count)
    for c in range(classes - 1):
        if len(bounds) == 1:
            bound = bounds[0, c]
            for i in range(count):
                y[i] += 1.0 if coins[i] >= bound else 0.0
        else:
            for i in range(count):
                y[i] += 1.0 if coins[i] >= bounds[i, c] else 0.0
    place = np.empty(count, dtype=np.uint64)
    for i in range(count):
        place[i] = np.uint64(np.int64(y[i] * clouds + np.floor(cloud[i] * clouds)))
    each = len(centres) > 1
    for i in range(count):
        centre = centres[i if each else 0, place[i]]
        for j in range(x.shape[1]):
            x[i, j] += centre[j]
    return y


@njit(cache=True)
def _fill_both(first: Floats, luck: Words, second: Floats, other: Words) -> None:
    """Draw two rows of numbers in [0, 1) (shape n), each from where its luck begins."""
    a, b, c, k = luck[0], luck[1], luck[2], luck[3]
    p, q, r, m = other[0], other[1], other[2], other[3]
    for i in range(len(first)):
        word, a, b, c, k = next_word(a, b, c, k)
        first[i] = fraction(word)
        word, p, q, r, m = next_word(p, q, r, m)
        second[i] = fraction(word)


@njit(cache=True)
def mislead(y: Floats, luck: Words, noise: Floats, classes: int) -> None:
    """Give records another class with chance *noise* (1 or n), in place."""
    flips, others = np.empty(len(y)), np.empty(len(y))
    a, b, c, k = fill(flips, luck[0], luck[1], luck[2], luck[3])
    fill(others, a, b, c, k)
    each = len(noise) > 1
    for i in range(len(y)):
        other = y[i] + (1.0 + np.floor(others[i] * (classes - 1)))
        other -= classes if other >= classes else 0
        y[i] = other if flips[i] < noise[i if each else 0] else y[i]


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
        height, done = heights[c], len(columns) % 3
        for i in range(size):
            height[i] = -square / 2.0
        for j in range(done):
            column, along = columns[j], centres[c, j]
            for i in range(size):
                height[i] += column[i] * along
        for j in range(done, len(columns), 3):  # three at a time: a height is fetched less often
            one, two, three = columns[j], columns[j + 1], columns[j + 2]
            first, second, third = centres[c, j], centres[c, j + 1], centres[c, j + 2]
            for i in range(size):
                height[i] = height[i] + one[i] * first + two[i] * second + three[i] * third


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
