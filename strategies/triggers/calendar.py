"""Rebuilding by the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.clock import DAY_US, positive_us, us
from strategies.verdict import NO, YES, Verdict

if TYPE_CHECKING:
    from sim.view import View


@dataclass(frozen=True, kw_only=True)
class OnSchedule:
    """Fires *every* so often, counted from the last time that a training was asked for.

    A training that fails waits for the next turn; a turn that meets one under way waits for its
    end.

    >>> OnSchedule(every="7d").words
    'every 7d'
    """

    every: str = "7d"

    clocked: ClassVar[bool] = True

    def __post_init__(self) -> None:
        positive_us(self.every, "on_schedule.every")

    @property
    def words(self) -> str:
        """How often."""
        return f"every {self.every}"

    def fires(self, view: View) -> Verdict:
        """Yes once the time is over."""
        since, due = view.since_build, us(self.every) / DAY_US
        why = f"{since:.3g} days since the last build, {self.every} are agreed"
        return Verdict(self.words, YES if since >= due else NO, why, since, due)
