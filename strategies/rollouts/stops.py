"""Stop rules: agreed on beforehand, they withdraw a version without a meeting."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING, Protocol

from sim.clock import positive_us, text, us
from sim.errors import fits, refuse, whole, within
from strategies.rollouts.seen import Seen
from strategies.verdict import LABELS, NO, UNKNOWN, YES, Verdict

if TYPE_CHECKING:
    from sim.findings import Sums

LATENCY = "latency"

__all__ = ["AfterMeeting", "Beyond", "Repeated", "Seen", "Stop", "Worse"]


class Stop(Protocol):
    """Says yes if a version must be withdrawn."""

    @property
    def words(self) -> str:
        """When: 'errors above 2 %'."""

    def stops(self, seen: Seen) -> Verdict:
        """Hold what was *seen* of the version against the rule."""


@dataclass(frozen=True, kw_only=True)
class Worse:
    """Stops a version whose *metric* is more than *points* below the champion's, side by side.

    Looked at from *minimum* outcomes of the version on. It is the bare rule that most teams write;
    with *sure* above 0.5 the gap must also be real with that confidence, over users. Of errors and
    the like, more is worse.

    >>> Worse().words
    'quality more than 3 points below the champion'
    """

    points: float = 0.03
    metric: str = "quality"
    minimum: int = 400
    sure: float = 0.5

    def __post_init__(self) -> None:
        within("worse.points", self.points, 0, 1e9)
        whole("worse.minimum", self.minimum, 1)
        within("worse.sure", self.sure, 0.5, 0.999999)

    @property
    def words(self) -> str:
        """By how much."""
        sure = f" ({self.sure:.4g} sure that it is)" if self.sure > 0.5 else ""
        return f"{self.metric} more than {100 * self.points:g} points below the champion{sure}"

    def stops(self, seen: Seen) -> Verdict:
        """Compare the arms over the same window."""
        evidence = seen.comparison(self.metric)
        if evidence is None:
            why = f"{self.metric} is not measured of both"
            return Verdict(self.words, UNKNOWN, why, None, self.points)
        known, gap = seen.known(self.metric), -evidence.difference
        if known < self.minimum or gap != gap:
            why = f"{known:,} outcomes, {self.minimum:,} are needed"
            return Verdict(self.words, UNKNOWN, why, None, self.points, known, LABELS)
        surely = gap - NormalDist().inv_cdf(self.sure) * evidence.error > 0 or self.sure == 0.5
        why = f"{-gap:+.2%} beside the champion, on {known:,} outcomes"
        answer = YES if gap > self.points and surely else NO
        return Verdict(self.words, answer, why, gap, self.points, known)


@dataclass(frozen=True, kw_only=True)
class Beyond:
    """Stops a version whose *metric* is above *most* or below *least*, whatever the champion's is.

    Looked at from *minimum* outcomes of the version on.

    >>> Beyond().words
    'errors above 2 %'
    """

    metric: str = "errors"
    most: float | None = 0.02
    least: float | None = None
    minimum: int = 100

    def __post_init__(self) -> None:
        if self.most is None and self.least is None:
            refuse("beyond", self, "give most or least")
        for name in ("most", "least"):
            if getattr(self, name) is not None:
                within(f"beyond.{name}", getattr(self, name), -1e15, 1e15)
        whole("beyond.minimum", self.minimum, 1)

    @property
    def words(self) -> str:
        """The limits."""
        said = [f"above {_amount(self.metric, self.most)}"] if self.most is not None else []
        said += [f"below {_amount(self.metric, self.least)}"] if self.least is not None else []
        return f"{self.metric} {' or '.join(said)}"

    def stops(self, seen: Seen) -> Verdict:
        """Hold the version's mean against the limits."""
        arm = seen.challenger(self.metric)
        limit = self.most if self.most is not None else self.least
        known = 0 if arm is None else arm.requests
        if arm is None or known < self.minimum:
            why = f"{known:,} outcomes, {self.minimum:,} are needed"
            return Verdict(self.words, UNKNOWN, why, None, limit, known, LABELS)
        mean = arm.mean
        over = self.most is not None and mean > self.most
        under = self.least is not None and mean < self.least
        told, error = (_amount(self.metric, x) for x in (mean, _error(arm)))
        why = f"{told} on {known:,} outcomes (± {error})"
        return Verdict(self.words, YES if over or under else NO, why, mean, limit, known)


@dataclass(frozen=True, kw_only=True)
class Repeated:
    """Stops a version once *of* would have stopped it in *times* stretches of *every* each.

    The stretches are those of the present stage; *in_a_row*: the last ones, without a good one
    between. A stretch with too few outcomes says nothing.
    """

    of: Stop
    times: int = 3
    every: str = "1h"
    in_a_row: bool = True

    def __post_init__(self) -> None:
        fits("repeated.of", self.of, "stops", "Beyond()")
        whole("repeated.times", self.times, 1, 10_000)
        positive_us(self.every, "repeated.every")

    @property
    def words(self) -> str:
        """How often."""
        row = " in a row" if self.in_a_row else ""
        return f"{self.of.words}, {self.times} times{row}, measured every {self.every}"

    def stops(self, seen: Seen) -> Verdict:
        """Go through the stretches, the newest first."""
        bad = 0
        for part in seen.parts(self.every):
            verdict = self.of.stops(part)
            bad += verdict.yes
            if bad == self.times:
                why = f"{bad} times; last: {verdict.why}"
                return Verdict(self.words, YES, why, float(bad), float(self.times))
            if self.in_a_row and verdict.answer == NO:
                break
        return Verdict(self.words, NO, f"{bad} times", float(bad), float(self.times))


@dataclass(frozen=True, kw_only=True)
class AfterMeeting:
    """A rule *of* which everybody knew and nobody wrote down: a meeting that *takes* comes first.

    It is held as soon as the rule would have spoken, so it stops a version by what was known then.

    >>> AfterMeeting(of=Beyond()).words
    'errors above 2 %, agreed on in a meeting of 5d'
    """

    of: Stop
    takes: str = "5d"

    def __post_init__(self) -> None:
        fits("after_meeting.of", self.of, "stops", "Beyond()")
        us(self.takes, "after_meeting.takes")

    @property
    def words(self) -> str:
        """What is agreed on, and how long that takes."""
        return f"{self.of.words}, agreed on in a meeting of {self.takes}"

    def stops(self, seen: Seen) -> Verdict:
        """Say what the rule would have said before the meeting."""
        view = seen.view
        late = view.metrics.get(getattr(self.of, "metric", "")) == LABELS
        known_us = view.now_us - view.maturity_us * late - us(self.takes)
        if known_us <= seen.since_us:
            why = "nobody has met yet"
            return Verdict(self.words, NO, why)
        said = self.of.stops(replace(seen, until_us=known_us))
        why = f"before the meeting: {said.why}"
        return said._replace(part=self.words, why=why)


def _amount(metric: str, value: float) -> str:
    """Write a share in per cent, a latency as a time."""
    if metric == LATENCY:
        return text(value) if value < float("inf") else "∞"
    return f"{100 * value:.4g} %"


def _error(arm: Sums) -> float:
    """Return the standard error of an arm's mean, over users."""
    if len(arm.times) < 2:
        return float("inf")
    rest = arm.total - arm.mean * arm.times
    return sqrt(float(rest @ rest)) / arm.requests
