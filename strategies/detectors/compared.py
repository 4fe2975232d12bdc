"""What two samples look like beside each other, and the shape that samples have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Compared:
    """The *statistic* of a window beside the reference, its *p_value* if it has one, and *drift*.

    *column* is where the two differ most, None if all columns are judged together.
    """

    drift: bool
    statistic: float
    p_value: float | None = None
    column: int | None = None


def rows(values: ArrayLike, name: str, columns: int | None = None) -> Floats:
    """Return *values* as finite rows (n, d); single numbers are rows of one."""
    import numpy as np

    table = np.asarray(values, dtype=np.float64)
    if table.ndim == 1:
        table = table[:, None]
    if table.ndim != 2 or not len(table):
        raise ValueError(f"{name} takes rows of numbers, got an array of shape {table.shape}")
    if columns is not None and table.shape[1] != columns:
        raise ValueError(f"{name} was fitted on {columns} columns, got {table.shape[1]}")
    odd = ~np.isfinite(table)
    if odd.any():
        raise ValueError(f"{name} takes only finite numbers, got {table[odd][0]}")
    return table
