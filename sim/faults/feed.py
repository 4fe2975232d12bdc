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
            if self.writes:
                served = served.own(self._written(served))
            wire = self.apply(served, hit)
            return feed if wire is feed.served else Feed(wire, wire)
        served, stored = self._apart(feed)
        if self.reach != "storage":
            served = self.apply(served, hit)
        if self.reach != "service":
            stored = self.apply(stored, hit)
        return Feed(served, stored)

    def _apart(self, feed: Feed) -> Feed:
        """Return a wire for the service and one for storage, to be written to where it reaches.

        They share the cells, which the service's way spoils in place: it is read all the time.
        What storage holds instead is kept column by column, for a training to put together.
        """
        served, stored = feed
        stored = stored.beside() if stored is served else stored
        if self.writes:
            columns = self._written(served)
            if self.reach != "storage":
                served = served.own(columns)
            if self.reach != "service" or stored.cells is served.cells:
                stored.save(columns)
        return Feed(served, stored)

    def _written(self, wire: Wire) -> list[int]:
        """Return the places of the columns that it writes to."""
        names = wire.schema.names
        return [names.index(name) for name in self.columns or names]

    def apply(self, wire: Wire, hit: Hit) -> Wire:
        """Return what arrives instead of a *wire*, whose cells may be written to if it `writes`."""
        for name in self.columns:
            wire = self.strike(wire, hit, wire.schema.names.index(name))
        return wire

    def strike(self, wire: Wire, hit: Hit, column: int) -> Wire:
        """Spoil one *column* in the rows of *hit*; return the wire."""
        raise NotImplementedError
