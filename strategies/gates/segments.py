"""Gates that look at each segment of the users."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import hypot
from statistics import NormalDist
from typing import TYPE_CHECKING

from sim.errors import one_of, refuse, whole, within
from strategies.verdict import NO, UNKNOWN, YES, Verdict

if TYPE_CHECKING:
    from sim.cards import VersionCard
    from sim.evaluation import Group, Mean
    from sim.view import View


@dataclass(frozen=True, kw_only=True)
class SegmentFloor:
    """Admits a version that is good enough in each segment.

    Its loss may nowhere be above *most*, and nowhere above the champion's by more than *worse_by*
    where that is given. A segment with fewer than *minimum* held-out records lets nobody tell:
    the gate stays shut, or with *skip_small* looks at the others alone.

    >>> SegmentFloor(most=0.3).words
    'its loss is at most 0.3 in every segment'
    """

    most: float | None = None
    worse_by: float | None = None
    minimum: int = 50
    skip_small: bool = False

    def __post_init__(self) -> None:
        if self.most is None and self.worse_by is None:
            refuse("segment_floor", self, "give most or worse_by")
        whole("segment_floor.minimum", self.minimum, 2)

    @property
    def words(self) -> str:
        """How good."""
        said = []
        if self.most is not None:
            said.append(f"at most {self.most:g}")
        if self.worse_by is not None:
            said.append(f"at most {self.worse_by:g} above the champion’s")
        return f"its loss is {' and '.join(said)} in every segment"

    def admits(self, view: View, version: VersionCard) -> Verdict:
        """Name the segment that fails by most."""
        judged = _judged(version)
        if not judged:
            return Verdict(self.words, UNKNOWN, "no segments are told apart")
        small = [group for group in judged if group.records < self.minimum]
        if small and not self.skip_small:
            why = f"{small[0].segment} has {small[0].records} records, {self.minimum} are needed"
            return Verdict(self.words, UNKNOWN, why, None, self.most, small[0].records)
        found = [(self._beyond(group), group) for group in judged if group not in small]
        if not found:
            return Verdict(self.words, UNKNOWN, "every segment is too small")
        beyond, worst = max(found, key=lambda item: item[0])
        why = f"{worst.segment} has a loss of {worst.loss.value:.3g} on {worst.records:,} records"
        if worst.over_champion is not None:
            why += f" ({-worst.over_champion.value:+.3g} beside the champion’s)"
        return Verdict(self.words, YES if beyond <= 0 else NO, why, beyond, 0.0, worst.records)

    def _beyond(self, group: Group) -> float:
        """Return by how much a segment fails; 0 or less if it does not."""
        by = []
        if self.most is not None:
            by.append(group.loss.value - self.most)
        if self.worse_by is not None and group.over_champion is not None:
            by.append(-group.over_champion.value - self.worse_by)
        return max(by, default=0.0)


@dataclass(frozen=True, kw_only=True)
class FairnessGap:
    """Admits a version whose segments differ by at most *most*, *sure* included.

    *of* is what is compared: the mean answer (the share of positive answers) or the loss. The
    interval of the largest gap of any two segments is two-sided and not corrected for their
    number; even its upper end has to stay within *most*.

    >>> FairnessGap().words
    'the mean answer of any two segments differs by at most 0.1, 95 % sure'
    """

    most: float = 0.1
    of: str = "answer"
    sure: float = 0.95
    minimum: int = 50

    def __post_init__(self) -> None:
        within("fairness_gap.most", self.most, 0, 1e15)
        one_of("fairness_gap.of", self.of, ("answer", "loss"))
        within("fairness_gap.sure", self.sure, 0.0, 0.999999)
        whole("fairness_gap.minimum", self.minimum, 2)

    @property
    def words(self) -> str:
        """What of, and how much."""
        sure = f", {100 * self.sure:g} % sure" if self.sure else ""
        of = {"answer": "mean answer", "loss": "loss"}[self.of]
        return f"the {of} of any two segments differs by at most {self.most:g}{sure}"

    def admits(self, view: View, version: VersionCard) -> Verdict:
        """Name the two that differ most."""
        judged = _judged(version)
        if len(judged) < 2:
            return Verdict(self.words, UNKNOWN, "there are no two segments to compare")
        fewest = min(judged, key=lambda group: group.records)
        if fewest.records < self.minimum:
            why = f"{fewest.segment} has {fewest.records} records, {self.minimum} are needed"
            return Verdict(self.words, UNKNOWN, why, None, self.most, fewest.records)
        z = NormalDist().inv_cdf(0.5 + self.sure / 2)
        high, gap, half, a, b = max(self._gap(a, b, z) for a, b in combinations(judged, 2))
        why = f"{a} and {b} differ by {gap:.3g} ± {half:.2g}"
        answer = YES if high <= self.most else NO
        return Verdict(self.words, answer, why, high, self.most, fewest.records)

    def _gap(self, a: Group, b: Group, z: float) -> tuple[float, float, float, str, str]:
        one, other = self._mean(a), self._mean(b)
        gap, half = abs(one.value - other.value), z * hypot(one.error, other.error)
        return gap + half, gap, half, a.segment, b.segment

    def _mean(self, group: Group) -> Mean:
        return group.answer if self.of == "answer" else group.loss


def _judged(version: VersionCard) -> tuple[Group, ...]:
    return version.evaluation.groups[1:] if version.evaluation else ()
