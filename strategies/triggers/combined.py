"""Triggers made of triggers: any of them, all of them, at least so many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.errors import refuse, whole
from strategies.verdict import NO, UNKNOWN, YES, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.view import View
    from strategies.triggers.trigger import Trigger


@dataclass(frozen=True, kw_only=True)
class AnyOf:
    """Fires when one of them does."""

    of: tuple[Trigger, ...]

    def __post_init__(self) -> None:
        _some("any_of.of", self.of)

    @property
    def words(self) -> str:
        """Those joined by 'or'."""
        return self._joined([trigger.words for trigger in self.of])

    def fires(self, view: View) -> Verdict:
        """Yes if one says yes."""
        return _counted(self._joined, self.of, 1, view)

    def _joined(self, words: list[str]) -> str:
        return ", or ".join(words)


@dataclass(frozen=True, kw_only=True)
class AllOf:
    """Fires when all of them do at the same moment."""

    of: tuple[Trigger, ...]

    def __post_init__(self) -> None:
        _some("all_of.of", self.of)

    @property
    def words(self) -> str:
        """Those joined by 'and'."""
        return self._joined([trigger.words for trigger in self.of])

    def fires(self, view: View) -> Verdict:
        """Yes if all say yes."""
        return _counted(self._joined, self.of, len(self.of), view)

    def _joined(self, words: list[str]) -> str:
        return ", and ".join(words)


@dataclass(frozen=True, kw_only=True)
class AtLeast:
    """Fires when at least *count* of them do at the same moment."""

    count: int
    of: tuple[Trigger, ...]

    def __post_init__(self) -> None:
        _some("at_least.of", self.of)
        whole("at_least.count", self.count, 1)
        if self.count > len(self.of):
            refuse("at_least.count", self.count, f"there are {len(self.of)} triggers to count")

    @property
    def words(self) -> str:
        """How many of which."""
        return self._joined([trigger.words for trigger in self.of])

    def fires(self, view: View) -> Verdict:
        """Yes if enough say yes."""
        return _counted(self._joined, self.of, self.count, view)

    def _joined(self, words: list[str]) -> str:
        return f"at least {self.count} of: {'; '.join(words)}"


def _some(field: str, triggers: tuple[Trigger, ...]) -> None:
    if not triggers:
        refuse(field, triggers, "give at least one trigger, as in (OnSchedule(every='7d'),)")
    for trigger in triggers:
        if not hasattr(trigger, "fires"):
            refuse(field, trigger, "give triggers, as in OnSchedule(every='7d')")


def _counted(
    joined: Callable[[list[str]], str], triggers: tuple[Trigger, ...], need: int, view: View
) -> Verdict:
    """Return what follows from what each says; unknown ones may still come to say either."""
    parts = tuple([trigger.fires(view) for trigger in triggers])
    words = joined([part.part for part in parts])
    yes = [part for part in parts if part.answer == YES]
    if len(yes) >= need:
        why = "; ".join([part.why for part in yes])
        return Verdict(words, YES, why, len(yes), need, parts=parts)
    open_ones = [part for part in parts if part.answer == UNKNOWN]
    if len(yes) + len(open_ones) >= need:
        why = "; ".join([part.why for part in open_ones])
        waits = open_ones[0].waits_for
        return Verdict(words, UNKNOWN, why, len(yes), need, waits_for=waits, parts=parts)
    return Verdict(words, NO, f"{len(yes)} of {len(parts)} say yes", len(yes), need, parts=parts)
