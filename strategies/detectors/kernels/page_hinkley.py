"""Page-Hinkley over an array: two cumulative sums against their extremes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from strategies.detectors.kernels import SIGNATURE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

DRIFT, _, COUNT, MEAN, SUM_UP, SUM_DOWN, LEAST, MOST = range(8)
SLOTS = 8


@njit(
    SIGNATURE,
    cache=True,
    error_model="numpy",
)
def scan(values: Floats, state: Floats, parameters: Floats) -> int:
    """Consume *values* to the first alarm; *up* and *down* say which sums may raise it."""
    min_instances, delta = parameters[0], parameters[1]
    threshold, alpha = parameters[2], parameters[3]
    up, down = parameters[4] != 0.0, parameters[5] != 0.0
    if values.size == 0:
        return -1
    if state[DRIFT] != 0.0:
        state[:] = 0.0
    if state[COUNT] == 0.0:
        state[LEAST] = np.inf
        state[MOST] = -1.0  # not minus infinity: River's start
    count, mean = state[COUNT], state[MEAN]
    sum_up, sum_down = state[SUM_UP], state[SUM_DOWN]
    least, most = state[LEAST], state[MOST]
    found = -1
    for i in range(values.size):
        count += 1.0
        mean += (1.0 / count) * (values[i] - mean)
        deviation = values[i] - mean
        sum_up = alpha * sum_up + deviation - delta
        sum_down = alpha * sum_down + deviation + delta
        if sum_up < least:
            least = sum_up
        if sum_down > most:
            most = sum_down
        risen = up and sum_up - least > threshold
        fallen = down and most - sum_down > threshold
        if (risen or fallen) and count >= min_instances:
            state[DRIFT] = 1.0
            found = i
            break
    state[COUNT], state[MEAN] = count, mean
    state[SUM_UP], state[SUM_DOWN] = sum_up, sum_down
    state[LEAST], state[MOST] = least, most
    return found
