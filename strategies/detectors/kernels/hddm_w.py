"""HDDM_W over an array: weighted means since the best cut against those before it.

A weighted mean goes with a *spread*, the sum of its squared weights: 1 before its first value.
"""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from strategies.detectors.kernels import SIGNATURE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

DRIFT, WARNING, COUNT, MEAN, SPREAD = range(5)
RISE, FALL = 5, 11  # six slots each, as the next line names them
CUT, OLD_MEAN, OLD_SPREAD, NEW_COUNT, NEW_MEAN, NEW_SPREAD = range(6)
SLOTS = 17
MARGIN = 1e-12


@njit(SIGNATURE, cache=True)
def scan(values: Floats, state: Floats, parameters: Floats) -> int:
    """Consume *values*, each from 0 to 1, to the first alarm.

    *log_drift* and *log_warning* are the logarithms of 1 / confidence. A fall is a rise seen
    upside down: with signs turned River's comparisons, and its rounding, stay what they are.
    """
    log_drift, log_warning = parameters[0], parameters[1]
    weight, rest_squared = parameters[2], parameters[3]
    two_sided = parameters[4] != 0.0
    if values.size == 0:
        return -1
    if not 0.0 <= values[0] <= 1.0:
        return -2
    if state[DRIFT] != 0.0:
        state[:] = 0.0
    if state[COUNT] == 0.0:
        state[SPREAD] = 1.0
        state[RISE + CUT] = state[FALL + CUT] = np.inf
    rest, square = 1.0 - weight, weight * weight
    least = min(log_drift, log_warning) / 2.0 * (1.0 - MARGIN)
    count, mean, spread = state[COUNT], state[MEAN], state[SPREAD]
    eps = sqrt(spread * log_drift / 2.0)
    cut, old_mean, old_spread = state[RISE + CUT], state[RISE + OLD_MEAN], state[RISE + OLD_SPREAD]
    new_count, new_mean = state[RISE + NEW_COUNT], state[RISE + NEW_MEAN]
    new_spread = state[RISE + NEW_SPREAD]
    drift, warning = False, state[WARNING] != 0.0
    found = -1
    for i in range(values.size):
        value = values[i]
        if not 0.0 <= value <= 1.0:
            found = -2 - i
            break
        mean = weight * value + rest * mean if count > 0.0 else value
        count += 1.0
        wider = square + rest_squared * spread
        if wider != spread:  # it soon stays what it is
            spread = wider
            eps = sqrt(spread * log_drift / 2.0)
        warning = False
        if mean + eps < cut:
            cut, old_mean, old_spread = mean + eps, mean, spread
            new_count, new_mean, new_spread = 0.0, 0.0, 1.0
        else:
            new_mean = weight * value + rest * new_mean if new_count > 0.0 else value
            new_count += 1.0
            new_spread = square + rest_squared * new_spread
            gap = new_mean - old_mean
            if gap > 0.0 and gap * gap >= (old_spread + new_spread) * least:
                drift = gap > sqrt((old_spread + new_spread) * log_drift / 2.0)
                warning = not drift and gap > sqrt((old_spread + new_spread) * log_warning / 2.0)
        if two_sided:
            fall = state[FALL : FALL + 6]
            if eps - mean < fall[CUT]:
                fall[CUT], fall[OLD_MEAN], fall[OLD_SPREAD] = eps - mean, mean, spread
                fall[NEW_COUNT], fall[NEW_MEAN], fall[NEW_SPREAD] = 0.0, 0.0, 1.0
            else:
                new = weight * value + rest * fall[NEW_MEAN] if fall[NEW_COUNT] > 0.0 else value
                fall[NEW_MEAN] = new
                fall[NEW_COUNT] += 1.0
                fall[NEW_SPREAD] = square + rest_squared * fall[NEW_SPREAD]
                both = fall[OLD_SPREAD] + fall[NEW_SPREAD]
                gap = fall[OLD_MEAN] - fall[NEW_MEAN]
                if gap > sqrt(both * log_drift / 2.0):
                    drift = True
                elif gap > sqrt(both * log_warning / 2.0):
                    warning = True
        if drift:
            state[DRIFT] = 1.0
            found = i
            break
    state[WARNING] = 1.0 if warning else 0.0
    state[COUNT], state[MEAN], state[SPREAD] = count, mean, spread
    state[RISE + CUT], state[RISE + OLD_MEAN], state[RISE + OLD_SPREAD] = cut, old_mean, old_spread
    state[RISE + NEW_COUNT], state[RISE + NEW_MEAN] = new_count, new_mean
    state[RISE + NEW_SPREAD] = new_spread
    return found
