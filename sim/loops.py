"""Drifts that close the loop: how far they go follows from what the service answered.

Their state changes at the beginning of an epoch only, from what was served in the one before.
So the world is a function of luck and of what the operator did, and any page can be drawn
alone once the states of its past are known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import numpy as np

from sim.concepts import GaussianClasses, direction, tactic
from sim.drift import Span
from sim.errors import refuse, whole, within

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.chance import Luck
    from sim.concepts import Concept, Moment
    from sim.schema import Schema

    Floats = NDArray[np.float64]

State = tuple[float, ...]
"""How far a loop has gone; equal states give equal worlds."""


class Effects(NamedTuple):
    """What the operator's doing has changed in the data so far.

    *repaired_us* says when which fault was repaired, *states* in which state each loop is from
    the beginning of an epoch on.
    """

    repaired_us: dict[str, int]
    states: dict[int, tuple[State, ...]]


class Served(NamedTuple):
    """What a loop learns of one page: features, outcomes and the answers that were given."""

    page: int
    x: Floats
    y: Floats
    answer: Floats


@dataclass(frozen=True, kw_only=True)
class Loop(Span):
    """A drift that follows from what is served, epoch by epoch, between *at* and *until*."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.width_us:
            refuse(f"{self.label}.width", self.width, "what is served decides how fast it goes")

    def acts(self, epoch: int, epoch_us: int) -> bool:
        """Say whether what is served in *epoch* changes the one after it."""
        start_us, until_us = epoch * epoch_us, self.until_us
        return self.at_us <= start_us and (until_us is None or start_us + epoch_us < until_us)

    def check(self, concept: Concept) -> None:
        """Refuse columns that *concept* does not have, or has as categories."""
        if self.segment:
            refuse(f"{self.label}.segment", self.segment, "a loop concerns everybody")
        schema = concept.schema
        for name in self.named(schema):
            column = schema.columns[schema.index(name, f"{self.label}.columns")]
            if column.kind != "number":
                refuse(f"{self.label}.columns", name, "only a column of numbers can move")

    def named(self, schema: Schema) -> tuple[str, ...]:
        """Return the columns concerned; none named means all."""
        return tuple(getattr(self, "columns", ())) or schema.names

    def rest(self, schema: Schema) -> State:
        """Return the state in which nothing is different."""
        raise NotImplementedError

    def apply(self, now: Moment, state: State, schema: Schema) -> None:
        """Put the effect of *state* into the state of the stream."""
        raise NotImplementedError

    def observe(self, luck: Luck, state: State, served: Served, schema: Schema) -> Floats:
        """Return sums over the records of one page; they add up over an epoch."""
        raise NotImplementedError

    def step(self, state: State, sums: Floats, schema: Schema) -> State:
        """Return the next state."""
        raise NotImplementedError

    @property
    def severity(self) -> float:
        """How strong it can become."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Feedback(Loop):
    """Users become more like what they are shown: a filter bubble.

    Each epoch the mean of *columns* moves by *strength* times the difference between the records
    that were answered 1 and all of them, on top of *memory* of how far it had moved; never by
    more than *limit* in any column. What follows from the features stays as it was.
    """

    columns: tuple[str, ...] = ()
    strength: float = 0.1
    memory: float = 0.95
    limit: float = 3.0
    kind: ClassVar[str] = "feedback"

    def __post_init__(self) -> None:
        super().__post_init__()
        if not isinstance(self.columns, tuple):
            refuse(f"{self.label}.columns", self.columns, "name the columns, as in ('x0', 'x1')")
        within(f"{self.label}.strength", self.strength, -1e6, 1e6)
        within(f"{self.label}.memory", self.memory, 0, 1)
        within(f"{self.label}.limit", self.limit, 0, 1e9)

    @property
    def severity(self) -> float:
        """How far a column may move."""
        return self.limit

    def rest(self, schema: Schema) -> State:
        """Nothing has moved."""
        return (0.0,) * len(self.named(schema))

    def apply(self, now: Moment, state: State, schema: Schema) -> None:
        """Move the columns."""
        shift = np.zeros(len(schema.columns))
        shift[self._places(schema)] = state
        now.shifts = [*now.shifts, (shift, np.ones(len(shift)), 1.0)]

    def observe(self, luck: Luck, state: State, served: Served, schema: Schema) -> Floats:
        """Count, and sum up the columns, of all records and of those answered 1."""
        x, shown = served.x[:, self._places(schema)], served.answer > 0.5
        many = np.array([len(x), shown.sum()], dtype=np.float64)
        return np.concatenate([many, x.sum(axis=0), x[shown].sum(axis=0)])

    def step(self, state: State, sums: Floats, schema: Schema) -> State:
        """Move towards what was shown."""
        count, shown = sums[:2]
        size = len(state)
        gap = np.zeros(size)
        if shown:
            gap = sums[2 + size :] / shown - sums[2 : 2 + size] / count
        moved = self.memory * np.array(state) + self.strength * gap
        return tuple(np.clip(moved, -self.limit, self.limit).tolist())

    def _places(self, schema: Schema) -> list[int]:
        return [schema.names.index(name) for name in self.named(schema)]


@dataclass(frozen=True, kw_only=True)
class Adversary(Loop):
    """Whoever sends class 1 tries *tactics* other ways of looking, and keeps what slips through.

    A way of looking moves the features of class 1 by *reach* in a direction of its own. Each
    epoch a way gains weight by e to the *speed* times the share that slipped through with it
    (answered 0); *curious* of class 1 try any way at all. It goes with `GaussianClasses`, where
    the best answer to such a mixture is known.
    """

    tactics: int = 4
    reach: float = 2.0
    speed: float = 1.0
    curious: float = 0.05
    rule: str = "tactic"
    kind: ClassVar[str] = "adversary"

    def __post_init__(self) -> None:
        super().__post_init__()
        whole(f"{self.label}.tactics", self.tactics, 1, 100)
        within(f"{self.label}.reach", self.reach, 0, 1e6)
        within(f"{self.label}.speed", self.speed, 0, 100)
        within(f"{self.label}.curious", self.curious, 0, 1)

    def check(self, concept: Concept) -> None:
        """Refuse a concept whose best answer to such a mixture is not known."""
        super().check(concept)
        if not isinstance(concept, GaussianClasses):
            refuse(f"{self.label}.kind", self.kind, "it goes with GaussianClasses")

    @property
    def severity(self) -> float:
        """How far the features of class 1 can move."""
        return self.reach

    def rest(self, schema: Schema) -> State:
        """Everybody looks as before."""
        return (1.0, *(0.0,) * self.tactics)

    def apply(self, now: Moment, state: State, schema: Schema) -> None:
        """Let class 1 look as the weights of the tactics say."""
        now.tactics = np.array(state), self.moves(len(schema.columns))

    def moves(self, size: int) -> Floats:
        """Return how each way of looking moves the features (tactics + 1, d), the first nowhere."""
        ways = [direction(f"{self.rule} {k}", size) for k in range(self.tactics)]
        return np.vstack([np.zeros(size), *(self.reach * way for way in ways)])

    def observe(self, luck: Luck, state: State, served: Served, schema: Schema) -> Floats:
        """Count, for each way of looking, class 1 and how many of it slipped through."""
        picks = tactic(luck, served.page, np.array(state), len(served.y))
        ones = served.y > 0.5
        size = self.tactics + 1
        slipped = ones & (served.answer < 0.5)
        counts = [np.bincount(picks[rows], minlength=size) for rows in (ones, slipped)]
        return np.concatenate(counts).astype(np.float64)

    def step(self, state: State, sums: Floats, schema: Schema) -> State:
        """Give weight to what slipped through; a way that nobody tried is taken for average."""
        size = self.tactics + 1
        tried, slipped = sums[:size], sums[size:]
        average = slipped.sum() / max(tried.sum(), 1.0)
        success = np.where(tried > 0, slipped / np.maximum(tried, 1.0), average)
        weights = np.array(state) * np.exp(self.speed * success)
        weights = (1.0 - self.curious) * weights / weights.sum() + self.curious / size
        return tuple((weights / weights.sum()).tolist())


def after(
    loops: tuple[Loop, ...],
    epoch: int,
    epoch_us: int,
    states: tuple[State, ...],
    sums: list[Floats],
    schema: Schema,
) -> tuple[State, ...]:
    """Return the states of the epoch after *epoch*, in which *sums* were observed."""
    found = []
    for loop, state, seen in zip(loops, states, sums, strict=True):
        if not loop.acts(epoch, epoch_us):
            found.append(loop.rest(schema))
        else:
            found.append(loop.step(state, seen, schema) if np.any(seen) else state)
    return tuple(found)
