"""Days until everybody is served by a version that is not worse: gradually, or all at once."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from reports.bench.judges.playing import ANSWERS
from reports.bench.judges.scores import EQUAL, WORSE, Scores
from reports.intervals import Figure, about
from strategies.judges.verdict import PROMOTE, ROLL_BACK

if TYPE_CHECKING:
    from reports.bench.judges.worlds import Family

REWORK = 7.0
"""Days until a version that was rolled back is mended and there is another one."""
UNSEEN = 30.0
"""Days after which a worse version that was kept is found all the same, by its business."""


@dataclass(frozen=True, kw_only=True)
class Way:
    """A release of one *family*, judged in one *way* by one judge."""

    scores: Scores
    family: Family
    way: str
    label: str

    def days(self, worse: float) -> Figure:
        """Return the expected days to a safe 100 %, if a share *worse* of versions is worse.

        A good version is safe once it serves all. What is rolled back, rightly or not, is mended
        and begins anew; a worse one that is kept is found in the end. E = time / P(safe).
        """
        parts = [(1.0 - worse, EQUAL), (worse, WORSE)]
        times = [self._times(effect) for _, effect in parts]
        top = sum(w * float(c @ t) for (w, _), (c, t, _) in zip(parts, times, strict=True))
        bottom = sum(w * float(c @ s) for (w, _), (c, _, s) in zip(parts, times, strict=True))
        if not bottom:
            return Figure(value=float("inf"), low=-float("inf"), high=float("inf"))
        value, variance = top / bottom, 0.0
        for (weight, effect), (chance, taken, safe) in zip(parts, times, strict=True):
            rest = taken - value * safe
            n = int(self.scores.counts(self.family, self.way, self.label, effect).sum())
            spread = float(chance @ rest**2) - float(chance @ rest) ** 2
            variance += weight**2 * spread / n
        return about(value, sqrt(max(0.0, variance)) / bottom)

    def found(self) -> Figure:
        """Return the mean days until a worse version is rolled back, or the release is over."""
        return self.scores.days(self.family, self.way, self.label, WORSE)

    def people(self) -> Figure:
        """Return how many people a worse version reached before that."""
        return self.scores.exposed_people(self.family, self.way, self.label, WORSE)

    def _times(self, effect: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return chances, days and whether all is safe then, for each answer at each look."""
        counts = self.scores.counts(self.family, self.way, self.label, effect)
        looks = self.family.looks(self.scores.a_day)
        days, safe = np.tile(looks, (len(ANSWERS), 1)), np.zeros(counts.shape)
        kept = ANSWERS.index(PROMOTE)
        if self.family.rollout.alone:
            days[kept] = 0.0  # it has been serving all since the first day
        days[ANSWERS.index(ROLL_BACK)] += REWORK
        if effect >= EQUAL:
            safe[kept] = 1.0
        else:
            days[kept] += UNSEEN + REWORK
        chance = counts / counts.sum()
        return chance.ravel(), days.ravel(), safe.ravel()
