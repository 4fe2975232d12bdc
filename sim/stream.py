"""The truth of a world: what comes, what it looks like and what it leads to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.chance import Luck
from sim.clock import positive_us, us
from sim.concepts import Concept, Drawn, Moment, Moving
from sim.drift import ConceptDrift, CovariateShift, Drift, PriorShift, Span
from sim.errors import refuse
from sim.traffic import Grid, Segments, Traffic

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.concepts import Progress

    Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Season:
    """A rhythm of the year: noise swings by *amplitude*, highest at *peak* in every *period*."""

    amplitude: float = 0.02
    period: str = "52w"
    peak: str = "20w"

    def __post_init__(self) -> None:
        positive_us(self.period, "season.period")
        us(self.peak, "season.peak")

    def at(self, times_us: NDArray[np.int64]) -> Floats:
        """Return what is added to the noise at each time."""
        turn = (times_us - us(self.peak)) / us(self.period)
        return np.asarray(self.amplitude * np.cos(2 * np.pi * turn))


class Truth:
    """One page of truth: arrays that belong together, read-only, shared by all who meet it."""

    def __init__(
        self,
        page: int,
        times_us: NDArray[np.int64],
        drawn: Drawn,
        grid: Grid,
        segment: NDArray[np.int8] | None = None,
    ) -> None:
        self.page = page
        self.times_us = times_us
        self.x, self.y, self.best = drawn
        self.segment = segment
        self._grid = grid
        for array in (times_us, *drawn, *(() if segment is None else (segment,))):
            array.flags.writeable = False

    def __len__(self) -> int:
        return len(self.times_us)

    @cached_property
    def ids(self) -> NDArray[np.int64]:
        """The identity of each record (shape n)."""
        return self._grid.ids(self.times_us)


@dataclass(frozen=True, kw_only=True)
class Stream:
    """A *concept* under *traffic*, with its *drifts* and a *season* that is no incident.

    *segments* are the groups that its users belong to.
    """

    concept: Concept
    traffic: Traffic = field(default_factory=Traffic)
    drifts: tuple[Drift, ...] = ()
    season: Season | None = None
    segments: Segments | None = None

    def __post_init__(self) -> None:
        names = self.concept.schema.names
        for drift in self.drifts:
            label = drift.label
            self.check_segment(drift)
            if isinstance(drift, ConceptDrift):
                if type(drift.to) is not type(self.concept):
                    refuse(f"{label}.to", drift.to, f"it must be a {type(self.concept).__name__}")
                if drift.to.schema.names != names:
                    refuse(f"{label}.to", drift.to, "it must have the same columns")
            elif isinstance(drift, CovariateShift):
                for name in drift.columns:
                    self.concept.schema.index(name, f"{label}.columns")
            elif isinstance(drift, PriorShift) and self.concept.classes != 2:
                refuse(f"{label}.kind", "prior", "only a concept with two classes has a prior")
        onsets = [d.at_us for d in self.drifts if isinstance(d, ConceptDrift)]
        if onsets != sorted(onsets):
            refuse("stream.drifts", [d.label for d in self.drifts], "order concept drifts by at")

    def calm(self) -> Stream:
        """Return the same stream without its drifts."""
        return replace(self, drifts=())

    def truth(self, luck: Luck, grid: Grid, page: int, cut: float) -> Truth:
        """Draw *page*, alone: nothing depends on what was drawn before."""
        times_us = self.traffic.times(luck, grid, page)
        segment = self.segment(luck, page, len(times_us))
        drawn = self.concept.draw(luck, self.moment(luck, page, times_us, cut, segment))
        return Truth(page, times_us, drawn, grid, segment)

    def users(self, luck: Luck, page: int, count: int) -> NDArray[np.int64]:
        """Return which user sends each of the *count* requests of *page*."""
        return luck.page("entity", page).integers(0, self.traffic.entities, count)

    def segment(self, luck: Luck, page: int, count: int) -> NDArray[np.int8] | None:
        """Return the segment of the user of each request, None if there are no segments."""
        if self.segments is None:
            return None
        return self.segments.of(luck, self.users(luck, page, count))

    def concerned(self, change: Span, segment: NDArray[np.int8] | None) -> NDArray[np.bool_] | None:
        """Return which records a change concerns by their *segment*, None for all."""
        if not change.segment or segment is None or self.segments is None:
            return None
        return np.asarray(segment == self.segments.names.index(change.segment))

    def check_segment(self, change: Span) -> None:
        """Refuse a change that concerns a segment which is not there."""
        if change.segment and self.segments is None:
            refuse(f"{change.label}.segment", change.segment, "give the stream segments=Segments()")
        if change.segment and self.segments is not None:
            self.segments.place(change.segment, f"{change.label}.segment")

    def moment(
        self,
        luck: Luck,
        page: int,
        times_us: NDArray[np.int64],
        cut: float,
        segment: NDArray[np.int8] | None = None,
    ) -> Moment:
        """Return which rules and changes hold at *times_us* (shape n)."""
        now = Moment(page, times_us, [(self.concept, 1.0)], [], [], 0.0, cut)
        rules: list[tuple[Concept, Progress]] = [(self.concept, 1.0)]
        shifts: list[tuple[Floats, Floats, Progress]] = []
        priors: list[tuple[float, Progress]] = []
        now.rules, now.shifts, now.priors = rules, shifts, priors
        for drift in self.drifts:
            progress = drift.progress(times_us, luck, page)
            if isinstance(progress, float) and progress == 0.0:
                continue
            concerned = self.concerned(drift, segment)
            if concerned is not None:
                progress = np.where(concerned, progress, 0.0)
            if isinstance(drift, ConceptDrift):
                rules.append((drift.to, progress))
            elif isinstance(drift, CovariateShift):
                shifts.append((*self._column_change(drift), progress))
            elif isinstance(drift, PriorShift):
                priors.append((drift.to, progress))
        if self.season is not None:
            now.extra_noise = self.season.at(times_us)
        return now

    def _column_change(self, drift: CovariateShift) -> tuple[Floats, Floats]:
        names = self.concept.schema.names
        shift, scale = np.zeros(len(names)), np.ones(len(names))
        for name in drift.columns or names:
            shift[names.index(name)] = drift.shift
            scale[names.index(name)] = drift.scale
        return shift, scale

    def severity(self, drift: Drift) -> float:
        """Return how strong a drift is.

        Covariate: standard deviations moved. Prior: change of a share. Concept: the share of
        records whose best answer changes (two rules), or the mean change of the best answer.
        """
        return _severity(self.concept, self.drifts, drift)


@lru_cache(maxsize=256)
def _severity(concept: Any, drifts: tuple[Drift, ...], drift: Drift) -> float:
    if isinstance(drift, CovariateShift):
        return abs(drift.shift) + abs(drift.scale - 1.0)
    before = [d for d in drifts if isinstance(d, ConceptDrift) and d.at_us < drift.at_us]
    old = before[-1].to if before else concept
    luck, times_us = Luck(0), np.full(4_000, drift.at_us, dtype=np.int64)
    drawn = old.draw(luck, Moment(0, times_us, [(old, 1.0)], (), (), 0.0, 0.5))
    if isinstance(drift, PriorShift):
        return float(abs(drift.to - getattr(old, "prior", drawn.best.mean())))
    assert isinstance(drift, ConceptDrift)
    if isinstance(old, Moving) and isinstance(drift.to, Moving):
        return float(abs(drift.to.place - old.place))
    return float(np.abs(drift.to.best(drawn.x) - old.best(drawn.x)).mean())
