"""Rules and outcomes as compiled loops: one pass over the records instead of one per operation.

Sines are computed here to a few units of the last place, in a form that compilers turn into
vector code. Only their side of a line matters, so no label hangs on such a unit.
"""

from __future__ import annotations

from math import pi
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from sim.chance import fill, fraction, next_word

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_PI_1, _PI_2, _PI_3 = 3.1415926218032836914, 3.1786509424591713469e-08, 1.2246467864107188502e-16
"""π in parts so short that a whole number of turns times the first two is exact"""
_TO_WHOLE = 1.5 * 2.0**52
"""Added and taken away again, it rounds to a whole number, in vector code as well."""
_BLOCK = 256
"""Records at a time where they are gone through more than once: they stay in the nearest cache."""
_SINE_LIMIT = 1e5
"""Up to here a sine is exact to a few units of the last place."""


@njit(cache=True)
def settle(score: Floats, luck: Floats, flip: float, cut: float) -> Any:
    """Return outcomes and best answers (shape n) where the rule errs with chance *flip*."""
    y, best = np.empty(len(score)), np.empty(len(score))
    if_one, if_zero = 1.0, 0.0
    if cut != 0.5:
        if_one = 1.0 if 1.0 - flip > cut else 0.0
        if_zero = 1.0 if flip > cut else 0.0
    for i in range(len(score)):
        clean = score[i] > 0.0
        best[i] = if_one if clean else if_zero
        y[i] = 1.0 if clean != (luck[i] < flip) else 0.0
    return y, best


@njit(cache=True)
def sides(score: Floats) -> Any:
    """Make of each score the class that it means, in place, and return them (shape n)."""
    for i in range(len(score)):
        score[i] = 1.0 if score[i] > 0.0 else 0.0
    return score


@njit(cache=True)
def sea(x: Floats, threshold: float) -> Any:
    """Return x0 + x1 less *threshold* (shape n)."""
    score = np.empty(len(x))
    for i in range(len(x)):
        score[i] = x[i, 0] + x[i, 1] - threshold
    return score


@njit(cache=True)
def stagger(x: Floats, function: int) -> Any:
    """Return 1 for class 1 of STAGGER's *function*, else -1 (shape n)."""
    score = np.empty(len(x))
    for i in range(len(x)):
        size, color, shape = x[i, 0], x[i, 1], x[i, 2]
        if function == 0:
            one = (size == 0.0) & (color == 0.0)
        elif function == 1:
            one = (color == 2.0) | (shape == 0.0)
        else:
            one = (size == 1.0) | (size == 2.0)
        score[i] = 1.0 if one else -1.0
    return score


@njit(cache=True, inline="always")
def _sine_near(value: float) -> float:
    """Return the sine of a number between -π/2 and π/2."""
    square = value * value
    tail = -8.2206352466243297170e-18 + square * 1.9572941063391261231e-20
    tail = 2.8114572543455207632e-15 + square * tail
    tail = -7.6471637318198164759e-13 + square * tail
    tail = 1.6059043836821614599e-10 + square * tail
    tail = -2.5052108385441718775e-08 + square * tail
    tail = 2.7557319223985890653e-06 + square * tail
    tail = -1.9841269841269841270e-04 + square * tail
    tail = 8.3333333333333333333e-03 + square * tail
    tail = -1.6666666666666666667e-01 + square * tail
    return value + value * square * tail


@njit(cache=True, inline="always")
def _sine(value: float) -> float:
    """Return the sine of a number that is not large."""
    turns = (value * (1.0 / pi) + _TO_WHOLE) - _TO_WHOLE
    rest = ((value - turns * _PI_1) - turns * _PI_2) - turns * _PI_3
    odd = turns - 2.0 * ((turns * 0.5 + _TO_WHOLE) - _TO_WHOLE)
    return _sine_near(rest) * (1.0 - 2.0 * odd * odd)


@njit(cache=True, fastmath={"contract"})
def sine(x: Floats, height: float, swing: float, times: float, side: float) -> Any:
    """Return *side* × (height + swing × sin(times × x1) - x0), and how many angles are large.

    A pass for each step: compilers make vector code of such short loops only.
    """
    score, large, far = np.empty(len(x)), 0, 0
    for i in range(len(x)):
        angle = times * x[i, 1]
        far += abs(angle) > 1.5
        score[i] = angle
    if far:
        for i in range(len(x)):
            large += abs(score[i]) > _SINE_LIMIT
        for i in range(len(x)):
            score[i] = _sine(score[i])
    else:
        for i in range(len(x)):
            score[i] = _sine_near(score[i])
    for i in range(len(x)):
        score[i] = side * (height + swing * score[i] - x[i, 0])
    return score, large


@njit(cache=True)
def friedman(x: Floats, a: int, b: int, c: int, d: int, e: int) -> Any:
    """Return Friedman's first function of the columns *a* to *e*, and how many angles are large."""
    mean, large = np.empty(len(x)), 0
    for i in range(len(x)):
        mean[i] = pi * x[i, a] * x[i, b]
    for i in range(len(x)):
        large += abs(mean[i]) > _SINE_LIMIT
    for i in range(len(x)):
        mean[i] = _sine(mean[i])
    for i in range(len(x)):
        bow = x[i, c] - 0.5
        mean[i] = 10.0 * mean[i] + 20.0 * (bow * bow) + 10.0 * x[i, d] + 5.0 * x[i, e]
    return mean, large


@njit(cache=True)
def two_clouds(
    x: Floats, coins: Floats, prior: float, step: Floats, line: float, flips: Floats, noise: float
) -> Any:
    """Move each record to its class's cloud, in place; return outcomes and best answers.

    Class 1 is best where the projection on *step* exceeds *line*.
    """
    y, best = np.empty(len(x)), np.empty(len(x))
    for i in range(len(x)):  # the sides first: a branch per record that nobody can foresee is dear
        y[i] = 1.0 if coins[i] < prior else -1.0
    for i in range(len(x)):
        side, along = y[i], 0.0
        for j in range(x.shape[1]):
            x[i, j] += step[j] * side
            along += x[i, j] * step[j]
        best[i] = along
    for i in range(len(x)):
        best[i] = 1.0 if best[i] > line else 0.0
        y[i] = 1.0 if (y[i] > 0.0) != (flips[i] < noise) else 0.0
    return y, best


@njit(cache=True)
def places(times_us: Any, step_us: int, start: float, speed: float) -> Any:
    """Return *start* + *speed* × how many whole steps have passed (shape n, times in order)."""
    place = np.empty(len(times_us))
    begin = 0
    while begin < len(times_us):
        count = times_us[begin] // step_us
        end = begin + np.searchsorted(times_us[begin:], (count + 1) * step_us)
        place[begin:end] = start + speed * count
        begin = end
    return place


@njit(cache=True)
def spread_out(
    words: Any, x: Floats, sizes: Any, starts: Floats, rises: Floats, effects: Floats, base: float
) -> Any:
    """Fill *x* (n, d) with what luck, begun at *words*, means; return *base* plus what it adds (n).

    Each column has a row of *starts* and *rises* (d, m). A number with so many quantiles as its
    size says goes from one to the next in a line: start + rise × steps. For categories, of which
    the size is the negative count, starts are their shares, added up, and rises say which is the
    first that luck can mean, for each of m equal parts of it. *effects* (d, m) are one a unit, or
    one a category.
    """
    score, parts = np.empty(len(x)), float(starts.shape[1])
    a, b, c, counter = words[0], words[1], words[2], words[3]
    for begin in range(0, len(x), _BLOCK):
        part, total = x[begin : begin + _BLOCK], score[begin : begin + _BLOCK]
        a, b, c, counter = fill(part.reshape(-1), a, b, c, counter)
        total[:] = base
        for j in range(x.shape[1]):
            start, rise, effect = starts[j], rises[j], effects[j]
            if sizes[j] > 0:
                steps = sizes[j] - 1.0
                for i in range(len(part)):
                    place = part[i, j] * steps
                    low = np.uint32(np.int32(place))  # no sign: no negative index to look for
                    value = start[low] + rise[low] * place
                    total[i] += effect[0] * value
                    part[i, j] = value
            else:
                for i in range(len(part)):
                    luck = part[i, j]
                    code = np.uint32(np.int32(rise[np.uint32(np.int32(luck * parts))]))
                    while luck >= start[code]:
                        code += np.uint32(1)
                    total[i] += effect[code]
                    part[i, j] = float(code)
    return score


@njit(cache=True)
def toss(score: Floats, odds_against: Floats, words: Any, line: float) -> Any:
    """Return outcomes and best answers: 1 with chance 1 / (1 + odds), best above *line*.

    Luck begins at *words*.
    """
    y, best = np.empty(len(score)), np.empty(len(score))
    a, b, c, counter = words[0], words[1], words[2], words[3]
    for i in range(len(score)):
        word, a, b, c, counter = next_word(a, b, c, counter)
        y[i] = 1.0 if fraction(word) * (1.0 + odds_against[i]) < 1.0 else 0.0
        best[i] = 1.0 if score[i] > line else 0.0
    return y, best


@njit(cache=True)
def add_up(x: Floats, sizes: Any, effects: Floats, base: float) -> Any:
    """Return *base* plus what each column adds (shape n): an effect a unit, or one a category."""
    score = np.empty(x.shape[0])
    for i in range(x.shape[0]):
        total = base
        for j in range(x.shape[1]):
            value = x[i, j]
            if sizes[j] > 0:
                total += effects[j, 0] * value
            elif 0 <= value < -sizes[j]:
                total += effects[j, int(value)]
        score[i] = total
    return score
