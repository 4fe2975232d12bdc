"""The schema contract: what producer and consumer of a feed agreed on, checked at every tick."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.errors import refuse, within
from strategies.detectors.above import Above
from strategies.monitors.monitor import Monitor
from strategies.monitors.wording import listed, percent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.monitoring import Baseline, TicksSeen
    from sim.schema import Schema
    from sim.wire import Wire

    Ints = NDArray[np.int64]

SMALL = 1 / 30
NEARLY_ALL = 0.9
KINDS = (
    "arrived empty",
    "did not arrive",
    "arrived as another type",
    "came too late to be answered with",
    "left the agreed range",
    "lay far outside the training range (another unit?)",
    "were next to nothing beside the training values (another unit?)",
    "held categories that nobody agreed on",
)
"""What can be wrong with a cell, in the order in which it is counted."""
TINY = 6
ROWS = 4
"""How many counts of records come before those of cells."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Contract(Monitor):
    """Alarms when more than *limit* of the records in *window* ticks break the agreed schema.

    A record breaks it with a cell that is missing, late, empty, of another type, outside the
    agreed range or of an unknown category, with a column that nobody agreed on, or because it
    came before. Two suspicions of another unit are added: a
    value further outside the training range than that range is wide breaks the contract, and so
    does a column nine tenths of whose values are smaller than a thirtieth of the median
    magnitude of its training deciles. Smaller changes, such as inches for centimetres, are for
    `Shift` to see. Fewer than *minimum* records are not judged: with little traffic widen the
    *window*.

    >>> Contract(limit=0.05).detector
    Above(limit=0.05)
    """

    limit: float = 0.01
    minimum: int = 30
    window: int = 1
    name: str = "contract"
    layer: str = "input"
    owner: str = "data"
    clock: ClassVar[str] = "tick"

    def __post_init__(self) -> None:
        within("contract.limit", self.limit, 0, 1)
        for field in ("minimum", "window"):
            if getattr(self, field) < 1:
                refuse(f"contract.{field}", getattr(self, field), "give a whole number from 1 up")

    @property
    def detector(self) -> Above:
        """The limit."""
        return Above(limit=self.limit)

    def summarise(self, seen: TicksSeen) -> Ints:
        """Count per tick: records, broken and widened ones, copies, then cells by kind."""
        from strategies.monitors.kernels import inspect

        wire, ticks = seen.wire, len(seen.bounds) - 1
        size = len(wire.schema.columns)
        state = np.empty((0, size), dtype=np.uint8) if wire.state is None else wire.state
        added = np.zeros(len(wire.x) if wire.added else 0, dtype=bool)
        for column in wire.added:
            added |= column.rows
        again = np.zeros(0, dtype=bool) if wire.again is None else wire.again
        out = np.zeros((ticks, ROWS), dtype=np.int64)
        cells = np.zeros((ticks, size, len(KINDS)), dtype=np.int64)
        limits = _limits(wire.schema, seen.baseline)
        inspect(
            seen.bounds, _without_gaps(wire, seen.baseline), state, added, again, limits, out, cells
        )
        return np.concatenate([out, cells.reshape(ticks, -1)], axis=1)

    def judge(self, counts: Ints, baseline: Baseline) -> NDArray[np.float64]:
        """Return the share of records that break the contract, NaN for too few records."""
        records = counts[:, 0]
        share = counts[:, 1] / np.maximum(records, 1)
        tiny = counts[:, ROWS + TINY :: len(KINDS)].max(axis=1) / np.maximum(records, 1)
        share = np.where(tiny > NEARLY_ALL, np.maximum(share, tiny), share)
        return np.where(records >= self.minimum, share, np.nan)

    def explain(self, counts: Ints, baseline: Baseline) -> tuple[tuple[str, ...], str]:
        """Name the columns and say what is wrong with how many of the records."""
        records, extra, copies = int(counts[0]), int(counts[2]), int(counts[3])
        cells = counts[ROWS:].reshape(len(baseline.names), len(KINDS)).copy()
        cells[cells[:, TINY] <= NEARLY_ALL * records, TINY] = 0
        share = float(self.judge(counts[None], baseline)[0])
        said = [
            f"{listed([baseline.names[j] for j in hit])} {what} in up to {cells[hit, kind].max():,}"
            for kind, what in enumerate(KINDS)
            if len(hit := np.flatnonzero(cells[:, kind]))
        ]
        if extra:
            said.append(f"columns that nobody agreed on came with {extra:,}")
        if copies:
            said.append(f"{copies:,} had come before (duplicates)")
        columns = tuple(baseline.names[j] for j in np.flatnonzero(cells.any(axis=1)))
        words = (
            f"{percent(share)} of {records:,} records break the agreed schema "
            f"(limit {percent(self.limit)}): {'; '.join(said)}; for the {self.owner} owner"
        )
        return columns, words


def _without_gaps(wire: Wire, baseline: Baseline) -> NDArray[np.float64]:
    """Return the cells, with the training median where an optional one is rightly empty."""
    optional = [place for place, column in enumerate(wire.schema.columns) if column.optional]
    if not optional:
        return wire.x
    x = wire.x.copy()
    for place in optional:
        x[np.isnan(x[:, place]), place] = np.median(baseline.edges[place])
    return x


def _limits(schema: Schema, baseline: Baseline) -> NDArray[np.float64]:
    """Return per column (d, 6): agreed low, high, plausible low, high, what is tiny, categories."""
    width = baseline.high - baseline.low
    known = np.array([column.kind == "number" for column in schema.columns])
    known &= np.isfinite(width) & (width > 0)
    return np.stack(
        [
            np.array([column.low for column in schema.columns]),
            np.array([column.high for column in schema.columns]),
            np.where(known, baseline.low - width, -np.inf),
            np.where(known, baseline.high + width, np.inf),
            np.where(known, SMALL * baseline.typical, 0.0),
            np.array([float(len(column.categories)) for column in schema.columns]),
        ],
        axis=1,
    )
