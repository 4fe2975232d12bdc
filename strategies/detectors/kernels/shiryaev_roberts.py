"""Shiryaev-Roberts over an array, for a Gaussian mean that shifts."""

from __future__ import annotations

from math import exp
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
    mean, sd, shift, limit = parameters
    z = (value - mean) / sd
    ratio = (1.0 + now[0]) * exp(shift * (z - shift / 2.0))
    return (ratio, 0.0), ratio > limit


@njit(SIGNATURE, cache=True)
def scan(values: Floats, state: Floats, parameters: Floats) -> int:
    """Consume *values*, all finite, to the first alarm."""
    p = parameters
    return walk(values, state, _step, (p[0], p[1], p[2], p[3]), p[4], False)
