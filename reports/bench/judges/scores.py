"""What the bench of judges found: shares, days and people, with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Any

import numpy as np

from reports.bench.judges.playing import ANSWERS, WAYS
from reports.bench.judges.worlds import Family
from reports.intervals import Figure, about, share
from strategies.judges.verdict import PROMOTE, ROLL_BACK

if TYPE_CHECKING:
    from numpy.typing import NDArray

WORSE, EQUAL = -0.03, 0.0
"""The margin that all shipped judges are set for, and no effect."""


@dataclass(frozen=True)
class Scores:
    """How often each judge said what, when, by family, way of looking and effect.

    *decided[family]* has shape (ways, judges, effects, answers, looks); *exposed[family]* (ways,
    judges, effects, 2): sums and sums of squares of how many people had met the challenger.
    """

    families: tuple[Family, ...]
    labels: tuple[str, ...]
    effects: tuple[float, ...]
    a_day: float
    worlds: int
    decided: dict[Family, NDArray[np.int64]]
    exposed: dict[Family, NDArray[np.float64]]

    @classmethod
    def of(
        cls,
        results: Sequence[tuple[Family, dict[str, Any]]],
        *,
        labels: tuple[str, ...],
        effects: tuple[float, ...],
        a_day: float,
        worlds: int,
    ) -> Scores:
        """Add up the pieces."""
        decided: dict[Family, NDArray[np.int64]] = {}
        exposed: dict[Family, NDArray[np.float64]] = {}
        shape = len(WAYS), len(labels), len(effects)
        for family, result in results:
            if family not in decided:
                looks = len(family.looks(a_day))
                decided[family] = np.zeros((*shape, len(ANSWERS), looks), dtype=np.int64)
                exposed[family] = np.zeros((*shape, 2))
            for *key, times in result["decided"]:
                decided[family][tuple(key)] += times
            for way, judge, effect, one, squares in result["exposed"]:
                exposed[family][way, judge, effect] += (one, squares)
        return cls(tuple(decided), labels, effects, a_day, worlds, decided, exposed)

    def family(self, rollout: str, **how: Any) -> Family | None:
        """Return the worlds with so named a *rollout* and such labels and people."""
        asked = {"late": 0.0, "visits": 1, "likeness": 0.0, **how}
        for family in self.families:
            fits = all(getattr(family, name) == value for name, value in asked.items())
            if family.rollout.name == rollout and fits:
                return family
        return None

    def counts(self, family: Family, way: str, label: str, effect: float) -> NDArray[np.int64]:
        """Return how often each answer was given at each look (answers, looks)."""
        place = self.effects.index(effect)
        found: NDArray[np.int64] = self.decided[family][
            WAYS.index(way), self.labels.index(label), place
        ]
        return found

    def rate(self, family: Family, way: str, label: str, effect: float, answer: str) -> Figure:
        """Return how often an answer was given, with the exact interval."""
        counts = self.counts(family, way, label, effect)
        return share(int(counts[ANSWERS.index(answer)].sum()), int(counts.sum()))

    def error(self, family: Family, way: str, label: str) -> Figure:
        """Return the larger of two: an equal one rolled back, one worse by the margin promoted."""
        wrong = (
            self.rate(family, way, label, EQUAL, ROLL_BACK),
            self.rate(family, way, label, WORSE, PROMOTE),
        )
        return max(wrong, key=lambda figure: figure.value)

    def days(self, family: Family, way: str, label: str, *effects: float) -> Figure:
        """Return the mean days to the end: a decision, or what comes when there was none."""
        looks = family.looks(self.a_day)
        counts = sum(
            self.counts(family, way, label, effect).sum(axis=0).astype(np.float64)
            for effect in effects
        )
        weights = np.asarray(counts, dtype=np.float64)
        return moments(looks, weights)

    def exposed_people(self, family: Family, way: str, label: str, effect: float) -> Figure:
        """Return how many people had met the challenger on average."""
        one, squares = self.exposed[family][
            WAYS.index(way), self.labels.index(label), self.effects.index(effect)
        ].tolist()
        n = int(self.counts(family, way, label, effect).sum())
        mean = one / n
        variance = max(0.0, squares / n - mean * mean) * n / max(1, n - 1)
        return about(mean, sqrt(variance / n), max(1, n - 1))


def moments(values: NDArray[np.float64], weights: NDArray[np.float64]) -> Figure:
    """Return the mean of *values* that occurred so often."""
    n = float(weights.sum())
    mean = float(weights @ values) / n
    variance = float(weights @ (values - mean) ** 2) / max(1.0, n - 1)
    return about(mean, sqrt(variance / n), max(1, int(n) - 1))
