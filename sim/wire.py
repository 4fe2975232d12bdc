"""What arrives over the feed: the records as the service sees them, faults included."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.schema import Schema

OK, NULL, ABSENT, MISTYPED = 0, 1, 2, 3
"""What a cell of the agreed columns can be."""


@dataclass(frozen=True)
class Added:
    """A column that nobody agreed on: its *name*, the *rows* that have it, their *values*."""

    name: str
    rows: NDArray[np.bool_]
    values: NDArray[np.float64]


@dataclass
class Wire:
    """One page of records in the agreed columns (n, d), and what is wrong with them.

    *state* (n, d) says for each cell whether it holds a value; None means that all do.
    """

    schema: Schema
    x: NDArray[np.float64]
    state: NDArray[np.uint8] | None = None
    added: tuple[Added, ...] = field(default=())

    @cached_property
    def broken(self) -> NDArray[np.bool_] | None:
        """Which records break the contract: a value is missing or out of range (shape n)."""
        broken: NDArray[np.bool_] | None = None
        if self.state is not None:
            broken = np.asarray((self.state > 0).any(axis=1))
        for place, column in enumerate(self.schema.columns):
            for bound, beyond in ((column.low, np.less), (column.high, np.greater)):
                if np.isfinite(bound):
                    rows = beyond(self.x[:, place], bound)
                    broken = rows if broken is None else broken | rows
        return broken

    def own(self) -> Wire:
        """Return a copy whose arrays may be written to."""
        state = np.zeros(self.x.shape, dtype=np.uint8) if self.state is None else self.state.copy()
        return Wire(self.schema, self.x.copy(), state, self.added)

    def spoil(self, rows: NDArray[np.bool_], column: int, state: int) -> None:
        """Take the values of *column* away from *rows*."""
        assert self.state is not None
        self.x[rows, column] = np.nan
        self.state[rows, column] = state

    def freeze(self) -> Wire:
        """Make the arrays read-only and return it."""
        self.x.flags.writeable = False
        if self.state is not None:
            self.state.flags.writeable = False
        return self
