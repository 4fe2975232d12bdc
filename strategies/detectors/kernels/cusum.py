"""CUSUM over an array: two sums that never go below zero."""

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
    mean, sd, allowance, limit, up, down = parameters
    z = (value - mean) / sd
    risen, fallen = max(0.0, now[0] + z - allowance), max(0.0, now[1] - z - allowance)
    alarm = (up != 0.0 and risen > limit) or (down != 0.0 and fallen > limit)
    return (risen, fallen), alarm


@njit(SIGNATURE, cache=True)
def scan(values: Floats, state: Floats, parameters: Floats) -> int:
    """Consume *values*, all finite, to the first alarm; the last two say which sums count."""
    p = parameters
    return walk(values, state, _step, (p[0], p[1], p[2], p[3], p[5], p[6]), p[4], False)
