"""The log-likelihood-ratio CUSUM over an array."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from strategies.detectors.kernels import SIGNATURE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

DRIFT, _, COUNT, SUM = range(4)
SLOTS = 4


@njit(cache=True, inline="always")
def _fits(value: float, binary: bool) -> bool:
    return value == 0.0 or value == 1.0 if binary else bool(np.isfinite(value))


@njit(SIGNATURE.format("float64, float64, float64, float64, boolean"), cache=True)
def scan(
    values: Floats,
    state: Floats,
    slope: float,
    at_zero: float,
    limit: float,
    head_start: float,
    binary: bool,
) -> int:
    """Consume *values* to the first alarm; each adds *at_zero* plus *slope* times itself."""
    if values.size == 0:
        return -1
    if not _fits(values[0], binary):
        return -2
    if state[DRIFT] != 0.0:
        state[:] = 0.0
    if state[COUNT] == 0.0:
        state[SUM] = head_start
    total = state[SUM]
    found, consumed = -1, values.size
    for i in range(values.size):
        value = values[i]
        if not _fits(value, binary):
            found, consumed = -2 - i, i
            break
        total = max(0.0, total + (at_zero + slope * value))
        if total > limit:
            state[DRIFT] = 1.0
            found, consumed = i, i + 1
            break
    state[COUNT] += consumed
    state[SUM] = total
    return found
