"""The log-likelihood-ratio CUSUM over an array."""

from __future__ import annotations

from typing import TYPE_CHECKING

from numba import njit

from strategies.detectors.kernels import SIGNATURE
from strategies.detectors.kernels.chart import SLOTS, walk

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from strategies.detectors.kernels.chart import Now

    Floats = NDArray[np.float64]

__all__ = ["SLOTS", "scan"]


@njit(inline="always")
def _step(now: Now, value: float, parameters: tuple[float, ...]) -> tuple[Now, bool]:
    slope, at_zero, limit = parameters
    total = max(0.0, now[0] + (at_zero + slope * value))
    return (total, 0.0), total > limit


@njit(SIGNATURE, cache=True)
def scan(values: Floats, state: Floats, parameters: Floats) -> int:
    """Consume *values* to the first alarm; each adds its log-likelihood ratio."""
    p = parameters
    return walk(values, state, _step, (p[0], p[1], p[2]), p[3], p[4] != 0.0)
