"""A metric that is measured again and again while a version is on its way, as controllers do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from sim.clock import positive_us, us
from sim.errors import fits, refuse, whole
from sim.findings import LABELS
from strategies.rollouts.course import course
from strategies.rollouts.stops import Beyond, Worse
from strategies.verdict import NO, UNKNOWN, YES, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.findings import Findings
    from strategies.rollouts.seen import Seen

Limit = Beyond | Worse
FAILED, PASSED, DOUBTFUL, LOST = "failed", "passed", "doubtful", "lost"
_SETTLED: WeakKeyDictionary[Findings, dict[Measured, list[str]]] = WeakKeyDictionary()
"""How stretches went of which all is known, by what was seen of the first of them."""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Stops a version whose measurements, one *every* so often, fail more than *failures* times.

    One fails if any of the limits in *of* is passed, and is doubtful if none is but one of those in
    *doubt*; more than *doubts* of those stop it as well, since nobody can tell. More than *lost*
    measurements in a row without a single outcome stop it, too; -1: never. The first stretch begins
    *after* the stage number *since* has begun, and there are *count* of them (0: until the end);
    they go on through later stages unless *only* that one is measured. A stretch is looked at once
    most of its labels have come; a stage that *only* it belongs to waits for the last of them.
    Where a failure *holds*, no stage is left until a measurement passes again, and one without an
    outcome fails.

    >>> Measured(of=(Beyond(),), every="5m", failures=2).words
    'errors above 2 %, measured every 5m, more than 2 times'
    """

    of: tuple[Limit, ...]
    every: str = "5m"
    after: str = "0s"
    count: int = 0
    failures: int = 0
    lost: int = 4
    doubt: tuple[Limit, ...] = ()
    doubts: int = 0
    since: int = 0
    only: bool = False
    holds: bool = False
    name: str = ""

    def __post_init__(self) -> None:
        for field in ("of", "doubt"):
            parts = getattr(self, field)
            if not isinstance(parts, tuple) or (field == "of" and not parts):
                refuse(f"measured.{field}", parts, "give limits, as in (Beyond(),)")
            for place, limit in enumerate(parts):
                fits(f"measured.{field}[{place}]", limit, "stops", "Beyond()")
        positive_us(self.every, "measured.every")
        us(self.after, "measured.after")
        for field, low in (("count", 0), ("failures", 0), ("lost", -1), ("doubts", 0),
                           ("since", 0)):  # fmt: skip
            whole(f"measured.{field}", getattr(self, field), low, 10**6)

    @property
    def words(self) -> str:
        """What is measured, and how often it may fail."""
        limits = " or ".join(limit.words for limit in self.of)
        often = "once" if self.failures == 1 else f"{self.failures:,} times"
        times = f", more than {often}" if self.failures else ""
        times += "; a failure holds the stage" if self.holds else ""
        stage = f" in stage {self.since + 1}" if self.only else ""
        return f"{limits}, measured every {self.every}{stage}{times}"

    def stops(self, seen: Seen) -> Verdict:
        """Go through all stretches from the first one on."""
        since_us = self._since_us(seen)
        if since_us < 0 or not any(limit.metric in seen.view.metrics for limit in self.of):
            return Verdict(self.words, UNKNOWN, "it is not measured here", None, self.failures)
        failed = doubtful = row = measured = 0
        for found in self._outcomes(seen, since_us):
            failed += found == FAILED
            doubtful += found == DOUBTFUL
            row = row + 1 if found == LOST else 0
            measured += 1
            why = ""
            if failed > self.failures:
                why = f"{failed} of {measured} measurements failed"
            elif doubtful > self.doubts:
                why = f"{doubtful} of {measured} measurements are doubtful"
            elif row > self.lost >= 0:
                why = f"{row} measurements in a row saw nothing"
            if why:
                return Verdict(self.words, YES, why, float(failed), float(self.failures), measured)
        why = f"{failed} of {measured} measurements failed"
        return Verdict(self.words, NO, why, float(failed), float(self.failures), measured)

    def unfinished(self, seen: Seen) -> bool:
        """Say whether the stage has to wait: for the last label of its last stretch, or a pass."""
        since_us = self._since_us(seen)
        if since_us < 0 or not any(limit.metric in seen.view.metrics for limit in self.of):
            return False
        outcomes = self._outcomes(seen, since_us)
        if self.holds and outcomes and outcomes[-1] in (FAILED, DOUBTFUL):
            return True
        own = self.only and seen.view.route.stage == self.since
        return bool(own and self.count and len(outcomes) < self.count)

    def lasts_us(self) -> int:
        """Return how long it takes until the last measurement is over; 0 if there is none."""
        return us(self.after) + self.count * us(self.every) if self.count else 0

    def _outcomes(self, seen: Seen, since_us: int) -> Sequence[str]:
        """Return how all measurements went that can be judged by now, the oldest first.

        What is seen at once cannot change any more: it is worked out once for each stretch, and
        kept as long as the first of them is known.
        """
        view = seen.view
        of = (*self.of, *self.doubt)
        late = any(view.metrics.get(limit.metric) == LABELS for limit in of)
        until_us = view.now_us - (view.maturity_us if late else 0)
        step_us, start_us = us(self.every), since_us + us(self.after)
        many = max(0, until_us - start_us) // step_us
        many = min(many, self.count) if self.count else many
        known: list[str] = []
        if not late and many:
            metric = next(limit.metric for limit in of if limit.metric in view.metrics)
            first = view.evidence(metric, since_us=start_us, until_us=start_us + step_us)
            known = _SETTLED.setdefault(first, {}).setdefault(self, [])
        for number in range(len(known), many):
            first_us = start_us + number * step_us
            known.append(
                self._measure(replace(seen, since_us=first_us, until_us=first_us + step_us))
            )
        return known[:many]

    def _measure(self, part: Seen) -> str:
        """Say how one measurement went."""
        said = [limit.stops(part).answer for limit in self.of]
        if YES in said:
            return FAILED
        if set(said) == {UNKNOWN}:
            return FAILED if self.holds and part.view.route.challenger else LOST
        doubts = [limit.stops(part).answer for limit in self.doubt]
        return DOUBTFUL if YES in doubts else PASSED

    def _since_us(self, seen: Seen) -> int:
        """Return when its stage began, -1 if it has not or, *only* in it, is over."""
        now = seen.view.route
        if self.only and now.stage != self.since:
            return -1
        begun = [leg.since_us for leg in course(seen.view) if leg.stage >= self.since]
        return begun[-1] if begun else -1
