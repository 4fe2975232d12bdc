"""EWMA over an array; with weight 1 it is Shewhart's chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from strategies.detectors.kernels import SIGNATURE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

DRIFT, _, COUNT, AVERAGE = range(4)
SLOTS = 4


@njit(SIGNATURE.format("float64, float64, float64, float64, float64, boolean, boolean"), cache=True)
def scan(
    values: Floats,
    state: Floats,
    mean: float,
    sd: float,
    weight: float,
    limit: float,
    head_start: float,
    up: bool,
    down: bool,
) -> int:
    """Consume *values*, all finite, to the first alarm; *up* and *down* say on which side."""
    if values.size == 0:
        return -1
    if not np.isfinite(values[0]):
        return -2
    if state[DRIFT] != 0.0:
        state[:] = 0.0
    if state[COUNT] == 0.0:
        state[AVERAGE] = head_start
    average, rest = state[AVERAGE], 1.0 - weight
    found, consumed = -1, values.size
    for i in range(values.size):
        if not np.isfinite(values[i]):
            found, consumed = -2 - i, i
            break
        z = (values[i] - mean) / sd
        average = rest * average + weight * z if rest > 0.0 else z
        if (up and average > limit) or (down and average < -limit):
            state[DRIFT] = 1.0
            found, consumed = i, i + 1
            break
    state[COUNT] += consumed
    state[AVERAGE] = average
    return found
