"""What a judge is shown: both arms over the same window, a sum for each entity."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

PROMOTE, ROLL_BACK, INCONCLUSIVE = "promote", "roll back", "inconclusive"
FEWEST = 100
"""Judges that rest on large numbers wait for so many entities in each arm."""


@dataclass(frozen=True)
class Arm:
    """How often each entity came (*count*), and the sum of the metric over its requests."""

    count: NDArray[np.int64]
    total: NDArray[np.float64]

    @property
    def entities(self) -> int:
        """How many of them came at all."""
        return len(self.count)

    @property
    def mean(self) -> float:
        """The mean over all requests; NaN if there were none."""
        requests = self.count.sum()
        return float(self.total.sum() / requests) if requests else float("nan")

    @property
    def variance(self) -> float:
        """The variance of that mean: entities are independent, requests of one are not."""
        requests = self.count.sum()
        if self.entities < 2 or not requests:
            return float("inf")
        rest = self.total - self.mean * self.count
        spread = self.entities / (self.entities - 1)
        return float((rest * rest).sum() * spread / requests**2)


@dataclass(frozen=True)
class Evidence:
    """Both arms over one window of one stage; the metric is better where it is larger.

    *source* says what the metric comes from: 'labels' that have arrived, or a 'proxy' that is
    seen at once. *share* is how much of what was answered in the window is known by now.
    """

    champion: Arm
    challenger: Arm
    source: str = "labels"
    share: float = 1.0

    @property
    def difference(self) -> float:
        """How much better the challenger is."""
        return self.challenger.mean - self.champion.mean

    @property
    def error(self) -> float:
        """The standard error of the difference."""
        return sqrt(self.challenger.variance + self.champion.variance)

    @property
    def fewest(self) -> int:
        """How many entities the smaller arm has."""
        return min(self.champion.entities, self.challenger.entities)


@dataclass(frozen=True)
class Verdict:
    """What a judge says: *answer*, the difference it saw with its bounds, and why."""

    answer: str
    difference: float
    low: float
    high: float
    entities: int
    why: str


def decided(evidence: Evidence, low: float, high: float, margin: float) -> Verdict:
    """Promote what is surely not worse by *margin*, roll back what is surely worse, else wait."""
    difference, entities = evidence.difference, evidence.fewest
    told = f"{difference:+.2%} ({low:+.2%} to {high:+.2%})"
    if high < 0.0:
        return Verdict(ROLL_BACK, difference, low, high, entities, f"worse: {told}")
    if low > -margin:
        why = f"not worse by {margin:.2%}: {told}"
        return Verdict(PROMOTE, difference, low, high, entities, why)
    return Verdict(INCONCLUSIVE, difference, low, high, entities, f"too early to say: {told}")


def not_yet(evidence: Evidence, why: str) -> Verdict:
    """Say nothing for want of evidence."""
    unknown = float("inf")
    difference = evidence.difference
    return Verdict(INCONCLUSIVE, difference, -unknown, unknown, evidence.fewest, why)
