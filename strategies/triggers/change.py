"""Rebuilding because something else has changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.facts import Announced, Answered
from strategies.verdict import NO, YES, Verdict

if TYPE_CHECKING:
    from sim.facts import Fact
    from sim.view import View


@dataclass(frozen=True, kw_only=True)
class ChangeLands:
    """Fires when a new rule is announced, or an owner has repaired a feed, since the last build.

    *rules* and *repairs* say which of the two count.
    """

    rules: bool = True
    repairs: bool = True

    @property
    def words(self) -> str:
        """Which changes."""
        kinds = [w for w, on in (("a new rule", self.rules), ("a repair", self.repairs)) if on]
        return f"{' or '.join(kinds) or 'nothing'} has come since the last build"

    def fires(self, view: View) -> Verdict:
        """Yes once there is one."""
        since_us = view.last_asked_us
        for fact in reversed(view.history):
            if since_us is not None and fact.at_us <= since_us:
                break
            if self._counts(fact):
                return Verdict(self.words, YES, fact.text)  # type: ignore[attr-defined]
        return Verdict(self.words, NO, "nothing has changed")

    def _counts(self, fact: Fact) -> bool:
        if isinstance(fact, Announced):
            return self.rules
        return self.repairs and isinstance(fact, Answered) and "repaired" in fact.text
