"""Rules that the simulator has checked: the same year, had one of them been written beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.rehearsal.others import HINDSIGHT, NOBODY
from reports.words import duration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.rehearsal.others import Other
    from reports.result import Result


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """An action item: the *rule*, by the *policy* that plays it, and what it is *worth* in words.

    *saved* is what the year costs less.
    """

    policy: str
    rule: str
    worth: str
    saved: float


def lessons(result: Result, others: Sequence[Other]) -> list[Lesson]:
    """Return the rules under which the same year would have cost less, the best first."""
    found = []
    for other in others:
        saved = result.money.total - other.cost
        if other.name not in (NOBODY, HINDSIGHT) and saved > 0:
            found.append(
                Lesson(
                    policy=other.name,
                    rule=other.words,
                    worth=_worth(result, other.result),
                    saved=saved,
                )
            )
    return sorted(found, key=lambda lesson: -lesson.saved)[:3]


def _worth(mine: Result, theirs: Result) -> str:
    """Say by what the year would have differed."""
    told = []
    for ours, other in zip(mine.incidents, theirs.incidents, strict=False):
        if ours.harmless and other.harmless:
            continue
        told.append(f"{ours.name}: seen {_lag(ours)} → {_lag(other)}, harmed {_harm(ours, other)}")
    before, after = mine.loss.excess, theirs.loss.excess
    told.append(f"lost to incidents {before:,.0f} → {after:,.0f}")
    return "; ".join(told)


def _lag(incident: object) -> str:
    first = getattr(incident, "first", None)
    return "never" if first is None or first.lag_us is None else f"after {duration(first.lag_us)}"


def _harm(ours: object, other: object) -> str:
    counts = [getattr(one, "harmed", None) for one in (ours, other)]
    return " → ".join("?" if count is None else f"{count:,}" for count in counts)
