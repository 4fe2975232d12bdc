"""EWMA over an array; with weight 1 it is Shewhart's chart."""

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
    mean, sd, weight, limit, up, down = parameters
    z, rest = (value - mean) / sd, 1.0 - weight
    average = rest * now[0] + weight * z if rest > 0.0 else z
    alarm = (up != 0.0 and average > limit) or (down != 0.0 and average < -limit)
    return (average, 0.0), alarm


@njit(SIGNATURE, cache=True)
def scan(values: Floats, state: Floats, parameters: Floats) -> int:
    """Consume *values*, all finite, to the first alarm; the last two say on which side."""
    p = parameters
    return walk(values, state, _step, (p[0], p[1], p[2], p[3], p[5], p[6]), p[4], False)
