"""One arm of a comparison: who came how often, and how they fared."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]


class Means(NamedTuple):
    """The entities' own means, each *value* once and rising, and how *many* have it."""

    value: Floats
    many: Floats


class Where(NamedTuple):
    """What an arm's requests are of: served *since_us* to *until_us*, of one *segment* ('': all).

    *stage* is the number of the stage.
    """

    since_us: int = 0
    until_us: int = 0
    segment: str = ""
    stage: int = 0


ALL = Where()


class Side(Protocol):
    """What a judge may ask of an arm."""

    @property
    def where(self) -> Where:
        """Which requests it is made of."""

    @property
    def entities(self) -> int:
        """How many entities came."""

    @property
    def mean(self) -> float:
        """The mean of the metric over all requests; NaN if there were none."""

    @property
    def variance(self) -> float:
        """The variance of that mean, entities being independent and their requests not."""

    @property
    def means(self) -> Means:
        """How the entities fared, each for itself."""


@dataclass(frozen=True)
class Arm:
    """How often each entity came (*count*), and the sum of the metric over its requests.

    *who* they are, one number each, is needed only where stages are combined exactly.
    """

    count: Ints
    total: Floats
    where: Where = ALL
    who: Ints | None = None

    @property
    def entities(self) -> int:
        """How many of them came at all."""
        return len(self.count)

    @cached_property
    def requests(self) -> int:
        """How often they came, all together."""
        return int(self.count.sum())

    @cached_property
    def mean(self) -> float:
        """The mean over all requests; NaN if there were none."""
        return float(self.total.sum()) / self.requests if self.requests else float("nan")

    @cached_property
    def variance(self) -> float:
        """The variance of that mean: entities are independent, requests of one are not."""
        if self.entities < 2 or not self.requests:
            return float("inf")
        rest = self.influence
        return float((rest * rest).sum()) * self.entities / (self.entities - 1)

    @property
    def influence(self) -> Floats:
        """By how much each entity moves the mean."""
        rest: Floats = (self.total - self.mean * self.count) / self.requests
        return rest

    @property
    def means(self) -> Means:
        """How the entities fared, each for itself."""
        value, many = np.unique(self.total / np.maximum(self.count, 1), return_counts=True)
        return Means(value, many.astype(np.float64))


def shared(one: Side, other: Side) -> float | None:
    """Return the covariance of two means through the people who are in both arms.

    None if nobody knows *who* they are.
    """
    if not (isinstance(one, Arm) and isinstance(other, Arm)):
        return None
    if one.who is None or other.who is None:
        return None
    _, mine, theirs = np.intersect1d(one.who, other.who, assume_unique=True, return_indices=True)
    if not len(mine):
        return 0.0
    scale = sqrt(one.entities / (one.entities - 1) * other.entities / (other.entities - 1))
    return scale * float(one.influence[mine] @ other.influence[theirs])


@dataclass(frozen=True)
class Tally:
    """An arm as sums, for whoever counts as requests come and keeps no list of entities.

    *total* is the sum of the metric over *requests*; *squares* are the sums over entities of c²,
    c·t and t², where one came c times with t in all. *means* is how they fared, each for itself.
    """

    entities: int
    requests: int
    total: float
    squares: tuple[float, float, float]
    means: Means
    where: Where = ALL

    @property
    def mean(self) -> float:
        """The mean over all requests; NaN if there were none."""
        return self.total / self.requests if self.requests else float("nan")

    @property
    def variance(self) -> float:
        """The same as that of `Arm`, from sums."""
        if self.entities < 2 or not self.requests:
            return float("inf")
        came, both, total = self.squares
        mean = self.mean
        rest = max(0.0, total - 2.0 * mean * both + mean * mean * came)
        return rest * self.entities / ((self.entities - 1) * self.requests**2)
