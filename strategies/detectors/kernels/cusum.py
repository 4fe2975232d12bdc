"""CUSUM over an array: two sums that never go below zero."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from strategies.detectors.kernels import SIGNATURE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

DRIFT, _, COUNT, UP, DOWN = range(5)
SLOTS = 5


@njit(SIGNATURE.format("float64, float64, float64, float64, float64, boolean, boolean"), cache=True)
def scan(
    values: Floats,
    state: Floats,
    mean: float,
    sd: float,
    allowance: float,
    limit: float,
    head_start: float,
    up: bool,
    down: bool,
) -> int:
    """Consume *values*, all finite, to the first alarm; *up* and *down* say which sums count."""
    if values.size == 0:
        return -1
    if not np.isfinite(values[0]):
        return -2
    if state[DRIFT] != 0.0:
        state[:] = 0.0
    if state[COUNT] == 0.0:
        state[UP] = state[DOWN] = head_start
    risen, fallen = state[UP], state[DOWN]
    found, consumed = -1, values.size
    for i in range(values.size):
        if not np.isfinite(values[i]):
            found, consumed = -2 - i, i
            break
        z = (values[i] - mean) / sd
        risen = max(0.0, risen + z - allowance)
        fallen = max(0.0, fallen - z - allowance)
        if (up and risen > limit) or (down and fallen > limit):
            state[DRIFT] = 1.0
            found, consumed = i, i + 1
            break
    state[COUNT] += consumed
    state[UP], state[DOWN] = risen, fallen
    return found
