"""River's generators and data sets as they are: features and outcomes record by record."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from sim.clock import rate
from sim.concepts.concept import Concept, Drawn, Moment
from sim.errors import Mistake, fits, refuse, whole
from sim.schema import Column, Schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from sim.chance import Luck

    Floats = NDArray[np.float64]

_SAMPLE = 2_000
"""Records by which the columns and classes of a generator are known."""
_GIVEN = "River's records are given as they are; let a ConceptDrift lead to another generator"
_RESTARTS = {
    "ConceptDriftStream": "two generators and a ConceptDrift between them",
    "FriedmanDrift": "Friedman and a ConceptDrift",
    "RandomRBFDrift": "RandomRBF and a ConceptDrift to another seed_model",
}


@dataclass(frozen=True, kw_only=True)
class River:
    """Records of a *generator* of River's `synth`, or of one of its data sets, unchanged.

    A generator starts anew for each page, from a seed that the page's luck gives: its rule (what
    the seed drew first, or `seed_model`) stays, its records are new. So a page can be drawn
    alone, but nothing in it may depend on how many records came before: generators that drift
    by themselves are refused.

    A data set has an end. At time t comes row *first* + t × *rate* (such as '1000/h'): with even
    arrivals at that rate each row once, in order. Beyond its ends it *wraps* round, or the run
    ends with a line that says so; the rows before *first* are the time before the launch.

    Texts and booleans become categories. Nobody knows the best answer: it counts as right, so
    the ideal loss is 0 and all noise is excess.
    """

    generator: Any = field(hash=False)
    rate: str = ""
    first: int = 0
    wraps: bool = True

    refuses: ClassVar[dict[str, str]] = dict.fromkeys(
        ("covariate", "prior", "category mix", "incremental", "seasonal"), _GIVEN
    )

    def __post_init__(self) -> None:
        fits("river.generator", self.generator, "take", "synth.Agrawal(seed=1)")
        kind = type(self.generator).__name__
        moves = getattr(self.generator, "mag_change", 0) or kind in _RESTARTS
        if moves:
            instead = _RESTARTS.get(kind, "mag_change=0 and a ConceptDrift")
            raise Mistake(f"river.generator is {kind}: it counts its records; give {instead}")
        if getattr(self.generator, "is_downloaded", True) is False:
            raise Mistake(f"river.generator is {kind}: it is not here yet; call its download()")
        whole("river.first", self.first, 0)
        if self.finite != bool(self.rate):
            needs = "a data set needs the rate at which its rows pass, as in '1000/h'"
            refuse("river.rate", self.rate, needs if self.finite else "a generator has none")
        if self.rate:
            rate(self.rate, "river.rate")

    @property
    def finite(self) -> bool:
        """Whether it is a data set that ends."""
        return getattr(self.generator, "n_samples", None) is not None

    @property
    def schema(self) -> Schema:
        """The columns of its first records."""
        return _reading(self).schema

    @property
    def classes(self) -> int:
        """How many classes its outcomes have; 0 if they are numbers."""
        return len(_reading(self).labels)

    def check_next(self, to: Concept, where: str) -> None:
        """Refuse to become what reads otherwise."""
        assert isinstance(to, River)
        if to.schema != self.schema:
            refuse(where, to, "it must have the same columns and categories")

    def draw(self, luck: Luck, now: Moment) -> Drawn:
        """Draw one page."""
        if now.shifts or now.priors or now.mixes or now.tactics is not None:
            refuse("stream.drifts", "a loop", _GIVEN)
        if not isinstance(now.extra_noise, float) or now.extra_noise:
            refuse("stream.season", "a season", "River's records have their own noise")
        seed = int(luck.page("river", now.page).integers(2**31))
        rules: list[River] = [rule for rule, _ in now.rules]  # type: ignore[misc]
        x, y = rules[0].records(seed, now.times_us)
        for rule, (_, progress) in zip(rules[1:], now.rules[1:], strict=True):
            theirs = rule.records(seed, now.times_us)
            takes = np.broadcast_to(np.asarray(progress) > 0, y.shape)
            x, y = np.where(takes[:, None], theirs[0], x), np.where(takes, theirs[1], y)
        return Drawn(x, y, y.copy())

    def records(self, seed: int, times_us: NDArray[np.int64]) -> tuple[Floats, Floats]:
        """Return features (n, d) and outcomes (n) that come at *times_us*."""
        reading = _reading(self)
        if self.finite:
            return self._rows(reading, times_us)
        return reading.read(islice(_started(self.generator, seed), len(times_us)))

    def _rows(self, reading: Reading, times_us: NDArray[np.int64]) -> tuple[Floats, Floats]:
        count, per_us = rate(self.rate).as_integer_ratio()
        rows = self.first + -(-(times_us + 1) * count // per_us) - 1
        x, y = _table(self)
        if not self.wraps and len(rows) and not 0 <= rows.min() <= rows.max() < len(y):
            side = "before its first row" if rows.min() < 0 else "after its last row"
            remedy = "let it wrap, make the run shorter, or change first and rate"
            kind = type(self.generator).__name__
            raise Mistake(f"river.generator {kind} has {len(y):,} rows, the run {side}: {remedy}")
        rows %= len(y)
        return x[rows], y[rows]

    def differs(self, to: River) -> float:
        """Return the share of records that are others under *to*."""
        times_us = np.arange(_SAMPLE, dtype=np.int64)
        if self.finite:
            count, per_us = rate(self.rate).as_integer_ratio()
            times_us = np.arange(len(_table(self)[1]) - self.first) * per_us // count
        (x, y), (theirs, labels) = self.records(1, times_us), to.records(1, times_us)
        return float(((x != theirs).any(axis=1) | (y != labels)).mean())

    def best(self, x: Floats) -> Floats:
        """Nobody knows it."""
        return np.full(len(x), np.nan)


@dataclass(frozen=True)
class Reading:
    """How River's records are read: *keys* in order, a *schema*, class *labels* (none: numbers)."""

    keys: tuple[Any, ...]
    schema: Schema
    labels: tuple[Any, ...]

    def read(self, records: Iterable[tuple[dict[Any, Any], Any]]) -> tuple[Floats, Floats]:
        """Return features and outcomes as numbers."""
        pairs = list(records)
        rows = [features for features, _ in pairs]
        columns = []
        for key, column in zip(self.keys, self.schema.columns, strict=True):
            values = [_cell(row, key) for row in rows]
            if column.kind == "category":
                codes = {text: code for code, text in enumerate(column.categories)}
                # a text that was not among the first is one code beyond those agreed on
                values = [codes.get(_text(value), len(codes)) for value in values]
            columns.append(np.array([_number(value, column.name) for value in values]))
        x = np.ascontiguousarray(np.column_stack(columns))
        return x, np.array([self._outcome(outcome) for _, outcome in pairs], dtype=np.float64)

    def _outcome(self, outcome: Any) -> float:
        if not self.labels:
            return _number(outcome, "the outcome")
        if outcome not in self.labels:
            raise Mistake(f"river.generator gives class {outcome!r}, which its first records lack")
        return float(self.labels.index(outcome))


@lru_cache(maxsize=64)
def _reading(river: River) -> Reading:
    whole_set = list(river.generator) if river.finite else None
    sample = whole_set or list(islice(_started(river.generator, 1), _SAMPLE))
    if not sample:
        raise Mistake("river.generator gives no records")
    keys = tuple(sample[0][0])
    columns = []
    for key in keys:
        values = [_cell(row, key) for row, _ in sample]
        name = f"x{key}" if isinstance(key, int) else str(key)
        if any(isinstance(value, str | bool) for value in values):
            texts = tuple(sorted({_text(value) for value in values}))
            columns.append(Column(name=name, kind="category", categories=texts))
        else:
            columns.append(Column(name=name))
    return Reading(keys, Schema(tuple(columns)), _labels(river.generator, [y for _, y in sample]))


def _labels(generator: Any, outcomes: Sequence[Any]) -> tuple[Any, ...]:
    """Return the classes in order, none if the outcomes are numbers."""
    if isinstance(outcomes[0], dict):
        raise Mistake("river.generator has several outcomes at once: give one with a single one")
    task = str(getattr(generator, "task", ""))
    if "classification" not in task:
        return ()
    known = sorted(set(outcomes))
    count = getattr(generator, "n_classes", None) or len(known)
    if all(isinstance(label, int) for label in known) and known[-1] < count:
        return tuple(range(count))  # True is 1
    return tuple(known)


@lru_cache(maxsize=8)
def _table(river: River) -> tuple[Floats, Floats]:
    """Return the whole of a data set."""
    return _reading(river).read(river.generator)


def _started(generator: Any, seed: int) -> Iterator[tuple[dict[Any, Any], Any]]:
    """Return the records of a copy of *generator*: the same rule, the luck of *seed*."""
    given: dict[str, Any] = generator._get_params()
    given = {k: 1 if k.startswith("seed") and v is None else v for k, v in given.items()}
    if "seed_sample" in given:
        given["seed_sample"] = seed
    copy = type(generator)(**given)
    records: Iterator[tuple[dict[Any, Any], Any]] = iter(copy)
    if "seed_sample" in given:
        return records
    next(records)  # what belongs to the rule is drawn by now, from the generator's own seed
    if hasattr(getattr(copy, "_rng", None), "seed"):
        copy._rng.seed(seed)
        return records
    again: Iterable[tuple[dict[Any, Any], Any]] = type(generator)(**given | {"seed": seed})
    return iter(again)


def _cell(row: dict[Any, Any], key: Any) -> Any:
    value = row.get(key)
    if value is None:
        raise Mistake(f"river.generator gives a record without {key!r}: every column needs a value")
    return value


def _text(value: Any) -> str:
    return str(value)


def _number(value: Any, name: str) -> float:
    """Return a value as a number; days since 1970 for a date."""
    if isinstance(value, datetime):
        return (value.replace(tzinfo=None) - datetime(1970, 1, 1)).total_seconds() / 86_400
    try:
        return float(value)
    except (TypeError, ValueError):
        refuse(f"river.generator's {name}", value, "a column holds numbers, dates or texts")
