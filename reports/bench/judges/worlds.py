"""Worlds in which it is known how much better or worse the challenger is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from reports.bench.judges import kernels
from sim.chance import Luck
from strategies.judges import Evidence, Means, Tally

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

DAYS = 14.0
BASE = 0.8
"""How many requests the champion serves well."""
DIFFER = 0.1
"""On how many requests a shadow of the same quality does well where the champion does not, or the
other way round."""


class Stage(NamedTuple):
    """From day *start* to day *stop*, *share* of the entities meet the challenger."""

    share: float
    start: float
    stop: float


@dataclass(frozen=True, kw_only=True)
class Rollout:
    """How a version is let out: *stages* in a row.

    The challenger is rolled back whenever a judge says so. With one stage it goes to everybody
    once the judge says so too, *hold* days after the start at the earliest; with several, when
    the last is over, whatever the judge could not tell. *alone* is a release to everybody at
    once: it is compared with what the champion did in the two weeks before. *unseen*: a shadow
    answers everything beside the champion, and nobody meets it.
    """

    name: str
    stages: tuple[Stage, ...]
    hold: float = 2.0
    alone: bool = False
    unseen: bool = False

    @property
    def by_calendar(self) -> bool:
        """Whether it goes on when nobody objects."""
        return len(self.stages) > 1 or self.alone

    @property
    def end(self) -> float:
        """The day on which it is over."""
        return self.stages[-1].stop


HALF = Rollout(name="half", stages=(Stage(0.5, 0.0, DAYS),))
CANARY = Rollout(name="canary 5 %", stages=(Stage(0.05, 0.0, DAYS),))
SMALL = Rollout(name="canary 1 %", stages=(Stage(0.01, 0.0, DAYS),))
GRADUAL = Rollout(
    name="gradual",
    stages=(Stage(0.01, 0, 2), Stage(0.05, 2, 6), Stage(0.25, 6, 9), Stage(0.5, 9, 13)),
)
FULL = Rollout(name="full release", stages=(Stage(1.0, 0.0, DAYS),), hold=0.0, alone=True)
SHADOW = Rollout(name="shadow", stages=(Stage(1.0, 0.0, DAYS),), unseen=True)
ROLLOUTS = {each.name: each for each in (HALF, CANARY, SMALL, GRADUAL, FULL, SHADOW)}


@dataclass(frozen=True, kw_only=True)
class Family:
    """Worlds of one kind: *requests* in two weeks, each entity coming *visits* times on average.

    *likeness* is the intra-class correlation of one entity's requests. Labels come *late* days
    after the request on average (exponential); a request counts once 95 % of those of its age
    are known.
    """

    rollout: Rollout
    late: float = 0.0
    visits: int = 1
    likeness: float = 0.0
    requests: int = 20_000

    @property
    def name(self) -> str:
        """What it is, in words."""
        return f"{self.rollout.name}, {self.labels}, {self.people}"

    @property
    def labels(self) -> str:
        """When labels come, in words."""
        return f"labels {self.late:g} d late" if self.late else "labels at once"

    @property
    def people(self) -> str:
        """Who comes, in words."""
        if self.visits == 1:
            return "one visit"
        return f"{self.visits} visits, likeness {self.likeness:g}"

    @property
    def maturity(self) -> float:
        """After how many days 95 % of the labels are there."""
        return float(-np.log(0.05)) * self.late

    def looks(self, a_day: float) -> Floats:
        """Return the days at which a judge looks, the last one when the rollout is over."""
        many = max(1, round(self.rollout.end * a_day))
        days: Floats = np.arange(1, many + 1, dtype=np.float64) * (self.rollout.end / many)
        return days


class Seen:
    """What is known of one stage at each look: evidence is made when a judge asks for it."""

    def __init__(
        self, sums: list[list[list[int]]], values: Floats, means: Floats, past: Tally | None
    ) -> None:
        self._sums, self._values, self._means, self._past = sums, values, means, past
        self._made: dict[int, Evidence] = {}

    def same(self, one: int, other: int) -> bool:
        """Say whether nothing has come between two looks."""
        return self._sums[one] == self._sums[other]

    def at(self, look: int) -> Evidence:
        """Return what is known at one look."""
        found = self._made.get(look)
        if found is None:
            found = Evidence(self._past or self.arm(look, 0), self.arm(look, 1))
            self._made[look] = found
        return found

    def arm(self, look: int, arm: int) -> Tally:
        """Return one arm as it is known at one look."""
        entities, requests, ones, *squares = self._sums[look][arm]
        means = Means(self._values, self._means[look, arm])
        return Tally(entities, requests, float(ones), (squares[0], squares[1], squares[2]), means)


class World:
    """One world of a family: who comes when, who would be served well, and when one knows."""

    def __init__(self, family: Family, seed: int) -> None:
        self.family, self._luck = family, Luck(seed)
        n = family.requests
        people = n // family.visits
        self.served: Floats = (np.arange(n, dtype=np.float64) + 0.5) * (DAYS / n)
        if family.visits == 1:
            self.who = np.arange(people)
        else:
            self.who = self._luck.page("bench judges who").integers(0, people, n)
        self._chance = self._luck.page("bench judges outcome").random(n)
        self.place = self._luck.page("bench judges place").random(people)
        self._own: Floats | None = None
        if family.likeness:
            size = 1.0 / family.likeness - 1.0
            page = self._luck.page("bench judges entity")
            self._own = page.beta(BASE * size, (1.0 - BASE) * size, people)

    @cached_property
    def known_at(self) -> Floats:
        """When a request counts: its label is there, and so are those of most of its age."""
        if not self.family.late:
            return self.served
        delay = self._luck.page("bench judges delay").exponential(
            self.family.late, self.family.requests
        )
        known: Floats = self.served + np.maximum(delay, self.family.maturity)
        return known

    @cached_property
    def order(self) -> Ints:
        """The requests in the order in which they count."""
        if not self.family.late:
            return np.arange(self.family.requests)
        return np.argsort(self.known_at, kind="stable")

    @cached_property
    def grid(self) -> kernels.Grid:
        """All means that somebody here can have."""
        return kernels.grid(int(np.bincount(self.who).max()))

    def better(self, effect: float) -> Ints:
        """Return where a shadow does better than the champion (1), where worse (-1)."""
        own = np.full(len(self.place), BASE) if self._own is None else self._own
        spread = 2.0 * float((own * (1.0 - own)).mean())
        apart = self._luck.page("bench judges apart").random((2, len(self.who)))
        others = np.where(apart[0] < DIFFER / spread, apart[1], self._chance)
        everybody = np.ones(len(self.place), dtype=np.bool_)
        shadow = self.outcomes(effect, everybody, others).astype(np.int64)
        return np.asarray(shadow - self.outcomes(0.0, everybody))

    def outcomes(self, effect: float, treated: Flags, chance: Floats | None = None) -> Flags:
        """Return which requests go well if who is *treated* fares better by *effect*."""
        chance = self._chance if chance is None else chance
        if self._own is None:
            return chance < np.where(treated, BASE + effect, BASE)[self.who]
        # a change of everybody's own rate by a factor keeps it in bounds and the mean exact
        up, down = (1.0 - effect / (1.0 - BASE)), 1.0 + effect / BASE
        moved = 1.0 - (1.0 - self._own) * up if effect > 0 else self._own * down
        return chance < np.where(treated, moved, self._own)[self.who]

    def seen(self, effect: float, stage: Stage, looks: Floats) -> Seen:
        """Return what is known of one stage at each of *looks*."""
        treated = self.place < stage.share
        ones = self.outcomes(effect, treated)
        within = (self.served >= stage.start) & (self.served < stage.stop)
        order = self.order if within.all() else self.order[within[self.order]]
        past = self._past if self.family.rollout.alone else None
        return self._seen(order, treated, ones, looks, past)

    def _seen(
        self, order: Ints, treated: Flags, ones: Flags, looks: Floats, past: Tally | None
    ) -> Seen:
        values, place = self.grid
        sums = np.zeros((len(looks), 2, 6), dtype=np.int64)
        means = np.zeros((len(looks), 2, len(values)))
        kernels.looked(order, self.known_at, self.who, treated, ones, looks, place, sums, means)
        return Seen(sums.tolist(), values, means, past)

    @cached_property
    def _past(self) -> Tally:
        """What the champion did in the two weeks before: a world of its own, all of it known."""
        twin = World(replace(self.family, late=0.0), -1 - self._luck.seed)
        nobody = np.zeros(len(twin.place), dtype=np.bool_)
        ones = twin.outcomes(0.0, nobody)
        return twin._seen(twin.order, nobody, ones, np.array([DAYS]), None).arm(0, 0)

    def met(self, looks: Floats) -> Ints:
        """Return how many people had met the challenger by each of *looks*."""
        if self.family.rollout.unseen:
            return np.zeros(len(looks), dtype=np.int64)
        starts = np.full(len(self.place), np.inf)
        for stage in reversed(self.family.rollout.stages):
            starts[self.place < stage.share] = stage.start
        found = np.zeros(len(looks), dtype=np.int64)
        kernels.met(self.served, self.who, starts, looks, found)
        return found
