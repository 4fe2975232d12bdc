"""Sums per tick over records in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def by_tick(bounds: NDArray[np.int64], *values: NDArray[Any]) -> NDArray[np.float64]:
    """Add up each of *values* (shape n) over the ticks of *bounds* (ticks × values).

    Each tick is added up in order by itself, so that its sum does not depend on its neighbours.

    >>> by_tick(np.array([0, 2, 2, 3]), np.array([1.0, 2.0, 4.0])).tolist()
    [[3.0], [0.0], [4.0]]
    """
    tick, ticks = _ticks(bounds), len(bounds) - 1
    return np.stack([np.bincount(tick, array, ticks) for array in values], axis=1)


def by_bin(
    bounds: NDArray[np.int64],
    rows: NDArray[np.bool_],
    bins: NDArray[Any],
    size: int,
    *values: NDArray[Any],
) -> NDArray[np.float64]:
    """Count *rows*, and add up each of *values* over them, by tick and bin (ticks × k·bins).

    >>> by_bin(np.array([0, 2]), np.array([True, True]), np.array([0, 1]), 2).tolist()
    [[1.0, 1.0]]
    """
    ticks = len(bounds) - 1
    place = (_ticks(bounds) * size + bins)[rows]
    sums = [np.bincount(place, minlength=ticks * size).astype(np.float64)]
    for array in values:
        sums.append(np.bincount(place, array[rows], ticks * size).astype(np.float64))
    return np.concatenate([table.reshape(ticks, size) for table in sums], axis=1)


def _ticks(bounds: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
