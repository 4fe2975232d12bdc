"""DDM over an array: the error rate and its standard deviation against the best so far."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from strategies.detectors.kernels import SIGNATURE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

DRIFT, WARNING, COUNT, RATE, BEST, WARN_ABOVE, DRIFT_ABOVE = range(7)
SLOTS = 7
MARGIN = 1e-12


@njit(SIGNATURE, cache=True, error_model="numpy")
def scan(values: Floats, state: Floats, parameters: Floats) -> int:
    """Consume *values*, each 0 or 1, to the first alarm.

    Most values neither set a new best nor alarm. With s = sqrt(v / count) that is best < rate + s
    and rate + s <= drift_above; squared, it needs no root and no division.
    """
    warm_start, warning_threshold, drift_threshold = parameters[0], parameters[1], parameters[2]
    if values.size == 0:
        return -1
    if values[0] != 0.0 and values[0] != 1.0:
        return -2
    if state[DRIFT] != 0.0:
        state[:] = 0.0
    if state[COUNT] == 0.0:
        state[BEST] = np.inf
    count, rate = state[COUNT], state[RATE]
    best, warn_above, drift_above = state[BEST], state[WARN_ABOVE], state[DRIFT_ABOVE]
    found = -1
    for i in range(values.size):
        value = values[i]
        if value != 0.0 and value != 1.0:
            found = -2 - i
            break
        count += 1.0
        rate += (1.0 / count) * (value - rate)
        if count <= warm_start:
            continue
        v = rate * (1.0 - rate)
        low = best - rate + MARGIN
        high = drift_above - rate - MARGIN
        no_best = low * abs(low) * count < v * (1.0 - MARGIN)
        no_alarm = high * abs(high) * count > v * (1.0 + MARGIN)
        if no_best and no_alarm:
            continue
        s = sqrt(v / count)
        if rate + s <= best:
            best = rate + s
            warn_above = rate + warning_threshold * s
            drift_above = rate + drift_threshold * s
        if rate + s > drift_above:
            state[DRIFT] = 1.0
            found = i
            break
    if count > warm_start:
        level = rate + sqrt(rate * (1.0 - rate) / count)
        state[WARNING] = 1.0 if level > warn_above and state[DRIFT] == 0.0 else 0.0
    state[COUNT], state[RATE] = count, rate
    state[BEST], state[WARN_ABOVE], state[DRIFT_ABOVE] = best, warn_above, drift_above
    return found
