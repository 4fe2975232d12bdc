"""What arrives over the feed: the records as the service sees them, faults included."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

from sim import cells

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.schema import Schema

    Floats = NDArray[np.float64]
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

    Its *cells* may be those of another wire as well: what differs then stands apart, column by
    column. *state* (n, d) says for each cell whether it holds a value; None means that all do. Of
    the records: *copies* says how often each is there, *kept_us* since when storage has it,
    *stamp_us* which time it bears there (shape n; None: once, at once, its own).
    """

    schema: Schema
    cells: Floats
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
    _apart: dict[int, Floats] = field(default_factory=dict, repr=False, compare=False)
    """columns (n) that differ from the cells"""

    @property
    def x(self) -> Floats:
        """All cells (n, d), read-only once frozen; `take` rows or a `column` where that will do."""
        if not self._apart:
            return self.cells
        x = self.take(slice(None))
        x.setflags(write=False)
        return x

    def take(self, rows: NDArray[np.intp] | slice) -> Floats:
        """Return the cells of some records."""
        x = self.cells[rows]
        if self._apart:
            x = x.copy() if isinstance(rows, slice) else x
            for place, values in self._apart.items():
                x[:, place] = values[rows]
        return x

    def column(self, place: int) -> Floats:
        """Return one column (n)."""
        return self._apart[place] if place in self._apart else self.cells[:, place]

    @property
    def nbytes(self) -> int:
        """The memory of what stands apart."""
        return sum(values.nbytes for values in self._apart.values())

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
                    rows = beyond(self.column(place), bound)
                    broken = rows if broken is None else broken | rows
            if column.kind == "category":
                codes = self.column(place)
                known = (codes >= 0) & (codes < len(column.categories)) & (codes == codes // 1)
                broken = ~known if broken is None else broken | ~known
        return broken

    def without(self, names: tuple[str, ...]) -> Wire:
        """Return the same wire as somebody reads it who uses none of the columns *names*."""
        wire = self.copied()
        everywhere = np.ones(len(self.cells), dtype=bool)
        places = tuple(self.schema.names.index(name) for name in names)
        for place in places:
            wire.spoil(everywhere, place, ABSENT)
        return wire.but(unused=places).freeze()

    def but(self, **changes: Any) -> Wire:
        """Return the same wire with *changes* of its fields."""
        wire = object.__new__(Wire)  # no initialisation: this is done for every page
        wire.__dict__.update(self.__dict__)
        wire.__dict__.pop("broken", None)
        wire.__dict__.update(changes)
        return wire

    def own(self, columns: Sequence[int]) -> Wire:
        """Return a wire whose cells of *columns* may be written to: itself if they are its own.

        It is for who lets go of this one: the cells may be the same, spoiled in place.
        """
        lender = self.lender
        if self._owned and lender is None:
            return self
        if lender is not None and lender.lend(columns) is not None:
            self._owned = True
            return self
        return self.copied()

    def copied(self) -> Wire:
        """Return a copy that may be written to and shares nothing that is written."""
        state = None if self.state is None else self.state.copy()
        return self.but(cells=self._whole(), state=state, lender=None, _owned=True, _apart={})

    def emptied(self, why: int) -> Wire:
        """Return what is left if no agreed column arrives: *why* is the state of each cell."""
        count, columns = self.cells.shape
        nothing = _nothing(count.bit_length(), columns, why)
        cells, state = nothing.x[:count], nothing.state[:count]
        return self.but(cells=cells, state=state, added=(), lender=None, _owned=False, _apart={})

    def beside(self) -> Wire:
        """Return another wire with the same cells, to which only this one may write.

        Before it does so it must let the other `save` them.
        """
        state = None if self.state is None else self.state.copy()
        return self.but(state=state, lender=None, _owned=False, _apart=dict(self._apart))

    def save(self, columns: Sequence[int]) -> Wire:
        """Let *columns* stand apart, so that they may be written to; return the wire."""
        if not self._owned and 2 * len(columns) > self.cells.shape[1]:
            self.cells, self._apart, self._owned = self._whole(), {}, True
        for place in columns if not self._owned else ():
            if place not in self._apart:
                self._apart[place] = self.cells[:, place].copy()
        return self

    def _whole(self) -> Floats:
        return self.take(slice(None)) if self._apart else self.cells.copy()

    def place(self, column: int) -> tuple[Floats, int]:
        """Return the cells (n, …) in which *column* may be written to, and its place there."""
        values = self._apart.get(column)
        return (self.cells, column) if values is None else (values[:, None], 0)

    def plus(self, added: Added) -> Wire:
        """Return the same wire with one more column that nobody agreed on."""
        return self.but(added=(*self.added, added))

    def arriving(self, rows: Bools, column: int) -> Bools:
        """Return those of *rows* whose cell of *column* arrives at all."""
        if self.state is None:
            return rows
        state = self.state[:, column]
        return np.asarray(rows & (state != ABSENT) & (state != LATE))

    def spoil(self, rows: Bools, column: int, state: int) -> None:
        """Take the values of *column* away from *rows*."""
        if self.state is None:
            self.state = np.zeros(self.cells.shape, dtype=np.uint8)
        cells.blank(*self.place(column), self.state, rows, column, state)

    def take_out(self, rows: Bools, column: int, state: int) -> NDArray[np.float64]:
        """Take the values of *column* away from *rows* and return them (shape n), NaN elsewhere."""
        if self.state is None:
            self.state = np.zeros(self.cells.shape, dtype=np.uint8)
        return np.asarray(cells.take_out(*self.place(column), self.state, rows, column, state))

    def put(self, rows: Bools, column: int, values: NDArray[np.float64]) -> None:
        """Let *values* (shape n) arrive in *rows* instead, wherever the column arrives."""
        rows = self.arriving(rows, column)
        empty = cells.put(*self.place(column), rows, values)
        if self.state is not None or empty:
            if self.state is None:
                self.state = np.zeros(self.cells.shape, dtype=np.uint8)
            self.state[rows, column] = np.where(np.isnan(values[rows]), NULL, OK)

    def rows(self, known: Bools, now_us: int) -> NDArray[np.intp]:
        """Return which rows storage has at *now_us*, of those *known*; each copy is one."""
        rows = np.flatnonzero(known if self.kept_us is None else known & (self.kept_us <= now_us))
        return rows if self.copies is None else np.repeat(rows, self.copies[rows])

    def lined_up(self, bounds: Ints) -> tuple[Wire, Ints]:
        """Return the records as they came in, copies one after another, and their *bounds*."""
        if self.copies is None:
            return self, bounds
        rows = np.repeat(np.arange(len(self.cells)), self.copies)
        before = np.concatenate([[0], np.cumsum(self.copies)])
        state = None if self.state is None else self.state[rows]
        added = tuple(Added(a.name, a.rows[rows], a.values[rows]) for a in self.added)
        again = np.concatenate([[False], rows[1:] == rows[:-1]]) if len(rows) else rows == 0
        wire = Wire(self.schema, self.take(rows), state, added, again=again)
        return wire.freeze(), before[bounds]

    def freeze(self) -> Wire:
        """Make the arrays read-only and return it."""
        self._owned, self.lender = False, None
        arrays = (self.cells, self.state, self.copies, self.kept_us, self.stamp_us, self.again)
        for array in (*arrays, *self._apart.values()):
            if array is not None:
                array.setflags(write=False)
        return self
