"""Faults of the feed: each wraps what arrives and leaves the truth alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from sim.errors import one_of, refuse
from sim.faults.fault import Fault

if TYPE_CHECKING:
    from sim.faults.scene import Hit
    from sim.schema import Schema
    from sim.wire import Wire

REACHES = ("both", "service", "storage")


class Feed(NamedTuple):
    """What the service is given and what storage holds: one object unless they differ."""

    served: Wire
    stored: Wire


@dataclass(frozen=True, kw_only=True)
class FeedFault(Fault):
    """Something wrong with *columns* for a *share* of the sources.

    With *width*, sources change over one by one. *reach* says where: at the 'service', in the
    'storage' that trainings read, or in 'both', as when the feed itself is wrong.
    """

    columns: tuple[str, ...]
    reach: str = "both"
    whole_rows: ClassVar[bool] = False
    """whether it strikes records as a whole: then no columns need be named"""
    writes: ClassVar[bool] = True
    """whether it writes to cells: then they are copied first"""
    takes: ClassVar[str] = ""
    """of which kind its columns must be: number or category; '': of any"""
    looks_back: ClassVar[int] = 0
    """how many pages before its onset it may look at; 0: it never looks back at all"""

    def __post_init__(self) -> None:
        super().__post_init__()
        one_of(f"{self.label}.reach", self.reach, REACHES)
        if not self.columns and not self.whole_rows:
            refuse(f"{self.label}.columns", self.columns, "name the columns, as in ('x0', 'x1')")

    def check(self, schema: Schema) -> None:
        """Refuse columns that *schema* doesn't have, or to whose kind this cannot happen."""
        super().check(schema)
        for name in self.columns:
            kind = schema.columns[schema.names.index(name)].kind
            if self.takes and kind != self.takes:
                holds = "numbers" if kind == "number" else "categories"
                remedy = f"it holds {holds}, name a {self.takes} column"
                refuse(f"{self.label}.columns", name, remedy)

    def spoil(self, feed: Feed, hit: Hit) -> Feed:
        """Return what is served and stored instead of *feed*."""
        served, stored = feed
        if self.reach == "both" and stored is served:
            served = stored = self.apply(self._ready(served), hit)
        elif self.reach == "both":
            served, stored = (self.apply(self._ready(wire), hit) for wire in feed)
        elif self.reach == "service":
            served = self.apply(self._ready(served, alone=stored is not served), hit)
        else:
            stored = self.apply(self._ready(stored, alone=stored is not served), hit)
        return Feed(served, stored)

    def _ready(self, wire: Wire, *, alone: bool = True) -> Wire:
        """Return a wire to work on; not *alone*: somebody else keeps this one."""
        if not self.writes:
            return wire if alone else wire.beside()
        names = wire.schema.names
        columns = [names.index(name) for name in self.columns or names]
        return wire.own(columns) if alone else wire.apart()

    def apply(self, wire: Wire, hit: Hit) -> Wire:
        """Return what arrives instead of a *wire*, whose cells may be written to if it `writes`."""
        for name in self.columns:
            wire = self.strike(wire, hit, wire.schema.names.index(name))
        return wire

    def strike(self, wire: Wire, hit: Hit, column: int) -> Wire:
        """Spoil one *column* in the rows of *hit*; return the wire."""
        raise NotImplementedError
