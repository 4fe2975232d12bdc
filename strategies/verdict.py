"""What one part of a policy says at one moment, and how that is written down."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.actions import Note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.view import View

YES, NO, UNKNOWN = "yes", "no", "unknown"
LABELS, PEOPLE, TIME = "labels", "people", "time"


class Verdict(NamedTuple):
    """The *answer* of a *part*: *value* held against *threshold*, on so many *records*, and why.

    *waits_for* says what is missing where the answer has to wait: labels, people or time. A part
    that is made of others carries what they said in *parts*.
    """

    part: str
    answer: str
    why: str
    value: float | None = None
    threshold: float | None = None
    records: int = 0
    waits_for: str = ""
    parts: tuple[Verdict, ...] = ()

    @property
    def yes(self) -> bool:
        """Whether it says yes."""
        return self.answer == YES


def noted(view: View, verdict: Verdict, about: str = "") -> Iterator[Note]:
    """Write a verdict and those that it rests on into the decision log, where they are news."""
    known = view.decided
    for part in _flat(verdict):
        last = known.get((part.part, about))
        if last is None or last.answer != part.answer or last.waits_for != part.waits_for:
            yield Note(
                part=part.part,
                answer=part.answer,
                why=part.why,
                value=part.value,
                threshold=part.threshold,
                records=part.records,
                waits_for=part.waits_for,
                about=about,
            )


def _flat(verdict: Verdict) -> list[Verdict]:
    """Return a verdict after those that it rests on."""
    if not verdict.parts:
        return [verdict]
    return [*(inner for part in verdict.parts for inner in _flat(part)), verdict]


def said_last(view: View, part: str, about: str = "") -> str:
    """Return what a part answered last, '' if it never did."""
    last = view.decided.get((part, about))
    return "" if last is None else last.answer
