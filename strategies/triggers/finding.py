"""Rebuilding because somebody has looked into it and named the cause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.errors import one_of
from sim.people import CAUSES
from strategies.recall import newest_finding
from strategies.verdict import NO, UNKNOWN, YES, Verdict

if TYPE_CHECKING:
    from sim.view import View


@dataclass(frozen=True, kw_only=True)
class OnFinding:
    """Fires when the newest finding since the champion went into service names one of *causes*.

    Causes are nothing, feed, labels, training, service, rule and world. Whoever looked may be
    wrong. `InvestigateFirst` is what lets somebody look.

    >>> OnFinding().words
    'somebody has found out that it is the world'
    """

    causes: tuple[str, ...] = ("world",)

    def __post_init__(self) -> None:
        for cause in self.causes:
            one_of("on_finding.causes", cause, CAUSES)

    @property
    def words(self) -> str:
        """Which causes."""
        return f"somebody has found out that it is the {' or the '.join(self.causes)}"

    def fires(self, view: View) -> Verdict:
        """Yes once they said so."""
        found = newest_finding(view)
        if found is None:
            waits = bool(view.inquiries)
            why = "somebody is looking into it" if waits else "nobody has looked into anything"
            return Verdict(self.words, UNKNOWN if waits else NO, why)
        return Verdict(self.words, YES if found.cause in self.causes else NO, found.text)
