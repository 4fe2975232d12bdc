"""Rebuilding because something else has changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.facts import Announced, Refreshed
from strategies.recall import is_repair
from strategies.verdict import NO, YES, Verdict

if TYPE_CHECKING:
    from sim.facts import Fact
    from sim.view import View


@dataclass(frozen=True, kw_only=True)
class ChangeLands:
    """Fires when a new rule is announced, or an owner has repaired a feed, since the last build.

    *rules* and *repairs* say which of the two count; with *refreshes* it fires when the stored data
    was collected again and something came in otherwise.
    """

    rules: bool = True
    repairs: bool = True
    refreshes: bool = False

    @property
    def words(self) -> str:
        """Which changes."""
        ways = {
            "a new rule": self.rules,
            "a repair": self.repairs,
            "a refresh of the data": self.refreshes,
        }
        kinds = [what for what, counts in ways.items() if counts]
        return f"{' or '.join(kinds) or 'nothing'} has come since the last build"

    def fires(self, view: View) -> Verdict:
        """Yes once there is one."""
        since_us = view.last_asked_us
        for fact in view.newest:
            if since_us is not None and fact.at_us <= since_us:
                break
            if self._counts(fact):
                return Verdict(self.words, YES, fact.text)  # type: ignore[attr-defined]
        return Verdict(self.words, NO, "nothing has changed")

    def _counts(self, fact: Fact) -> bool:
        if isinstance(fact, Announced):
            return self.rules
        if isinstance(fact, Refreshed):
            return self.refreshes and fact.text != "no change"
        return self.repairs and is_repair(fact)
