"""HDDM_A over an array: the mean of all values against the mean up to the best cut."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from strategies.detectors.kernels import SIGNATURE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

DRIFT, WARNING, COUNT, MEAN, LOW_COUNT, LOW_MEAN, HIGH_COUNT, HIGH_MEAN = range(8)
SLOTS = 8
MARGIN = 1e-12


@njit(cache=True, error_model="numpy", inline="always")
def _beyond(gap: float, count: float, cut: float, log_2: float) -> bool:
    """Tell, just as River does, whether *gap* reaches the bound for a *cut* in *count* values."""
    m = (count - cut) / cut * (1.0 / count)
    return gap >= sqrt(m / 2.0 * log_2)


@njit(SIGNATURE, cache=True, error_model="numpy")
def scan(values: Floats, state: Floats, parameters: Floats) -> int:
    """Consume *values*, each from 0 to 1, to the first alarm.

    The parameters are the logarithms of 1 / drift confidence, 2 / drift confidence and
    2 / warning confidence. Most values neither move a cut nor reach a bound; squared, those
    questions need no root and no division, and with MARGIN no rounding can change the answer.
    """
    log_1, log_2_drift, log_2_warning = parameters[0], parameters[1], parameters[2]
    two_sided = parameters[3] != 0.0
    if values.size == 0:
        return -1
    if not 0.0 <= values[0] <= 1.0:
        return -2
    if state[DRIFT] != 0.0:
        state[:] = 0.0
    count, mean = state[COUNT], state[MEAN]
    low_count, low_mean = state[LOW_COUNT], state[LOW_MEAN]
    high_count, high_mean = state[HIGH_COUNT], state[HIGH_MEAN]
    low_eps = sqrt(1.0 / (2.0 * low_count) * log_1) if low_count > 0.0 else np.inf
    high_eps = sqrt(1.0 / (2.0 * high_count) * log_1) if high_count > 0.0 else np.inf
    least = min(log_2_drift, log_2_warning) * (1.0 - MARGIN)
    below = log_1 * (1.0 - MARGIN)
    drift, warning = False, state[WARNING] != 0.0
    found = -1
    for i in range(values.size):
        value = values[i]
        if not 0.0 <= value <= 1.0:
            found = -2 - i
            break
        count += 1.0
        mean += (1.0 / count) * (value - mean)
        warning = False
        room = low_mean + low_eps - mean + MARGIN
        if not room * abs(room) * 2.0 * count < below:
            eps = sqrt(1.0 / (2.0 * count) * log_1)
            if low_count == 0.0 or low_mean + low_eps >= mean + eps:
                low_count, low_mean, low_eps = count, mean, eps
        gap = mean - low_mean
        near = gap + MARGIN
        if low_count != count and near * abs(near) * 2.0 * low_count * count >= least * (
            count - low_count
        ):
            drift = _beyond(gap, count, low_count, log_2_drift)
            warning = not drift and _beyond(gap, count, low_count, log_2_warning)
        if two_sided:
            eps = sqrt(1.0 / (2.0 * count) * log_1)
            if high_count == 0.0 or high_mean - high_eps <= mean - eps:
                high_count, high_mean, high_eps = count, mean, eps
            if high_count != count:
                gap = high_mean - mean
                if _beyond(gap, count, high_count, log_2_drift):
                    drift = True
                elif _beyond(gap, count, high_count, log_2_warning):
                    warning = True
        if drift:
            state[DRIFT] = 1.0
            found = i
            break
    state[WARNING] = 1.0 if warning else 0.0
    state[COUNT], state[MEAN] = count, mean
    state[LOW_COUNT], state[LOW_MEAN] = low_count, low_mean
    state[HIGH_COUNT], state[HIGH_MEAN] = high_count, high_mean
    return found
