"""Shiryaev-Roberts over an array, for a Gaussian mean that shifts."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from strategies.detectors.kernels import SIGNATURE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

DRIFT, _, COUNT, RATIO = range(4)
SLOTS = 4


@njit(SIGNATURE.format("float64, float64, float64, float64, float64"), cache=True)
def scan(
    values: Floats,
    state: Floats,
    mean: float,
    sd: float,
    shift: float,
    limit: float,
    head_start: float,
) -> int:
    """Consume *values*, all finite, to the first alarm."""
    if values.size == 0:
        return -1
    if not np.isfinite(values[0]):
        return -2
    if state[DRIFT] != 0.0:
        state[:] = 0.0
    if state[COUNT] == 0.0:
        state[RATIO] = head_start
    ratio = state[RATIO]
    found, consumed = -1, values.size
    for i in range(values.size):
        if not np.isfinite(values[i]):
            found, consumed = -2 - i, i
            break
        z = (values[i] - mean) / sd
        ratio = (1.0 + ratio) * exp(shift * (z - shift / 2.0))
        if ratio > limit:
            state[DRIFT] = 1.0
            found, consumed = i, i + 1
            break
    state[COUNT] += consumed
    state[RATIO] = ratio
    return found
