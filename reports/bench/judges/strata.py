"""A rollout of several stages as a judge sees it: all so far, each compared within itself."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, cast

import numpy as np

from reports.bench.judges import kernels
from strategies.judges.evidence import stratified

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from reports.bench.judges.worlds import World
    from strategies.judges import Combined, Evidence, Tally

    Floats = NDArray[np.float64]


class Strata:
    """What is known of the stage that runs at each look, and of those before it."""

    def __init__(self, world: World, effect: float, looks: Floats) -> None:
        self._stages = world.family.rollout.stages
        self._seen = [world.seen(effect, stage, looks) for stage in self._stages]
        ends = np.array([stage.stop for stage in self._stages])
        self._now = np.minimum((ends + 1e-9).searchsorted(looks), len(ends) - 1).tolist()
        self._people, self._cross = _common(world, effect, looks)
        self._made: dict[int, Evidence | Combined] = {}

    def same(self, one: int, other: int) -> bool:
        """Say whether nothing has come between two looks."""
        now = self._now[other]
        if self._now[one] != now:
            return False
        return all(seen.same(one, other) for seen in self._seen[: now + 1])

    def at(self, look: int) -> Evidence | Combined:
        """Return what is known at one look."""
        found = self._made.get(look)
        if found is None:
            found = self._made[look] = self._at(look)
        return found

    def _at(self, look: int) -> Evidence | Combined:
        now = self._now[look]
        parts = [self._seen[stage].at(look) for stage in range(now + 1)]
        if not now:
            return parts[0]
        number = {id(part): stage for stage, part in enumerate(parts)}

        def between(one: Evidence, other: Evidence) -> float:
            late, early = (one, other) if number[id(one)] > number[id(other)] else (other, one)
            sums = self._cross[look, number[id(early)], number[id(late)]].tolist()
            return _covariance(early, late, sums)

        return stratified(parts, between, int(self._people[look, now].min()))


def _covariance(early: Evidence, late: Evidence, sums: list[list[list[float]]]) -> float:
    """Return the covariance of two stages' differences from the sums that they have in common."""
    total = 0.0
    for a, mine in enumerate((early.champion, early.challenger)):
        for b, theirs in enumerate((late.champion, late.challenger)):
            one, other = cast("Tally", mine), cast("Tally", theirs)
            came, mixed, turned, good = sums[a][b]
            if not came:
                continue
            rest = good - one.mean * mixed - other.mean * turned + one.mean * other.mean * came
            scale = sqrt(one.entities / (one.entities - 1) * other.entities / (other.entities - 1))
            sign = 1.0 if a == b else -1.0
            total += sign * scale * rest / (one.requests * other.requests)
    return total


def _common(world: World, effect: float, looks: Floats) -> tuple[Floats, Floats]:
    """Return how many people came up to each stage at each look, and what stages share."""
    stages = world.family.rollout.stages
    ends = np.array([stage.stop for stage in stages])
    within = world.served < ends[-1]
    order = world.order[within[world.order]]
    treated = [world.place < stage.share for stage in stages]
    ones = np.stack([world.outcomes(effect, met) for met in treated])
    people = np.zeros((len(looks), len(stages), 2), dtype=np.int64)
    cross = np.zeros((len(looks), len(stages), len(stages), 2, 2, 4))
    kernels.crossed(
        order,
        world.known_at,
        world.who,
        ends.searchsorted(world.served, side="right"),
        np.stack(treated).astype(np.int64),
        ones,
        looks,
        people,
        cross,
    )
    return people.astype(np.float64), cross
