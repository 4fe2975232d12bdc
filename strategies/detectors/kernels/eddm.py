"""EDDM over an array: the mean and spread of the distances between errors against their best."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from strategies.detectors.kernels import SIGNATURE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

DRIFT, WARNING, COUNT, LAST, ERRORS, MEAN, SQUARES, BEST = range(8)
SLOTS = 8
MARGIN = 1e-12
CHUNK = 256


@njit(SIGNATURE, cache=True, error_model="numpy")
def scan(values: Floats, state: Floats, parameters: Floats) -> int:
    """Consume *values*, each 0 or 1, to the first alarm.

    River takes the root as a power of one half, which differs from `sqrt` in the last bit now
    and then. With a constant exponent the compiler would put `sqrt` in its place, so it comes
    as the parameter *half*, and is taken where `sqrt` leaves a doubt.
    """
    warm_start, alpha, beta, half = parameters[0], parameters[1], parameters[2], parameters[3]
    if values.size == 0:
        return -1
    if values[0] != 0.0 and values[0] != 1.0:
        return -2
    if state[DRIFT] != 0.0:
        state[:] = 0.0
    if state[COUNT] == 0.0:
        state[BEST] = -1.0
    start, last, errors = state[COUNT], state[LAST], state[ERRORS]
    mean, squares, best = state[MEAN], state[SQUARES], state[BEST]
    warning = state[WARNING]
    found, consumed = -1, values.size
    places = np.empty(CHUNK, dtype=np.int64)
    first = 0
    while first < values.size and found == -1:
        after = min(first + CHUNK, values.size)
        # Where the errors are: without a branch, which at random errors would often be mistaken.
        many = 0
        for i in range(first, after):
            places[many] = i
            many += values[i] != 0.0
        first = after
        for k in range(many):
            i = places[k]
            if values[i] != 1.0:
                found, consumed = -2 - i, i
                break
            count = start + (i + 1)
            errors += 1.0
            distance = count - last
            last = count
            apart = distance - mean
            mean += (1.0 / errors) * apart
            squares += apart * (distance - mean)
            if count <= warm_start:
                continue
            # Is the level, mean plus twice the deviation, below `best` and above which share of it?
            fewer = errors - 1.0
            room = best * (1.0 - MARGIN) - mean
            if 4.0 * squares < room * abs(room) * fewer * (1.0 - MARGIN):
                if errors <= warm_start:
                    continue
                gap = alpha * best * (1.0 + MARGIN) - mean
                if 4.0 * squares > gap * abs(gap) * fewer * (1.0 + MARGIN):
                    warning = 0.0
                    continue
                room = alpha * best * (1.0 - MARGIN) - mean
                gap = beta * best * (1.0 + MARGIN) - mean
                if 4.0 * squares < room * abs(room) * fewer * (
                    1.0 - MARGIN
                ) and 4.0 * squares > gap * abs(gap) * fewer * (1.0 + MARGIN):
                    warning = 1.0
                    continue
            variance = squares / fewer if errors > 1.0 else 0.0
            level = mean + 2.0 * variance**half
            if level > best:
                best = level
            elif errors > warm_start:
                share = level / best
                if share < beta:
                    state[DRIFT] = 1.0
                    found, consumed = i, i + 1
                    break
                warning = 1.0 if share < alpha else 0.0
    state[WARNING] = warning
    state[COUNT], state[LAST], state[ERRORS] = start + consumed, last, errors
    state[MEAN], state[SQUARES], state[BEST] = mean, squares, best
    return found
