"""A moving mean over an array against a limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from strategies.detectors.kernels import SIGNATURE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

DRIFT, _, COUNT, PLACE, TOTAL, BEYOND = range(6)
HEAD = 6


def slots(window: int) -> int:
    """Return how many floats it remembers."""
    return HEAD + window


@njit(SIGNATURE, cache=True)
def scan(values: Floats, state: Floats, parameters: Floats) -> int:
    """Consume *values*, all finite, to the first at which the mean of *window* crosses *limit*."""
    limit, window, below = parameters[0], int(parameters[1]), parameters[2] != 0.0
    if values.size == 0:
        return -1
    if not np.isfinite(values[0]):
        return -2
    state[DRIFT] = 0.0
    count, place, total = int(state[COUNT]), int(state[PLACE]), state[TOTAL]
    beyond, found = state[BEYOND] != 0.0, -1
    for i in range(values.size):
        value = values[i]
        if not np.isfinite(value):
            found = -2 - i
            break
        if count == window:
            total -= state[HEAD + place]
        else:
            count += 1
        total += value
        state[HEAD + place] = value
        place += 1
        if place == window:  # begin anew, so that rounding does not pile up
            place, total = 0, 0.0
            for k in range(window):
                total += state[HEAD + k]
        if count == window:
            mean = total / window
            now = mean < limit if below else mean > limit
            if now and not beyond:
                state[DRIFT] = 1.0
                beyond, found = True, i
                break
            beyond = now
    state[COUNT], state[PLACE], state[TOTAL] = count, place, total
    state[BEYOND] = 1.0 if beyond else 0.0
    return found
