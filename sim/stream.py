"""The truth of a world: what comes, what it looks like and what it leads to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache, partial
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.chance import Luck
from sim.clock import positive_us, us
from sim.concepts import Concept, Drawn, Mix, Moment, Moving, River
from sim.drift import (
    CategoryShift,
    ConceptDrift,
    CovariateShift,
    Drift,
    PriorShift,
    StageDrift,
)
from sim.errors import refuse, within
from sim.loops import Loop, State
from sim.shapes import PERIODIC
from sim.traffic import Grid, Segments, Traffic

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from numpy.typing import NDArray

    from sim.concepts import Progress, Target
    from sim.schema import Schema

    Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Season:
    """A rhythm of the year: noise swings by *amplitude*, highest at *peak* in every *period*."""

    amplitude: float = 0.02
    period: str = "52w"
    peak: str = "20w"

    def __post_init__(self) -> None:
        within("season.amplitude", self.amplitude, -1, 1)
        positive_us(self.period, "season.period")
        us(self.peak, "season.peak")

    def at(self, times_us: NDArray[np.int64]) -> Floats:
        """Return what is added to the noise at each time."""
        turn = (times_us - us(self.peak)) / us(self.period)
        return np.asarray(self.amplitude * np.cos(2 * np.pi * turn))


class Truth:
    """One page of truth: arrays that belong together, read-only, shared by all who meet it.

    What arrives differs from it in a column or two, so it *lends* its features to the wire, which
    spoils them in place. Hardly anybody asks for them afterwards: they are drawn *again* then, or
    else, where closed loops ask for them on every page, the columns are kept as they were.
    """

    def __init__(
        self,
        page: int,
        times_us: NDArray[np.int64],
        drawn: Drawn,
        grid: Grid,
        segment: NDArray[np.int8] | None = None,
        again: Callable[[], Truth] | None = None,
    ) -> None:
        self.page = page
        self.times_us = times_us
        self._x, self.y, self.best, self.judgements = drawn
        self._kept: dict[int, Floats] = {}
        self._again, self._spoilt = again, False
        self.segment = segment
        self._grid = grid
        if self.judgements is not None:
            self.judgements.freeze()
        for array in (times_us, *drawn[:3], *(() if segment is None else (segment,))):
            array.setflags(write=False)

    @property
    def x(self) -> Floats:
        """The features (n, d)."""
        if self._spoilt:
            return self._redrawn
        if not self._kept:
            return self._x
        x = self._x.copy()
        for column, values in self._kept.items():
            x[:, column] = values
        x.flags.writeable = False
        return x

    @cached_property
    def _redrawn(self) -> Floats:
        assert self._again is not None
        return self._again().x

    def lend(self, columns: Sequence[int]) -> Floats | None:
        """Return the features to be spoiled in these *columns*, None if they are a part of more.

        It is lent once, to who drew the page: they ask again before they spoil further columns.
        """
        if self._x.base is not None:
            return None
        if self._again is None:
            for column in columns:
                if column not in self._kept:
                    self._kept[column] = self._x[:, column].copy()
        else:
            self._spoilt = True
        self._x.setflags(write=True)
        return self._x

    def answered(self, best: Floats) -> Truth:
        """Return the same page with other *best* answers."""
        drawn = Drawn(self.x, self.y, best)
        return Truth(self.page, self.times_us, drawn, self._grid, self.segment, self._again)

    def __len__(self) -> int:
        return len(self.times_us)

    @cached_property
    def ids(self) -> NDArray[np.int64]:
        """The identity of each record (shape n)."""
        return self._grid.ids(self.times_us)


@dataclass(frozen=True, kw_only=True)
class Stream:
    """A *concept* under *traffic*, with its *drifts*.

    A *season* of the noise and *rhythms* (drifts that come round, since long before the launch)
    are ordinary life: no incidents, and the calm world has them too. *segments* are the groups
    that its users belong to. Drifts that follow from what is served move at the
    beginning of an *epoch* only; a calm twin keeps it, so that its pages are the same.
    """

    concept: Concept
    traffic: Traffic = field(default_factory=Traffic)
    drifts: tuple[Drift | Loop, ...] = ()
    season: Season | None = None
    segments: Segments | None = None
    rhythms: tuple[Drift, ...] = ()

    epoch: str = ""

    def __post_init__(self) -> None:
        if self.loops and not self.epoch:
            object.__setattr__(self, "epoch", "1d")
        if self.epoch:
            positive_us(self.epoch, "stream.epoch")
        for drift in (*self.drifts, *self.rhythms):
            drift.check(self.concept)
            drift.check_segment(self.segments)
        for drift in self.rhythms:
            if drift.shape not in PERIODIC:
                refuse(f"{drift.label}.shape", drift.shape, f"a rhythm is {' or '.join(PERIODIC)}")
        labels = [drift.label for drift in (*self.rhythms, *self.drifts)]
        if self.rhythms and len(set(labels)) != len(labels):
            refuse("stream.rhythms", labels, "each drift and rhythm needs a name of its own")
        onsets = [d.at_us for d in self.drifts if isinstance(d, ConceptDrift)]
        if onsets != sorted(onsets):
            refuse("stream.drifts", [d.label for d in self.drifts], "order concept drifts by at")

    @cached_property
    def loops(self) -> tuple[Loop, ...]:
        """The drifts that follow from what is served."""
        return tuple(drift for drift in self.drifts if isinstance(drift, Loop))

    @property
    def epoch_us(self) -> int:
        """How long the states of its loops last; 0 if there are no epochs."""
        return us(self.epoch) if self.epoch else 0

    def calm(self) -> Stream:
        """Return the same stream without its drifts."""
        return self.only(())

    def only(self, names: Collection[str]) -> Stream:
        """Return the same stream with no other drifts than those called *names*."""
        return replace(self, drifts=tuple(d for d in self.drifts if d.label in names))

    def truth(
        self, luck: Luck, grid: Grid, page: int, cut: float, states: tuple[State, ...] = ()
    ) -> Truth:
        """Draw *page*, alone: nothing depends on what was drawn before.

        *states* are those of its loops over this page.
        """
        times_us = self.traffic.times(luck, grid, page)
        segment = self.segment(luck, page, len(times_us))
        now = self.moment(luck, page, times_us, cut, segment)
        for loop, state in zip(self.loops, states, strict=False):  # no states: nothing was served
            if state != loop.rest(self.concept.schema):
                loop.apply(now, state, self.concept.schema)
        drawn = self.concept.draw(luck, now)
        again = None if self.loops else partial(self.truth, luck, grid, page, cut, states)
        return Truth(page, times_us, drawn, grid, segment, again)

    def users(self, luck: Luck, page: int, count: int) -> NDArray[np.int64]:
        """Return which user sends each of the *count* requests of *page*."""
        return luck.page("entity", page).integers(0, self.traffic.entities, count)

    def segment(self, luck: Luck, page: int, count: int) -> NDArray[np.int8] | None:
        """Return the segment of the user of each request, None if there are no segments."""
        if self.segments is None:
            return None
        return self.segments.of(luck, self.users(luck, page, count))

    def moment(
        self,
        luck: Luck,
        page: int,
        times_us: NDArray[np.int64],
        cut: float,
        segment: NDArray[np.int8] | None = None,
    ) -> Moment:
        """Return which rules and changes hold at *times_us* (shape n)."""
        rules: list[tuple[Concept, Progress]] = [(self.concept, 1.0)]
        shifts: list[tuple[Floats, Floats, Progress]] = []
        priors: list[tuple[Target, Progress]] = []
        mixes: list[Mix] = []
        stages: list[tuple[str, float, Progress]] = []
        for drift in (*self.rhythms, *self.drifts):
            if isinstance(drift, Loop):
                continue
            progress = drift.progress(times_us, luck, page, always=drift in self.rhythms)
            if isinstance(progress, float) and progress == 0.0:
                continue
            concerned = drift.concerned(self.segments, segment)
            if concerned is not None:
                progress = np.where(concerned, progress, 0.0)
            if isinstance(drift, ConceptDrift):
                if isinstance(progress, float) and progress == 1.0:
                    rules.clear()  # what held before has no say any more
                rules.append((drift.to, progress))
            elif isinstance(drift, CovariateShift):
                shifts.append((*_column_change(self.concept.schema, drift), progress))
            elif isinstance(drift, CategoryShift):
                coins = luck.page(f"categories:{drift.label}", page)
                for name in drift.columns:
                    place = self.concept.schema.names.index(name)
                    mixes.append(Mix(place, drift.mix, progress, coins))
            elif isinstance(drift, PriorShift):
                two = self.concept.classes == 2
                priors.append((float(drift.shares[1]) if two else drift.shares, progress))
            elif isinstance(drift, StageDrift):
                stages.append((drift.stage, drift.by, progress))
        noise = 0.0 if self.season is None else self.season.at(times_us)
        return Moment(page, times_us, rules, shifts, priors, noise, cut, mixes, stages=stages)

    def severity(self, drift: Drift | Loop) -> float:
        """Return how strong a drift is.

        Covariate: how many of the column's own standard deviations its mean moves, plus how
        much the deviation itself changes, in the column where that is most. Category mix and
        prior: the share of records whose category or class changes. Concept: the share of
        records whose best answer changes, or the mean change of a number that is the answer.
        Stage: how far the world moves away from it.
        """
        if isinstance(drift, Loop):
            return drift.severity
        plain = tuple(other for other in self.drifts if isinstance(other, Drift))
        return _severity(self.concept, plain, drift)


@lru_cache(maxsize=256)
def _column_change(schema: Schema, drift: CovariateShift) -> tuple[Floats, Floats]:
    shift, scale = np.zeros(len(schema.columns)), np.ones(len(schema.columns))
    for place, column in enumerate(schema.columns):
        if column.name in drift.columns or (not drift.columns and column.kind == "number"):
            shift[place], scale[place] = drift.shift, drift.scale
    return shift, scale


@lru_cache(maxsize=256)
def _severity(concept: Any, drifts: tuple[Drift, ...], drift: Drift) -> float:
    if isinstance(drift, StageDrift):
        return abs(drift.by)
    old = _rule_before(concept, drifts, drift)
    if isinstance(old, Moving):
        assert isinstance(drift, ConceptDrift)
        assert isinstance(drift.to, Moving)
        return float(abs(drift.to.place - old.place))
    if isinstance(old, River):
        assert isinstance(drift, ConceptDrift)
        assert isinstance(drift.to, River)
        return old.differs(drift.to)
    if isinstance(drift, PriorShift) and hasattr(old, "shares"):
        return _moved(old.shares, drift.shares)
    moves = isinstance(drift, CovariateShift | CategoryShift)  # these need a finer look
    times_us = np.full(20_000 if moves else 4_000, drift.at_us, dtype=np.int64)
    drawn = old.draw(Luck(0), Moment(0, times_us, [(old, 1.0)], (), (), 0.0, 0.5))
    if isinstance(drift, CovariateShift):
        shift, scale = _column_change(old.schema, drift)
        deviations = np.maximum(drawn.x.std(axis=0), 1e-12)
        means = drawn.x.mean(axis=0) * (scale - 1.0) + shift
        return float((np.abs(means) / deviations + np.abs(scale - 1.0)).max())
    if isinstance(drift, CategoryShift):
        columns = [drawn.x[:, old.schema.names.index(name)] for name in drift.columns]
        mixes = [np.bincount(codes.astype(int)) / len(codes) for codes in columns]
        return max(_moved(tuple(mix.tolist()), drift.mix) for mix in mixes)
    if isinstance(drift, PriorShift):
        return _moved((1.0 - float(drawn.best.mean()), float(drawn.best.mean())), drift.shares)
    assert isinstance(drift, ConceptDrift)
    change = drift.to.best(drawn.x) - old.best(drawn.x)
    return float((change != 0).mean() if old.classes else np.abs(change).mean())


def _rule_before(concept: Any, drifts: tuple[Drift, ...], drift: Drift) -> Any:
    """Return the rule that held, for most records, when *drift* began."""
    now_us = np.array([drift.at_us], dtype=np.int64)
    for other in drifts:
        here = other.segment in ("", drift.segment)
        if here and isinstance(other, ConceptDrift) and other.at_us < drift.at_us:
            gone = other.gone(now_us)
            concept = other.to if np.all(np.asarray(gone) > 0.5) else concept
    return concept


def _moved(old: tuple[float, ...], new: tuple[float, ...]) -> float:
    """Return which share of the whole lies elsewhere."""
    both = zip_longest(old, new, fillvalue=0.0)
    return sum(abs(a - b) for a, b in both) / 2
