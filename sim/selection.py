"""Which labels ever come, where that hangs on what was answered: closed loops of labels.

Selection may hide a label or put off its arrival; it never alters what the label says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from sim.clock import DAY_US, NEVER, WEEKDAYS, Phase, positive_us, us
from sim.errors import one_of, refuse, whole, within
from sim.timeline import ERROR

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.chance import Luck
    from sim.clock import Calendar

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]


class Given(NamedTuple):
    """What was answered on one page (arrays of shape n): *due* is when labels come if nothing
    hides them, *label* what they will say.
    """

    page: int
    due: Ints
    answer: Floats
    score: Floats
    arm: NDArray[np.int8]
    label: Floats


LOOKED, OVERRIDDEN, ESCALATED = 1, 2, 4
"""What a reviewer did about an answer, added up."""


class Revealed(NamedTuple):
    """When labels come after all (n), and what the next page has to know.

    *review* is what reviewers did about each answer (n; see `LOOKED`), None if there are none.
    """

    due: Ints
    state: int
    review: NDArray[np.uint8] | None = None


class Dues(NamedTuple):
    """When the labels of a page that is over come, in few bytes: a bit for each record.

    *dues* holds the moments of those that come, None where they come when they would anyway.
    """

    hidden: NDArray[np.uint8]
    dues: Ints | None

    @classmethod
    def packed(cls, due: Ints, base: Ints) -> Dues:
        """Remember *due*, of which *base* is what it would be if nothing hid any."""
        comes = due < NEVER
        as_usual = bool(np.array_equal(due[comes], base[comes]))
        return cls(np.packbits(~comes), None if as_usual else due[comes])

    def unpacked(self, base: Ints) -> Ints:
        """Return what was packed."""
        comes = np.unpackbits(self.hidden, count=len(base)) == 0
        due = np.where(comes, base, NEVER)
        if self.dues is not None:
            due[comes] = self.dues
        return due


class Selection(Protocol):
    """Decides by the answers of a page when its labels come."""

    def reveal(self, luck: Luck, given: Given, calendar: Calendar, state: int) -> Revealed:
        """Return when each label comes; *state* is what the page before has left."""


@dataclass(frozen=True, kw_only=True)
class Selective:
    """An outcome is known only where the answer was one of *answers*: it let things happen.

    Of the others the outcome is found out for a *share* all the same, by audit. A request that
    got no answer has no outcome.

    >>> Selective(answers=(0,)).share
    0.0
    """

    answers: tuple[int, ...] = (1,)
    share: float = 0.0

    def __post_init__(self) -> None:
        if not self.answers or not isinstance(self.answers, tuple):
            refuse("selective.answers", self.answers, "name the answers, as in (1,)")
        within("selective.share", self.share, 0, 1)

    def reveal(self, luck: Luck, given: Given, calendar: Calendar, state: int) -> Revealed:
        """Hide the labels of all other answers."""
        known = np.isin(given.answer, self.answers)
        if self.share:
            known |= luck.random("audit", len(known), given.page) < self.share
        known &= given.arm != ERROR
        return Revealed(np.where(known, given.due, NEVER), 0)


PICKS = ("random", "positives", "uncertain")


@dataclass(frozen=True, kw_only=True)
class Review:
    """Labels come from people who look at *per_day* records a working day, in order.

    *picks* says which records they are handed once labels.delay has passed: a *share* of all by
    luck ('random'), of those answered 1 ('positives'), or of those whose score lies within
    *margin* of *around* ('uncertain'). Where *longest* wait already, a record is never looked at.
    With *office* they work in office hours, else around the clock. First come, first served: where
    more is handed over than they can look at, what they label grows older every day, until even
    a long training window holds none of it; *share* or *longest* keeps the line short.

    Where they find otherwise than was answered, by more than *differs*, they override the answer.
    Before that they hand a share *escalates* of these on to an expert, whose verdict comes *expert*
    later.
    """

    per_day: int = 200
    picks: str = "random"
    share: float = 1.0
    margin: float = 0.5
    around: float = 0.0
    longest: int = 10_000
    office: bool = True
    differs: float = 0.0
    escalates: float = 0.0
    expert: str = "3d"

    def __post_init__(self) -> None:
        within("review.differs", self.differs, 0, 1e12)
        within("review.escalates", self.escalates, 0, 1)
        positive_us(self.expert, "review.expert")
        whole("review.per_day", self.per_day, 1, 100_000_000)
        one_of("review.picks", self.picks, PICKS)
        within("review.share", self.share, 0, 1)
        within("review.margin", self.margin, 0, 1e12)
        within("review.around", self.around, -1e12, 1e12)
        whole("review.longest", self.longest, 1)

    def reveal(self, luck: Luck, given: Given, calendar: Calendar, state: int) -> Revealed:
        """Let the picked ones queue; *state* is when, in working time, the reviewers are free."""
        from sim.kernels import queue

        rows = np.flatnonzero(self._picked(luck, given))
        hours = WorkingTime(calendar, office=self.office)
        ready = hours.worked(given.due[rows] >> 3)
        took = max(1, hours.day_us // self.per_day)
        done = np.empty(len(rows), dtype=np.int64)
        free = int(queue(ready, took, state, self.longest * took, done))
        due = np.full(len(given.due), NEVER)
        looked = done >= 0
        due[rows[looked]] = hours.when(done[looked]) * 8 + int(Phase.LABELS)
        review = self._reviewed(luck, given, due < NEVER)
        due[review & ESCALATED > 0] += us(self.expert) * 8
        return Revealed(due, free, review)

    def _reviewed(self, luck: Luck, given: Given, looked: NDArray[np.bool_]) -> NDArray[np.uint8]:
        """Return what is done about each answer; where there was none, nothing is overridden."""
        otherwise = looked & (np.abs(given.answer - given.label) > self.differs)
        otherwise &= given.arm != ERROR
        review = np.where(looked, LOOKED, 0) + np.where(otherwise, OVERRIDDEN, 0)
        if self.escalates:
            unsure = luck.random("escalated", len(looked), given.page) < self.escalates
            review += np.where(otherwise & unsure, ESCALATED, 0)
        return review.astype(np.uint8)

    def _picked(self, luck: Luck, given: Given) -> NDArray[np.bool_]:
        picked = given.due < NEVER
        if self.picks == "positives":
            picked &= given.answer > 0.5
        elif self.picks == "uncertain":
            picked &= np.abs(given.score - self.around) <= self.margin
        if self.share < 1.0:
            picked &= luck.random("review", len(picked), given.page) < self.share
        return picked


class WorkingTime:
    """Time as people at work count it: only office hours pass."""

    def __init__(self, calendar: Calendar, *, office: bool) -> None:
        self._opens_us = us(calendar.opens) if office else 0
        self.day_us = us(calendar.closes) - self._opens_us if office else DAY_US
        weekday = WEEKDAYS.index(calendar.starts_on)
        # days are counted from the Monday of the week of day 0
        self._offset_us = weekday * DAY_US
        self._days = 5 if office else 7

    def worked(self, times_us: Ints) -> Ints:
        """Return how much working time has passed at each of *times_us*."""
        day, within_us = np.divmod(times_us + self._offset_us, DAY_US)
        week, weekday = np.divmod(day, 7)
        done = np.clip(within_us - self._opens_us, 0, self.day_us)
        whole_days = week * self._days + np.minimum(weekday, self._days)
        return np.asarray(whole_days * self.day_us + np.where(weekday < self._days, done, 0))

    def when(self, worked_us: Ints) -> Ints:
        """Return when that much working time has passed, the end of a day at the latest."""
        days, within_us = np.divmod(worked_us - 1, self.day_us)
        week, weekday = np.divmod(days, self._days)
        day = week * 7 + weekday
        return np.asarray(day * DAY_US + self._opens_us + within_us + 1 - self._offset_us)
