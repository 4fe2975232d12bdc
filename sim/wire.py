"""What arrives over the feed: the records as the service sees them, faults included."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from sim import cells

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.schema import Schema

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

OK, NULL, ABSENT, MISTYPED, LATE = range(5)
"""What a cell of the agreed columns can be."""


@dataclass(frozen=True)
class Added:
    """A column that nobody agreed on: its *name*, the *rows* that have it, their *values*."""

    name: str
    rows: NDArray[np.bool_]
    values: NDArray[np.float64]


class Lender(Protocol):
    """Truth that remembers columns which are spoiled in place."""

    def lend(self, columns: Sequence[int]) -> NDArray[np.float64] | None:
        """Return its cells to be spoiled in *columns*, None if they cannot be."""


class _Nothing(NamedTuple):
    x: NDArray[np.float64]
    state: NDArray[np.uint8]


@lru_cache(maxsize=16)
def _nothing(bits: int, columns: int, why: int) -> _Nothing:
    """Return empty cells for many records, read-only, to be cut to size."""
    x = np.full((1 << bits, columns), np.nan)
    state = np.full(x.shape, why, dtype=np.uint8)
    x.flags.writeable = state.flags.writeable = False
    return _Nothing(x, state)


@dataclass
class Wire:
    """One page of records in the agreed columns (n, d), and what is wrong with them.

    *state* (n, d) says for each cell whether it holds a value; None means that all do. Of the
    records: *copies* says how often each is there, *kept_us* since when storage has it,
    *stamp_us* which time it bears there (shape n; None: once, at once, its own).
    """

    schema: Schema
    x: NDArray[np.float64]
    state: NDArray[np.uint8] | None = None
    added: tuple[Added, ...] = field(default=())
    copies: Ints | None = None
    kept_us: Ints | None = None
    stamp_us: Ints | None = None
    again: Bools | None = None
    """which of them are there for the second time; only where copies are lined up"""
    unused: tuple[int, ...] = ()
    """columns that nobody reads: they break no contract"""
    lender: Lender | None = field(default=None, repr=False, compare=False)
    """whose cells these are, if they may be spoiled in place"""
    _owned: bool = field(default=False, repr=False, compare=False)

    @cached_property
    def broken(self) -> Bools | None:
        """Which records break the contract: a value is missing or not as agreed (shape n)."""
        broken: Bools | None = None
        if self.state is not None:
            spoilt = self.state > 0
            spoilt[:, list(self.unused)] = False
            broken = np.asarray(spoilt.any(axis=1))
        for place, column in enumerate(self.schema.columns):
            if place in self.unused:
                continue
            for bound, beyond in ((column.low, np.less), (column.high, np.greater)):
                if np.isfinite(bound):
                    rows = beyond(self.x[:, place], bound)
                    broken = rows if broken is None else broken | rows
            if column.kind == "category":
                codes = self.x[:, place]
                known = (codes >= 0) & (codes < len(column.categories)) & (codes == codes // 1)
                broken = ~known if broken is None else broken | ~known
        return broken

    def without(self, names: tuple[str, ...]) -> Wire:
        """Return the same wire as somebody reads it who uses none of the columns *names*."""
        wire = self.apart()
        everywhere = np.ones(len(self.x), dtype=bool)
        places = tuple(self.schema.names.index(name) for name in names)
        for place in places:
            wire.spoil(everywhere, place, ABSENT)
        return replace(wire, unused=places).freeze()

    def own(self, columns: Sequence[int]) -> Wire:
        """Return a wire whose cells of *columns* may be written to: itself if they are its own.

        It is for who lets go of this one: the cells may be the same, spoiled in place.
        """
        if self.lender is not None and self.lender.lend(columns) is not None:
            self._owned = True
        return self if self._owned else self.apart()

    def apart(self) -> Wire:
        """Return a copy that may be written to and shares nothing that is written."""
        state = None if self.state is None else self.state.copy()
        return replace(self, x=self.x.copy(), state=state, lender=None, _owned=True)

    def emptied(self, why: int) -> Wire:
        """Return what is left if no agreed column arrives: *why* is the state of each cell."""
        count, columns = self.x.shape
        nothing = _nothing(count.bit_length(), columns, why)
        x, state = nothing.x[:count], nothing.state[:count]
        return replace(self, x=x, state=state, added=(), lender=None, _owned=False)

    def beside(self) -> Wire:
        """Return another wire with the same cells: whoever writes to either first copies them."""
        self._owned, self.lender = False, None
        return replace(self)

    def plus(self, added: Added) -> Wire:
        """Return the same wire with one more column that nobody agreed on."""
        return replace(self, added=(*self.added, added))

    def arriving(self, rows: Bools, column: int) -> Bools:
        """Return those of *rows* whose cell of *column* arrives at all."""
        if self.state is None:
            return rows
        state = self.state[:, column]
        return np.asarray(rows & (state != ABSENT) & (state != LATE))

    def spoil(self, rows: Bools, column: int, state: int) -> None:
        """Take the values of *column* away from *rows*."""
        if self.state is None:
            self.state = np.zeros(self.x.shape, dtype=np.uint8)
        cells.blank(self.x, self.state, rows, column, state)

    def take_out(self, rows: Bools, column: int, state: int) -> NDArray[np.float64]:
        """Take the values of *column* away from *rows* and return them (shape n), NaN elsewhere."""
        if self.state is None:
            self.state = np.zeros(self.x.shape, dtype=np.uint8)
        return np.asarray(cells.take_out(self.x, self.state, rows, column, state))

    def put(self, rows: Bools, column: int, values: NDArray[np.float64]) -> None:
        """Let *values* (shape n) arrive in *rows* instead, wherever the column arrives."""
        rows = self.arriving(rows, column)
        empty = cells.put(self.x, rows, column, values)
        if self.state is not None or empty:
            if self.state is None:
                self.state = np.zeros(self.x.shape, dtype=np.uint8)
            self.state[rows, column] = np.where(np.isnan(values[rows]), NULL, OK)

    def rows(self, known: Bools, now_us: int) -> NDArray[np.intp]:
        """Return which rows storage has at *now_us*, of those *known*; each copy is one."""
        rows = np.flatnonzero(known if self.kept_us is None else known & (self.kept_us <= now_us))
        return rows if self.copies is None else np.repeat(rows, self.copies[rows])

    def lined_up(self, bounds: Ints) -> tuple[Wire, Ints]:
        """Return the records as they came in, copies one after another, and their *bounds*."""
        if self.copies is None:
            return self, bounds
        rows = np.repeat(np.arange(len(self.x)), self.copies)
        before = np.concatenate([[0], np.cumsum(self.copies)])
        state = None if self.state is None else self.state[rows]
        added = tuple(Added(a.name, a.rows[rows], a.values[rows]) for a in self.added)
        again = np.concatenate([[False], rows[1:] == rows[:-1]]) if len(rows) else rows == 0
        wire = Wire(self.schema, self.x[rows], state, added, again=again)
        return wire.freeze(), before[bounds]

    def freeze(self) -> Wire:
        """Make the arrays read-only and return it."""
        self._owned, self.lender = False, None
        for array in (self.x, self.state, self.copies, self.kept_us, self.stamp_us, self.again):
            if array is not None:
                array.flags.writeable = False
        return self
