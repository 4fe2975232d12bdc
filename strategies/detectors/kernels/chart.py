"""The walk that control charts share: from value to value, each with a step of its own.

Numba puts the step into the walk, so it costs no call. What it caches is as old as the chart's own
file: who changes this one deletes the caches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Now = tuple[float, float]

DRIFT, _, COUNT, FIRST, SECOND = range(5)
SLOTS = 5


@njit(inline="always")
def finite(value: float, binary: bool) -> bool:
    """Tell whether *value* is in the domain: 0 and 1 if *binary*, else all finite numbers."""
    return value == 0.0 or value == 1.0 if binary else bool(np.isfinite(value))


@njit(inline="always")
def walk(
    values: Floats,
    state: Floats,
    step: Callable[..., tuple[Now, bool]],
    parameters: tuple[float, ...],
    head_start: float,
    binary: bool,
) -> int:
    """Consume *values* to the first alarm.

    `step((first, second), value, parameters)` gives the next two numbers that a chart keeps, which
    begin at *head_start*, and whether they raise an alarm.
    """
    if values.size == 0:
        return -1
    if not finite(values[0], binary):
        return -2
    if state[DRIFT] != 0.0:
        state[:] = 0.0
    if state[COUNT] == 0.0:
        state[FIRST] = state[SECOND] = head_start
    now = state[FIRST], state[SECOND]
    found, consumed = -1, values.size
    for i in range(values.size):
        if not finite(values[i], binary):
            found, consumed = -2 - i, i
            break
        now, alarm = step(now, values[i], parameters)
        if alarm:
            state[DRIFT] = 1.0
            found, consumed = i, i + 1
            break
    state[COUNT] += consumed
    state[FIRST], state[SECOND] = now
    return found
