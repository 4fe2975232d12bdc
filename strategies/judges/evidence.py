"""What a judge is shown: both arms over the same window and the same people, and nothing mixed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from math import sqrt
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import numpy as np

from sim.clock import text
from sim.errors import Mistake, one_of, whole
from strategies.judges.arm import Arm, Side, Where, shared

if TYPE_CHECKING:
    from collections.abc import Sequence

LABELS, PROXY = "labels", "proxy"
HEALTH, EFFECT = "health", "effect"


class Comparison(Protocol):
    """What judges ask of evidence, however it was gathered."""

    @property
    def source(self) -> str:
        """Labels, or a proxy that is seen at once."""

    @property
    def purpose(self) -> str:
        """Health (may it stay?) or effect (how large is it?)."""

    @property
    def difference(self) -> float:
        """How much better the challenger is."""

    @property
    def error(self) -> float:
        """The standard error of the difference, over entities."""

    @property
    def fewest(self) -> int:
        """How many entities the smaller arm has."""

    @property
    def entities(self) -> int:
        """How many entities it rests on in all."""


@dataclass(frozen=True)
class Evidence:
    """Both arms over one window of one stage; the metric is better where it is larger.

    *source* says what the metric comes from: 'labels' that have arrived, or a 'proxy' that is
    seen at once. *share* is how much of what was answered in the window is known by now.
    *purpose* is 'health' (shadow, canary) or 'effect' (A/B). Arms over other windows, segments
    or stages are no comparison and refused.
    """

    champion: Side
    challenger: Side
    source: str = LABELS
    share: float = 1.0
    purpose: str = HEALTH

    def __post_init__(self) -> None:
        one_of("evidence.source", self.source, (LABELS, PROXY))
        one_of("evidence.purpose", self.purpose, (HEALTH, EFFECT))
        if self.champion.where != self.challenger.where:
            raise Mistake(
                f"the champion is seen {_told(self.champion.where)} and the challenger "
                f"{_told(self.challenger.where)}: compare both over the same window and segment"
            )

    @cached_property
    def difference(self) -> float:
        """How much better the challenger is."""
        return self.challenger.mean - self.champion.mean

    @cached_property
    def error(self) -> float:
        """The standard error of the difference."""
        return sqrt(self.challenger.variance + self.champion.variance)

    @property
    def fewest(self) -> int:
        """How many entities the smaller arm has."""
        return min(self.champion.entities, self.challenger.entities)

    @property
    def entities(self) -> int:
        """How many entities came in all."""
        return self.champion.entities + self.challenger.entities


@dataclass(frozen=True)
class Paired:
    """A shadow's evidence: both answered the same requests, so their *differences* are judged.

    *differences* holds, for each entity, how often it came and the sum over its requests of the
    challenger's metric less the champion's: what both have in common falls out.
    """

    differences: Side
    source: str = LABELS
    share: float = 1.0
    purpose: str = HEALTH

    def __post_init__(self) -> None:
        one_of("paired.source", self.source, (LABELS, PROXY))
        one_of("paired.purpose", self.purpose, (HEALTH,))  # nobody sees a shadow's answers

    @cached_property
    def difference(self) -> float:
        """How much better the challenger is."""
        return self.differences.mean

    @cached_property
    def error(self) -> float:
        """The standard error of the mean difference."""
        return sqrt(self.differences.variance)

    @property
    def fewest(self) -> int:
        """How many entities came: each of them is in both arms."""
        return self.differences.entities

    @property
    def entities(self) -> int:
        """How many entities came, twice: a judge tuned for both arms counts both."""
        return 2 * self.differences.entities


@dataclass(frozen=True)
class Combined:
    """Several stages as one: their differences weighted by what each can tell, as strata.

    *fewest* are different people; *entities* are as many as would tell as much if half of them
    met each version. *parts* are the stages with their *weights*; *apart*: nobody came in two.
    """

    difference: float
    error: float
    fewest: int
    entities: int
    source: str
    purpose: str
    parts: tuple[Evidence, ...] = ()
    weights: tuple[float, ...] = ()
    apart: bool = True


Between = Callable[[Evidence, Evidence], "float | None"]
"""The covariance of two stages' differences, through who came in both; None: nobody can tell."""


def combined(stages: Sequence[Evidence]) -> Combined:
    """Return what *stages* say together, each compared within itself.

    Shares differ between stages and so may the world: pooled arms would compare Monday's people
    with Friday's. A stage weighs as much as its smaller arm lets it. Who came in several stages
    is one entity if arms know *who* came, else the stages are taken as fully alike, which can only
    make the error too large.
    """
    sides = [[s.champion for s in stages], [s.challenger for s in stages]]
    return stratified(stages, _between, min((_people(side) for side in sides), default=0))


def stratified(stages: Sequence[Evidence], between: Between, fewest: int) -> Combined:
    """Return *stages* as one, their smaller arm being *fewest* people: see `combined`."""
    if not stages:
        raise Mistake("no stage was given: combine at least one")
    for name in ("source", "purpose"):
        if len({getattr(stage, name) for stage in stages}) > 1:
            both = " and ".join(sorted({getattr(stage, name) for stage in stages}))
            raise Mistake(f"stages judged by {both} never share a verdict: judge each alone")
    told = [s for s in stages if s.fewest >= 2]
    about = stages[0].source, stages[0].purpose
    if not told:
        return Combined(float("nan"), float("inf"), 0, 0, *about)
    information = [1.0 / (1.0 / s.champion.entities + 1.0 / s.challenger.entities) for s in told]
    weights = [one / sum(information) for one in information]
    pairs = [
        (weights[i] * weights[j], between(told[i], told[j]))
        for i in range(len(told))
        for j in range(i)
    ]
    error = sum(w * s.error for w, s in zip(weights, told, strict=True))
    covariances = [(weight, both) for weight, both in pairs if both is not None]
    if len(covariances) == len(pairs):
        own = sum((w * s.error) ** 2 for w, s in zip(weights, told, strict=True))
        error = sqrt(max(0.0, own + 2.0 * sum(weight * both for weight, both in covariances)))
    return Combined(
        sum(w * s.difference for w, s in zip(weights, told, strict=True)),
        error,
        fewest,
        round(4.0 * sum(information)),
        *about,
        tuple(told),
        tuple(weights),
        all(both == 0.0 for _, both in pairs),
    )


def _between(one: Evidence, other: Evidence) -> float | None:
    total = 0.0
    for mine, sign in ((one.challenger, 1.0), (one.champion, -1.0)):
        for theirs, versus in ((other.challenger, 1.0), (other.champion, -1.0)):
            both = shared(mine, theirs)
            if both is None:
                return None
            total += sign * versus * both
    return total


def _people(sides: Sequence[Side]) -> int:
    """Return how many people came in any of *sides*; at least so many, if nobody knows who."""
    known = [side.who for side in sides if isinstance(side, Arm) and side.who is not None]
    if len(known) < len(sides):
        return max(side.entities for side in sides)
    return len(np.unique(np.concatenate(known))) if known else 0


Judge = TypeVar("Judge")


def split(judge: Judge, *, stages: int = 1, metrics: int = 1) -> Judge:
    """Return *judge* with its alpha shared among *stages* and *metrics*, if it promises one.

    >>> from strategies.judges import SequentialRatio
    >>> split(SequentialRatio(alpha=0.05), stages=5).alpha
    0.01
    """
    whole("split.stages", stages, 1)
    whole("split.metrics", metrics, 1)
    whole_alpha = getattr(judge, "alpha", None)
    if whole_alpha is None or stages * metrics == 1:
        return judge
    shared: Any = judge
    return replace(shared, alpha=whole_alpha / (stages * metrics))  # type: ignore[no-any-return]


def _told(where: Where) -> str:
    segment = f" in segment {where.segment}" if where.segment else ""
    window = f"from {text(where.since_us)} to {text(where.until_us)}"
    return f"{window}{segment}, stage {where.stage}"
