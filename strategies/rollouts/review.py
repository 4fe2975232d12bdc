"""The look back at a set day after a release, and the baseline that follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

from sim.clock import positive_us, text, us
from sim.errors import whole, within
from strategies.verdict import NO, UNKNOWN, YES, Verdict, noted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.actions import Note
    from sim.view import View

REVIEW, BASELINE = "review", "baseline"


@dataclass(frozen=True, kw_only=True)
class Review:
    """Looks at the champion *after* its release: is it what the evaluation report promised?

    It judges by the labels that have arrived by then, at least *minimum*, and says what share of
    requests they are of: no if the loss is more than *worse_by* above the claim (beyond what chance
    explains), unknown if labels are too few. The new baseline is fixed once the loss of the last
    *settled* and that of the same time before differ by no more than *worse_by*, and the business
    figures, if there are any, by no more than a tenth.
    """

    after: str = "28d"
    minimum: int = 500
    worse_by: float = 0.02
    settled: str = "7d"

    def __post_init__(self) -> None:
        positive_us(self.after, "review.after")
        whole("review.minimum", self.minimum, 1)
        within("review.worse_by", self.worse_by, 0, 1e15)
        positive_us(self.settled, "review.settled")

    @property
    def words(self) -> str:
        """When, and on how much."""
        return f"looked back at after {self.after}, on {self.minimum:,} labels or more"

    def looks(self, view: View) -> Iterator[Note]:
        """Write the verdict about the champion when its day has come, then the new baseline."""
        name, since_us = view.champion.name, view.serving_us
        if not since_us or view.now_us < since_us + us(self.after):
            return
        if (REVIEW, name) not in view.decided:
            yield from noted(view, self._verdict(view, since_us), name)
        if (BASELINE, name) not in view.decided:
            fixed = self._baseline(view)
            if fixed is not None:
                yield from noted(view, fixed, name)

    def _verdict(self, view: View, since_us: int) -> Verdict:
        seen = view.tally(since_us)
        claim = view.champion.claim
        share = seen.labels / seen.requests if seen.requests else 0.0
        told = f"{seen.labels:,} labels, {share:.0%} of what was answered, have come"
        if seen.labels < self.minimum or claim != claim:
            return Verdict(REVIEW, UNKNOWN, f"{told}: too few", None, claim, seen.labels)
        worse = seen.error - claim
        chance = 2.0 * sqrt(max(seen.error * (1.0 - seen.error), 0.0) / seen.labels)
        answer = NO if worse > self.worse_by + chance else YES
        why = f"loss {seen.error:.3g}, {claim:.3g} was promised; {told}"
        return Verdict(REVIEW, answer, why, worse, self.worse_by, seen.labels)

    def _baseline(self, view: View) -> Verdict | None:
        """Return the new baseline if the live path and the business have settled."""
        twice = view.ticks(text(2 * us(self.settled)))
        if not len(twice.start_us):
            return None
        before, last = twice.until(view.now_us - us(self.settled)), view.ticks(self.settled)
        gap = abs(last.error() - before.error())
        if not gap <= self.worse_by:
            return None
        for name, value in last.business.items():
            usual, now = (float(part.mean()) for part in (before.business[name], value))
            if abs(now - usual) > 0.1 * abs(usual):
                return None
        why = f"loss {last.error():.3g} over the last {self.settled}, {gap:.2g} from before"
        labels = int(last.labels[:, 0].sum())
        return Verdict(BASELINE, YES, why, last.error(), self.worse_by, labels)
