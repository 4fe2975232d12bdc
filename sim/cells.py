"""What faults do to one column of a page, compiled: one pass over its cells, in place.

Everywhere *x* are the cells (n, d) and *rows* says which records are concerned (n). Both values
that a cell may have are at hand before *rows* chooses: then compilers choose without a branch,
which nobody could foresee where a part of the sources is concerned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Rows = NDArray[np.bool_]


@njit(cache=True)
def blank(x: Floats, state: NDArray[np.uint8], rows: Rows, column: int, why: int) -> None:
    """Take the values away; their *state* (n, d) says *why*."""
    for i in range(len(rows)):
        value, known = x[i, column], state[i, column]
        x[i, column] = np.nan if rows[i] else value
        state[i, column] = np.uint8(why) if rows[i] else known


@njit(cache=True)
def take_out(x: Floats, state: NDArray[np.uint8], rows: Rows, column: int, why: int) -> Any:
    """Take the values away, as `blank` does, and return them (n), NaN elsewhere."""
    taken = np.empty(len(rows))
    for i in range(len(rows)):
        value, known = x[i, column], state[i, column]
        taken[i] = value if rows[i] else np.nan
        x[i, column] = np.nan if rows[i] else value
        state[i, column] = np.uint8(why) if rows[i] else known
    return taken


@njit(cache=True)
def put(x: Floats, rows: Rows, column: int, values: Floats) -> Any:
    """Write *values* (n); return how many of those written are NaN."""
    empty = 0
    for i in range(len(rows)):
        value, new = x[i, column], values[i]
        empty += rows[i] & (new != new)
        x[i, column] = new if rows[i] else value
    return empty


@njit(cache=True)
def rescale(x: Floats, rows: Rows, column: int, factor: float, offset: float) -> None:
    """Multiply by *factor* and add *offset*."""
    for i in range(len(rows)):
        value = x[i, column]
        new = value * factor + offset
        x[i, column] = new if rows[i] else value


@njit(cache=True)
def lean(x: Floats, rows: Rows, column: int, on: Floats, factor: float, offset: float) -> None:
    """Add *factor* times what is *on* the record (n), and *offset*."""
    for i in range(len(rows)):
        value = x[i, column]
        new = value + (on[i] * factor + offset)
        x[i, column] = new if rows[i] else value


@njit(cache=True)
def cut_off(x: Floats, rows: Rows, column: int, scale: float) -> None:
    """Cut off what lies behind whole numbers of 1 / *scale*, towards zero."""
    for i in range(len(rows)):
        value = x[i, column]
        new = np.trunc(value * scale) / scale
        x[i, column] = new if rows[i] else value


@njit(cache=True)
def turn(x: Floats, rows: Rows, column: int, by: float, low: float, high: float) -> None:
    """Move values *by* so much within the circle from *low* to *high*."""
    for i in range(len(rows)):
        if rows[i]:
            x[i, column] = low + (x[i, column] - low + by) % (high - low)


@njit(cache=True)
def recode(x: Floats, rows: Rows, column: int, order: Floats) -> None:
    """Exchange codes for those that *order* holds in their place; what is no code stays."""
    table = np.empty((2, len(order)))
    for code in range(len(order)):
        table[0, code], table[1, code] = code, order[code]
    last = float(len(order) - 1)
    for i in range(len(rows)):
        value = x[i, column]
        place = int(min(max(value, 0.0), last))
        new = table[int(rows[i]), place]
        x[i, column] = new if float(place) == value else value


@njit(cache=True)
def rotate(cells: Any, rows: Rows, columns: NDArray[np.int64]) -> None:
    """Let each of *columns* hold what the next one held, the last what the first did."""
    for i in range(len(rows)):
        if rows[i]:
            first = cells[i, columns[0]]
            for k in range(len(columns) - 1):
                cells[i, columns[k]] = cells[i, columns[k + 1]]
            cells[i, columns[-1]] = first
