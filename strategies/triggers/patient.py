"""Triggers held back: at the start, after a training, over a budget, until things were calm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.clock import DAY_US, positive_us, us
from sim.errors import refuse, whole
from strategies.verdict import LABELS, NO, TIME, UNKNOWN, YES, Verdict

if TYPE_CHECKING:
    from sim.view import View
    from strategies.triggers.trigger import Trigger


@dataclass(frozen=True, kw_only=True)
class WarmUp:
    """Asks *of* only once the launch is *until* ago and so many *labels* have arrived."""

    of: Trigger
    until: str = "14d"
    labels: int = 0

    def __post_init__(self) -> None:
        _one("warm_up.of", self.of)
        us(self.until, "warm_up.until")
        whole("warm_up.labels", self.labels, 0)

    @property
    def words(self) -> str:
        """What and from when on."""
        return self._said(self.of.words)

    def _said(self, words: str) -> str:
        labels = f" and {self.labels:,} labels" if self.labels else ""
        return f"{words} (not in the first {self.until}{labels})"

    def fires(self, view: View) -> Verdict:
        """Unknown in the beginning."""
        if view.now_us < us(self.until):
            return Verdict(self.words, UNKNOWN, "it is too early", waits_for=TIME)
        if view.labels_arrived < self.labels:
            why = f"{view.labels_arrived:,} labels, {self.labels:,} are needed"
            arrived = view.labels_arrived
            return Verdict(self.words, UNKNOWN, why, arrived, self.labels, arrived, LABELS)
        verdict = self.of.fires(view)
        return _as(self._said(verdict.part), verdict)


@dataclass(frozen=True, kw_only=True)
class Cooldown:
    """Holds *of* back for *rest* after a training was asked for."""

    of: Trigger
    rest: str = "7d"

    def __post_init__(self) -> None:
        _one("cooldown.of", self.of)
        positive_us(self.rest, "cooldown.rest")

    @property
    def words(self) -> str:
        """What, and how long it rests."""
        return self._said(self.of.words)

    def _said(self, words: str) -> str:
        return f"{words} (resting {self.rest} after a build)"

    def fires(self, view: View) -> Verdict:
        """No while it rests."""
        verdict, last_us = self.of.fires(view), view.last_asked_us
        if verdict.yes and last_us is not None and view.now_us < last_us + us(self.rest):
            since = (view.now_us - last_us) / DAY_US
            why = f"{verdict.why}; but a build was asked for {since:.3g} days ago"
            due = us(self.rest) / DAY_US
            return Verdict(
                self._said(verdict.part), NO, why, since, due, waits_for=TIME, parts=(verdict,)
            )
        return _as(self._said(verdict.part), verdict)


@dataclass(frozen=True, kw_only=True)
class Budget:
    """Lets *of* fire at most *most* times in *per*: what is over the budget waits."""

    of: Trigger
    most: int = 4
    per: str = "30d"

    def __post_init__(self) -> None:
        _one("budget.of", self.of)
        whole("budget.most", self.most, 1)
        positive_us(self.per, "budget.per")

    @property
    def words(self) -> str:
        """What, and how often at most."""
        return self._said(self.of.words)

    def _said(self, words: str) -> str:
        return f"{words} (at most {self.most} in {self.per})"

    def fires(self, view: View) -> Verdict:
        """No if the budget is spent."""
        verdict, asked = self.of.fires(view), view.asked(self.per)
        if verdict.yes and asked >= self.most:
            why = f"{verdict.why}; but {asked} builds in {self.per} are all that is allowed"
            most = self.most
            return Verdict(
                self._said(verdict.part), NO, why, asked, most, waits_for=TIME, parts=(verdict,)
            )
        return _as(self._said(verdict.part), verdict)


@dataclass(frozen=True, kw_only=True)
class Hysteresis:
    """Lets *of* fire once; it fires again only after it has been calm for *calm*.

    So a value that swings about its limit causes one training and not ten. Whether it was calm is
    read from the decision log.
    """

    of: Trigger
    calm: str = "7d"

    def __post_init__(self) -> None:
        _one("hysteresis.of", self.of)
        positive_us(self.calm, "hysteresis.calm")

    @property
    def words(self) -> str:
        """What, and when again."""
        return self._said(self.of.words)

    def _said(self, words: str) -> str:
        return f"{words} (again only after {self.calm} of calm)"

    def fires(self, view: View) -> Verdict:
        """Yes the first time, and after calm."""
        verdict = self.of.fires(view)
        if not verdict.yes or self._armed(view, verdict.part):
            return _as(self._said(verdict.part), verdict)
        why = f"{verdict.why}; but it fired before and was not calm for {self.calm} since"
        return Verdict(self._said(verdict.part), NO, why, parts=(verdict,))

    def _armed(self, view: View, part: str) -> bool:
        last_us = view.last_asked_us
        before, own = view.decided.get((part, "")), view.decided.get((self._said(part), ""))
        if own is not None and own.answer == YES and (last_us is None or last_us < own.at_us):
            return True  # it has fired and nothing was built for it yet
        if last_us is None:
            return True
        if before is None or before.answer != NO:
            return False
        return view.now_us - max(before.at_us, last_us) >= us(self.calm)


def _one(field: str, trigger: Trigger) -> None:
    if not hasattr(trigger, "fires"):
        refuse(field, trigger, "give a trigger, as in OnSchedule(every='7d')")


def _as(words: str, verdict: Verdict) -> Verdict:
    """Return what the trigger inside says as one's own word."""
    return verdict._replace(part=words, parts=(verdict,))
