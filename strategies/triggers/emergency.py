"""Rebuilding because somebody says so, rightly or wrongly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.people import SOMEBODY
from strategies.recall import first_alarm
from strategies.verdict import NO, YES, Verdict

if TYPE_CHECKING:
    from sim.view import View


@dataclass(frozen=True, kw_only=True)
class Emergency:
    """Fires when somebody has raised the matter since the champion went into service.

    They may be wrong: a scenario's `people.suspicion` says how often.
    """

    @property
    def words(self) -> str:
        """A person's word."""
        return "somebody raises the matter by hand"

    def fires(self, view: View) -> Verdict:
        """Yes once they did."""
        alarm = first_alarm(view, (SOMEBODY,))
        if alarm is None:
            return Verdict(self.words, NO, "nobody has")
        return Verdict(self.words, YES, alarm.text, alarm.value)
