"""How a stream changes: what moves, when, in which shape, and for how long."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import numpy as np

from sim.clock import us
from sim.errors import one_of, refuse, within
from sim.shapes import PERIODIC, TAKES, check_shape, rounds, wave

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from sim.chance import Luck
    from sim.concepts import Concept, Progress
    from sim.traffic import Names


class Occurrence(NamedTuple):
    """One time that a change comes: its *name*, onset, when it acts in full, and its end."""

    name: str
    at_us: int
    full_us: int
    ends_us: int | None


@dataclass(frozen=True, kw_only=True)
class Span:
    """When a change acts: from *at*, in full after *width*, undone at *until* (if ever).

    With *segment* it concerns the users of that segment alone.
    """

    at: str
    width: str = "0s"
    until: str = ""
    name: str = ""
    segment: str = ""

    kind: ClassVar[str]

    def __post_init__(self) -> None:
        us(self.at, f"{self.label}.at")
        us(self.width, f"{self.label}.width")
        until_us = self.until_us
        if until_us is not None and until_us < self.at_us + self.width_us:
            refuse(f"{self.label}.until", self.until, "it must come after at + width")

    @property
    def label(self) -> str:
        """The name by which reports call it."""
        return self.name or self.kind

    @cached_property
    def at_us(self) -> int:
        """The onset: the first instant at which it acts."""
        return us(self.at)

    @cached_property
    def width_us(self) -> int:
        """How long the transition takes."""
        return us(self.width)

    @cached_property
    def until_us(self) -> int | None:
        """When it is undone, or None."""
        return us(self.until) if self.until else None

    def concerned(
        self, segments: Names | None, segment: NDArray[np.int8] | None
    ) -> NDArray[np.bool_] | None:
        """Return which records it concerns by their *segment* among *segments*, None for all."""
        if not self.segment or segment is None or segments is None:
            return None
        return np.asarray(segment == segments.names.index(self.segment))

    def check_segment(self, segments: Names | None) -> None:
        """Refuse a segment that is not among *segments*."""
        if not self.segment:
            return
        if segments is None:
            remedy = "give the stream segments=Segments(), or a replay --segment"
            refuse(f"{self.label}.segment", self.segment, remedy)
        one_of(f"{self.label}.segment", self.segment, segments.names)

    def occurrences(self, horizon_us: int) -> Iterator[Occurrence]:
        """Yield each time that it comes before *horizon_us*."""
        full_us = self.at_us + self.width_us
        if self.at_us < horizon_us:
            yield Occurrence(self.label, self.at_us, full_us, self.until_us)

    def ramp(self, times_us: NDArray[np.int64], until_us: int | None = None) -> Progress:
        """Return how far the change has gone at each of *times_us* (shape n)."""
        at_us, full_us = self.at_us, self.at_us + self.width_us
        until_us = self.until_us if until_us is None else until_us
        if not len(times_us):
            return 0.0
        first_us, last_us = times_us.item(0), times_us.item(-1)
        undone = until_us is not None and last_us >= until_us
        if first_us >= full_us and not undone:
            return 1.0
        if last_us < at_us or (until_us is not None and first_us >= until_us):
            return 0.0
        width_us = max(self.width_us, 1)
        gone = np.clip((times_us - at_us) / width_us, 0.0, 1.0)
        gone[times_us >= full_us] = 1.0
        gone[times_us < at_us] = 0.0
        if until_us is not None:
            gone[times_us >= until_us] = 0.0
        return gone


@dataclass(frozen=True, kw_only=True)
class Drift(Span):
    """A change of the stream that comes and goes in the way that *shape* says.

    abrupt: there at once; gradual: a mixture of old and new over *width*; incremental: it
    moves over *width*; blip: there for as long as it *lasts*; recurring: the same *every* so
    often, each time (with *width*: by and by, as a mixture); seasonal: a smooth wave that is
    back where it began after *every*.
    """

    shape: str = "abrupt"
    every: str = ""
    lasts: str = ""

    def __post_init__(self) -> None:
        one_of(f"{self.label}.shape", self.shape, TAKES)
        given = {name: getattr(self, name) for name in ("width", "until", "every", "lasts")}
        check_shape(self.label, self.shape, given)
        super().__post_init__()

    @cached_property
    def until_us(self) -> int | None:
        """When it is undone, or None; a blip is undone by itself."""
        return self.at_us + us(self.lasts) if self.shape == "blip" else super().until_us

    def check(self, concept: Concept) -> None:
        """Refuse what cannot happen to *concept*."""
        refused = getattr(concept, "refuses", {})
        if self.kind in refused:
            refuse(f"{self.label}.kind", self.kind, refused[self.kind])
        if self.shape in refused:
            refuse(f"{self.label}.shape", self.shape, refused[self.shape])

    def occurrences(self, horizon_us: int) -> Iterator[Occurrence]:
        """Yield each time that it comes before *horizon_us*."""
        if self.shape == "seasonal":
            half_us = us(self.every) // 2
            yield Occurrence(self.label, self.at_us, self.at_us + half_us, self.until_us)
        elif self.shape == "recurring":
            last_us = horizon_us if self.until_us is None else min(horizon_us, self.until_us)
            for nth, at_us in enumerate(range(self.at_us, last_us, us(self.every)), 1):
                ends_us = at_us + us(self.lasts)
                if self.until_us is not None:
                    ends_us = min(ends_us, self.until_us)
                yield Occurrence(f"{self.label} #{nth}", at_us, at_us + self.width_us, ends_us)
        else:
            yield from super().occurrences(horizon_us)

    def progress(
        self, times_us: NDArray[np.int64], luck: Luck, page: int, *, always: bool = False
    ) -> Progress:
        """Return each record's share of the new world; gradual drift tosses a coin for it.

        *always*: what comes round has done so since long before *at*.
        """
        gone = self.gone(times_us, always=always)
        mixed = self.shape == "gradual" or (self.shape == "recurring" and self.width_us > 0)
        if mixed and not isinstance(gone, float):
            coins = luck.random(f"drift:{self.label}", len(times_us), page)
            return (coins < gone).astype(np.float64)
        return gone

    def gone(self, times_us: NDArray[np.int64], *, always: bool = False) -> Progress:
        """Return how far it has gone at each of *times_us* (shape n, in order)."""
        if self.shape not in PERIODIC:
            return self.ramp(times_us)
        until_us = self.until_us
        if not len(times_us):
            return 0.0
        if not always and times_us[-1] < self.at_us:
            return 0.0
        if until_us is not None and times_us[0] >= until_us:
            return 0.0
        every_us, since_us = us(self.every), times_us - self.at_us
        gone: Progress
        if self.shape == "seasonal":
            gone = wave(since_us, every_us)
        else:
            gone = rounds(since_us, every_us, us(self.lasts), self.width_us)
        if isinstance(gone, float) and gone == 0.0:
            return gone
        acts = np.ones(len(times_us), dtype=bool) if always else times_us >= self.at_us
        if until_us is not None:
            acts &= times_us < until_us
        return gone if acts.all() else np.where(acts, gone, 0.0)


@dataclass(frozen=True, kw_only=True)
class CovariateShift(Drift):
    """The *columns* move by *shift* and stretch by *scale*; how y follows from x stays.

    No columns named: all that are numbers.
    """

    columns: tuple[str, ...] = ()
    shift: float = 1.0
    scale: float = 1.0
    kind: ClassVar[str] = "covariate"

    def __post_init__(self) -> None:
        super().__post_init__()
        if not isinstance(self.columns, tuple):
            refuse(f"{self.label}.columns", self.columns, "name the columns, as in ('x0', 'x1')")
        within(f"{self.label}.shift", self.shift, -1e12, 1e12)
        within(f"{self.label}.scale", self.scale, -1e12, 1e12)

    def check(self, concept: Concept) -> None:
        """Refuse columns that the concept lacks, and categories."""
        super().check(concept)
        columns = concept.schema.columns
        for name in self.columns:
            if columns[concept.schema.index(name, f"{self.label}.columns")].kind != "number":
                refuse(
                    f"{self.label}.columns",
                    name,
                    "a category cannot be shifted or stretched; CategoryShift changes its mix",
                )
        if not any(column.kind == "number" for column in columns):
            refuse(f"{self.label}.columns", self.columns, "no column is a number: CategoryShift")


@dataclass(frozen=True, kw_only=True)
class CategoryShift(Drift):
    """The categories of *columns* come in another *mix*; how y follows from x stays.

    *mix* holds the share of each code, 0 first. Shares beyond the categories that were agreed
    on are categories that never occurred before.
    """

    columns: tuple[str, ...]
    mix: tuple[float, ...]
    kind: ClassVar[str] = "category mix"

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.columns or not isinstance(self.columns, tuple):
            refuse(f"{self.label}.columns", self.columns, "name the columns, as in ('color',)")
        _shares(f"{self.label}.mix", self.mix)

    def check(self, concept: Concept) -> None:
        """Refuse columns that the concept lacks, and numbers."""
        super().check(concept)
        for name in self.columns:
            place = concept.schema.index(name, f"{self.label}.columns")
            if concept.schema.columns[place].kind != "category":
                refuse(
                    f"{self.label}.columns", name, "it holds numbers; CovariateShift moves those"
                )


@dataclass(frozen=True, kw_only=True)
class PriorShift(Drift):
    """The share of class 1, before noise flips any, becomes *to*; what a class looks like stays.

    With more than two classes *to* holds the share of each.
    """

    to: float | tuple[float, ...]
    kind: ClassVar[str] = "prior"

    def __post_init__(self) -> None:
        super().__post_init__()
        if isinstance(self.to, tuple):
            _shares(f"{self.label}.to", self.to)
        else:
            within(f"{self.label}.to", self.to, 0, 1)

    def check(self, concept: Concept) -> None:
        """Refuse what does not fit the concept's classes."""
        super().check(concept)
        given = len(self.to) if isinstance(self.to, tuple) else 2
        if given != concept.classes:
            classes = f"each of the {concept.classes} classes"
            refuse(f"{self.label}.to", self.to, f"give the share of {classes}")

    @property
    def shares(self) -> tuple[float, ...]:
        """The share of each class."""
        return self.to if isinstance(self.to, tuple) else (1.0 - self.to, self.to)


@dataclass(frozen=True, kw_only=True)
class StageDrift(Drift):
    """The world moves away from one *stage* of a pipeline *by* a distance; the others fit it."""

    stage: str
    by: float = 1.0
    kind: ClassVar[str] = "stage"

    def __post_init__(self) -> None:
        super().__post_init__()
        within(f"{self.label}.by", self.by, -1e6, 1e6)

    @property
    def columns(self) -> tuple[str, ...]:
        """What it concerns: the stage."""
        return (self.stage,)

    def check(self, concept: Concept) -> None:
        """Refuse a concept without stages, and a stage that it lacks."""
        super().check(concept)
        stages = getattr(concept, "stages", ())
        if not stages:
            refuse(f"{self.label}.kind", self.kind, "only a world of Questions has stages")
        one_of(f"{self.label}.stage", self.stage, stages)


@dataclass(frozen=True, kw_only=True)
class ConceptDrift(Drift):
    """The rule becomes *to*, a concept of the same class; the features stay."""

    to: Concept = field(repr=True)
    kind: ClassVar[str] = "concept"

    def check(self, concept: Concept) -> None:
        """Refuse a rule of another kind."""
        super().check(concept)
        if type(self.to) is not type(concept):
            refuse(f"{self.label}.to", self.to, f"it must be a {type(concept).__name__}")
        if self.to.schema.names != concept.schema.names:
            refuse(f"{self.label}.to", self.to, "it must have the same columns")
        if self.to.classes != concept.classes:
            refuse(f"{self.label}.to", self.to, f"it must have {concept.classes} classes as well")
        if hasattr(concept, "check_next"):
            concept.check_next(self.to, f"{self.label}.to")


def _shares(field: str, shares: tuple[float, ...]) -> None:
    """Refuse *shares* that don't add up to 1."""
    if not isinstance(shares, tuple) or not shares:
        refuse(field, shares, "give the share of each, as in (0.5, 0.3, 0.2)")
    for share in shares:
        within(field, share, 0, 1)
    if abs(sum(shares) - 1.0) > 1e-9:
        refuse(field, shares, f"shares add up to 1, these to {sum(shares):g}")
