"""What holds for every page of a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.users import VITALS

if TYPE_CHECKING:
    from sim.clock import Calendar
    from sim.queueing import Queue
    from sim.users import Users


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What holds for every page: *strict* contract, loss of no answer, ticks, horizon, calendar."""

    strict: bool
    no_answer_loss: float
    tick_us: int
    horizon_us: int
    calendar: Calendar
    signals: int = 0
    """how many signals the artifact gives of each answer"""
    queue: Queue | None = None
    users: Users | None = None
    chances: bool = False
    """whether to write down the chance of outcome 1 that each answer stands for"""

    @property
    def vitals(self) -> tuple[str, ...]:
        """What is seen of each answer at once."""
        waits = () if self.queue is None else ("latency",)
        return waits if self.users is None else (*waits, *VITALS)
