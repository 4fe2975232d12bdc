"""Faults of feeds: each wraps what arrives and leaves the truth alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.drift import Span
from sim.errors import one_of, refuse, within
from sim.people import OWNERS
from sim.wire import ABSENT, NULL, Added, Wire

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.chance import Luck
    from sim.schema import Schema


@dataclass(frozen=True, kw_only=True)
class Fault(Span):
    """Something wrong with *columns* for a *share* of the sources, one source after another.

    With *width*, sources change over one by one. *fixed_by* names the owner who repairs it
    once paged; then the world depends on what the operator does (a closed loop).
    """

    columns: tuple[str, ...]
    share: float = 1.0
    fixed_by: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        within(f"{self.label}.share", self.share, 0, 1)
        if not self.columns or not isinstance(self.columns, tuple):
            refuse(f"{self.label}.columns", self.columns, "name the columns, as in ('x0', 'x1')")
        if self.fixed_by:
            one_of(f"{self.label}.fixed_by", self.fixed_by, OWNERS)

    def check(self, schema: Schema) -> None:
        """Refuse columns that *schema* doesn't have."""
        for name in self.columns:
            schema.index(name, f"{self.label}.columns")

    def ends_us(self, repaired_us: int | None) -> int | None:
        """Return when it ends: by itself, or because it was repaired at *repaired_us*."""
        return min((t for t in (self.until_us, repaired_us) if t is not None), default=None)

    def apply(self, wire: Wire, rows: NDArray[np.bool_]) -> Wire:
        """Return what arrives instead of *wire* when *rows* (shape n) are hit."""
        wire = wire.own()
        for name in self.columns:
            wire = self.strike(wire, rows, wire.schema.names.index(name))
        return wire

    def strike(self, wire: Wire, rows: NDArray[np.bool_], column: int) -> Wire:
        """Spoil *column* in *rows* of a wire that may be written to; return it."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Drop(Fault):
    """The columns no longer arrive."""

    kind: ClassVar[str] = "drop"

    def strike(self, wire: Wire, rows: NDArray[np.bool_], column: int) -> Wire:
        """Take the cells away."""
        wire.spoil(rows, column, ABSENT)
        return wire


@dataclass(frozen=True, kw_only=True)
class Rename(Fault):
    """The columns arrive under another name: the old one with *suffix*."""

    suffix: str = "_v2"
    kind: ClassVar[str] = "rename"

    def strike(self, wire: Wire, rows: NDArray[np.bool_], column: int) -> Wire:
        """Move the cells to an added column."""
        values = np.where(rows, wire.x[:, column], np.nan)
        added = Added(wire.schema.names[column] + self.suffix, rows, values)
        wire.spoil(rows, column, ABSENT)
        return Wire(wire.schema, wire.x, wire.state, (*wire.added, added))


@dataclass(frozen=True, kw_only=True)
class UnitChange(Fault):
    """The columns arrive in another unit: multiplied by *factor*, then *offset* is added."""

    factor: float = 1000.0
    offset: float = 0.0
    kind: ClassVar[str] = "unit change"

    def strike(self, wire: Wire, rows: NDArray[np.bool_], column: int) -> Wire:
        """Rescale the cells."""
        wire.x[rows, column] = wire.x[rows, column] * self.factor + self.offset
        return wire


@dataclass(frozen=True, kw_only=True)
class NullBurst(Fault):
    """The columns arrive empty."""

    kind: ClassVar[str] = "null burst"

    def strike(self, wire: Wire, rows: NDArray[np.bool_], column: int) -> Wire:
        """Empty the cells."""
        wire.spoil(rows, column, NULL)
        return wire


def struck(
    luck: Luck,
    fault: Fault,
    sources: int,
    times_us: NDArray[np.int64],
    page: int,
    ends_us: int | None,
) -> NDArray[np.bool_] | None:
    """Return which records of *page* the *fault* hits (shape n), or None if none.

    Sources change over in an order of the fault's own; a record's source is its own luck.
    """
    gone = fault.ramp(times_us, ends_us)
    if isinstance(gone, float) and gone == 0.0:
        return None
    order = (luck.page(f"order of {fault.label}").permutation(sources) + 0.5) / sources
    ranks = order[luck.page("source", page).integers(0, sources, len(times_us))]
    rows: NDArray[np.bool_] = ranks < fault.share * gone
    return rows if rows.any() else None
