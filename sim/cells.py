"""What faults do to one column of a page, compiled: one pass over its cells, in place.

Everywhere *x* are cells (n, …), *place* is the column's in them, and *rows* says which records are
concerned (n). Both values that a cell may have are at hand before *rows* chooses: then compilers
choose without a branch, which nobody could foresee where a part of the sources is concerned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Rows = NDArray[np.bool_]
    States = NDArray[np.uint8]


@njit(cache=True)
def blank(x: Floats, place: int, state: States, rows: Rows, column: int, why: int) -> None:
    """Take the values away; their *state* (n, d), in which they are *column*, says *why*."""
    for i in range(len(rows)):
        value, known = x[i, place], state[i, column]
        x[i, place] = np.nan if rows[i] else value
        state[i, column] = np.uint8(why) if rows[i] else known


@njit(cache=True)
def take_out(x: Floats, place: int, state: States, rows: Rows, column: int, why: int) -> Any:
    """Take the values away, as `blank` does, and return them (n), NaN elsewhere."""
    taken = np.empty(len(rows))
    for i in range(len(rows)):
        value, known = x[i, place], state[i, column]
        taken[i] = value if rows[i] else np.nan
        x[i, place] = np.nan if rows[i] else value
        state[i, column] = np.uint8(why) if rows[i] else known
    return taken


@njit(cache=True)
def put(x: Floats, place: int, rows: Rows, values: Floats) -> Any:
    """Write *values* (n); return how many of those written are NaN."""
    empty = 0
    for i in range(len(rows)):
        value, new = x[i, place], values[i]
        empty += rows[i] & (new != new)
        x[i, place] = new if rows[i] else value
    return empty


@njit(cache=True)
def rescale(x: Floats, place: int, rows: Rows, factor: float, offset: float) -> None:
    """Multiply by *factor* and add *offset*."""
    for i in range(len(rows)):
        value = x[i, place]
        new = value * factor + offset
        x[i, place] = new if rows[i] else value


@njit(cache=True)
def lean(x: Floats, place: int, rows: Rows, on: Floats, factor: float, offset: float) -> None:
    """Add *factor* times what is *on* the record (n), and *offset*."""
    for i in range(len(rows)):
        value = x[i, place]
        new = value + (on[i] * factor + offset)
        x[i, place] = new if rows[i] else value


@njit(cache=True)
def cut_off(x: Floats, place: int, rows: Rows, scale: float) -> None:
    """Cut off what lies behind whole numbers of 1 / *scale*, towards zero."""
    for i in range(len(rows)):
        value = x[i, place]
        new = np.trunc(value * scale) / scale
        x[i, place] = new if rows[i] else value


@njit(cache=True)
def turn(x: Floats, place: int, rows: Rows, by: float, low: float, high: float) -> None:
    """Move values *by* so much within the circle from *low* to *high*."""
    round_ = high - low
    for i in range(len(rows)):
        if not rows[i]:
            continue
        at = x[i, place] - low + by
        if at >= round_ and at < 2.0 * round_:  # exactly what the slow remainder gives
            at -= round_
        elif at < 0.0 and at >= -round_:
            at += round_
        elif not (at >= 0.0 and at < round_):
            at %= round_
        x[i, place] = low + at


@njit(cache=True)
def recode(x: Floats, place: int, rows: Rows, order: Floats) -> None:
    """Exchange codes for those that *order* holds in their place; what is no code stays."""
    table = np.empty((2, len(order)))
    for code in range(len(order)):
        table[0, code], table[1, code] = code, order[code]
    last = float(len(order) - 1)
    for i in range(len(rows)):
        value = x[i, place]
        code = int(min(max(value, 0.0), last))
        new = table[int(rows[i]), code]
        x[i, place] = new if float(code) == value else value


@njit(cache=True)
def exchange(x: Floats, place: int, rows: Rows, old: float, new: float) -> None:
    """Put one value in the place of another."""
    for i in range(len(rows)):
        value = x[i, place]
        x[i, place] = new if rows[i] & (value == old) else value


@njit(cache=True)
def hold_back(kept_us: Ints, stamp_us: Ints, rows: Rows, luck: Floats, most_us: float) -> Any:
    """Return when records arrive that are held back by a part of *most_us* (n), at luck."""
    arrives_us = np.empty_like(kept_us)
    for i in range(len(rows)):
        late_us = stamp_us[i] + (np.int64(luck[i] * most_us) if rows[i] else 0)
        arrives_us[i] = max(kept_us[i], late_us)
    return arrives_us


@njit(cache=True)
def swap(x: Any, place: int, other: Any, there: int, rows: Rows) -> None:
    """Exchange the cells of two columns."""
    for i in range(len(rows)):
        first, second = x[i, place], other[i, there]
        x[i, place] = second if rows[i] else first
        other[i, there] = first if rows[i] else second
