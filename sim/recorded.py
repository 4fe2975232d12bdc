"""A stream whose truth is a recorded history: a team's own data, read page by page from disk."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, NoReturn

import numpy as np

from sim.clock import NEVER, Phase, us
from sim.concepts import Drawn, Moment
from sim.drift import Span
from sim.errors import Mistake, refuse, within
from sim.labels import Labels
from sim.stream import Truth
from sim.table import UNKNOWN_TIME, Table
from sim.traffic import PAGE_RECORDS, Grid, Traffic

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from sim.chance import Luck
    from sim.loops import State
    from sim.schema import Schema
    from sim.traffic import Names, Segments

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

IN_FILES = False
"""A table has no place in a scenario file: `driftyard replay` makes these."""
NEIGHBOURS = 2
"""A resampled block comes from no further away than this: slow drift stays where it was."""
_MOST_IN_A_PAGE = 4 * PAGE_RECORDS
_MOST_PAGES = 32
"""How many times as many pages as even traffic would need, at most."""


@dataclass(frozen=True, kw_only=True)
class History:
    """What stands where other streams have a rule: columns and outcomes, but nobody knows why."""

    schema: Schema
    classes: int

    def draw(self, luck: Luck, now: Moment) -> NoReturn:
        """Refuse: a history is read, not drawn."""
        raise Mistake("a recorded history cannot be drawn from: use Recorded as the stream")

    def best(self, x: Floats) -> NoReturn:
        """Refuse: the best answer is not known."""
        raise Mistake("the best answer to recorded data is unknown")


@dataclass(frozen=True, kw_only=True)
class Paced(Traffic):
    """Traffic as it was recorded: *rate* is its mean, *dense* sizes pages for its rush hours."""

    dense: str = "1/h"

    @property
    def per_us(self) -> Fraction:
        """The rate for which a page of about 4,096 records is made."""
        from sim.clock import rate

        return rate(self.dense, "traffic.dense")


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """A history in a *table*, replayed: day 0 lies *origin_us* after the epoch.

    What comes before day 0 is there to train the launch model. *tick* and *every* (of a batch
    service) are those of the scenario. With *block*, each stretch of that length is replaced by
    one from its neighbourhood, by luck: one history as many (a local block bootstrap). The best
    answer is unknown, and so is when the data drifted by nature.
    """

    table: Table
    concept: History
    traffic: Paced
    origin_us: int
    horizon: str
    tick: str = "1h"
    every: str = ""
    block: str = ""
    segments: Names | None = None

    loops = ()
    drifts = ()
    rhythms = ()
    unavailable = ("ideal", "onset of natural drift")

    def __post_init__(self) -> None:
        for name in ("tick", "horizon"):
            us(getattr(self, name), f"recorded.{name}")
        if self.block and us(self.block, "recorded.block") * 2 > us(self.horizon):
            refuse("recorded.block", self.block, f"the horizon of {self.horizon} is too short")

    @property
    def epoch_us(self) -> int:
        """Pages lie within one block, as they lie within one epoch elsewhere."""
        return us(self.block) if self.block else 0

    @cached_property
    def grid(self) -> Grid:
        """How time is cut into pages."""
        every_us = us(self.every) if self.every else 0
        return Grid.of(
            self.traffic, tick_us=us(self.tick), batch_us=every_us, epoch_us=self.epoch_us
        )

    def only(self, names: Collection[str]) -> Recorded:
        """Return itself: what nature did cannot be taken away."""
        del names
        return self

    def truth(
        self, luck: Luck, grid: Grid, page: int, cut: float, states: Sequence[State] = ()
    ) -> Truth:
        """Read *page*; with the outcome itself as the best answer, so that the ideal is 0."""
        if (grid.span_us, grid.slot_us) != (self.grid.span_us, self.grid.slot_us):
            raise Mistake("the stream was recorded for another tick or batch: give it the same")
        start, stop, moved_us = self.rows(luck, page)
        times_us = self.table.times_us[start:stop] - self.origin_us + moved_us
        x, y = self.table.read("x", start, stop), self.table.read("y", start, stop)
        return Truth(page, times_us, Drawn(x, y, y.copy()), grid, self.segment(luck, page, 0))

    def rows(self, luck: Luck, page: int) -> tuple[int, int, int]:
        """Return where *page* begins and ends in the table, and how far it is moved in time."""
        start_us, end_us = self.grid.bounds_us(page)
        moved_us = 0
        if self.block and start_us >= 0:
            size_us = us(self.block)
            block = start_us // size_us
            moved_us = (block - self._drawn(luck, block)) * size_us
        bounds_us = np.array([start_us, end_us]) - moved_us + self.origin_us
        start, stop = self.table.times_us.searchsorted(bounds_us)
        return int(start), int(stop), moved_us

    def _drawn(self, luck: Luck, block: int) -> int:
        """Return which block is played in the place of *block*: a whole one from near by."""
        last = us(self.horizon) // us(self.block) - 1
        low, high = max(0, block - NEIGHBOURS), min(last, block + NEIGHBOURS)
        return low + int(luck.uniform("block", block) * (high - low + 1))

    def users(self, luck: Luck, page: int, count: int) -> Ints:
        """Return who sent each request of *page*: without an entity column, each somebody else."""
        start, stop, _ = self.rows(luck, page)
        if self.table.has("entity"):
            return self.table.read("entity", start, stop).astype(np.int64)
        return np.arange(start, stop)

    def segment(self, luck: Luck, page: int, count: int) -> NDArray[np.int8] | None:
        """Return the segment of each request of *page*, None if there are no segments."""
        if self.segments is None:
            return None
        start, stop, _ = self.rows(luck, page)
        return self.table.read("segment", start, stop).astype(np.int8)

    def severity(self, drift: Span) -> float:
        """Return how strong a declared drift is: there is none."""
        return 0.0


@dataclass(frozen=True, kw_only=True)
class Logged:
    """Label delays as they were recorded; with *shuffled*, each record gets another's, by luck."""

    stream: Recorded
    shuffled: bool = False

    in_order = False

    def draw_us(self, luck: Luck, page: int, count: int) -> Ints:
        """Return the delay of each record of *page*, that of a label that never comes included."""
        start, stop, _ = self.stream.rows(luck, page)
        if self.shuffled:
            known = self.stream.table.delays_us
            return known[luck.page("delay", page).integers(0, len(known), count)]
        delay_us = self.stream.table.read("label_delay", start, stop)
        return delay_us.astype(np.int64)

    def quantile_us(self, share: float) -> int:
        """Return the delay that *share* of the labels that came kept within."""
        within("share", share, 0, 1)
        known = self.stream.table.delays_us
        known = known[known != UNKNOWN_TIME]
        return int(np.quantile(known, share)) if len(known) else 0


@dataclass(frozen=True, kw_only=True)
class LoggedLabels(Labels):
    """Labels whose time of arrival was recorded; where it was not, the label never came."""

    delay: Logged = field(kw_only=True)

    def due(
        self,
        luck: Luck,
        page: int,
        times_us: Ints,
        served_us: Ints,
        segment: NDArray[np.int8] | None = None,
        segments: Segments | None = None,
    ) -> Ints:
        """Return the moment at which each label arrives (shape n), or NEVER."""
        del segment, segments  # what was recorded holds for everybody
        delay_us = self.delay.draw_us(luck, page, len(times_us))
        unknown = delay_us == UNKNOWN_TIME
        known_us = np.maximum(times_us + np.where(unknown, 0, delay_us), served_us)
        phase = np.where(known_us == served_us, int(Phase.LATE), int(Phase.LABELS))
        due: Ints = known_us * 8 + phase
        due[unknown] = NEVER
        if self.coverage < 1.0:
            due[luck.random("coverage", len(due), page) >= self.coverage] = NEVER
        return due


def pace(times_us: Ints, origin_us: int, end_us: int, *, unit_us: int) -> Paced:
    """Return the traffic of a history: pages sized so that its rush hours do not make them huge.

    *unit_us* is a tick. Pages shrink until none holds more than four times 4,096 records, or
    there would be 32 times as many of them as even traffic needs.
    """
    start, stop = times_us.searchsorted([origin_us, end_us])
    count, long_us = max(int(stop - start), 1), end_us - origin_us
    mean = Fraction(count, long_us)
    factor = 1
    while factor < _MOST_PAGES:
        span_us = max(unit_us // 64, int(PAGE_RECORDS / (mean * factor)))
        edges = np.arange(origin_us, end_us + span_us, span_us)
        if np.diff(times_us.searchsorted(edges)).max() <= _MOST_IN_A_PAGE:
            break
        factor *= 2
    hour = Fraction(3_600_000_000)
    return Paced(
        rate=f"{max(float(mean * hour), 1e-3):.3f}/h",
        dense=f"{max(float(mean * hour * factor), 1e-3):.6f}/h",
        arrivals="poisson",
    )
