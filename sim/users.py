"""What people do with answers, and how that adds up to business: slowly, and with a season."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, exp, pi
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.clock import DAY_US, positive_us, us
from sim.errors import refuse, within

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.chance import Luck

    Floats = NDArray[np.float64]

VITALS = ("accepted", "completed", "complained", "escalated")
"""What is seen of each answer at once."""
BUSINESS = ("revenue", "retention", "survey")
"""What is reported tick by tick: the sum of what was earned, and two levels."""
REMEMBERED_US = 2 * DAY_US
"""How long people remember. Were trust to follow every tick, chance alone would wear it down: it
falls faster than it recovers."""


class Mood(NamedTuple):
    """How users feel about the service: nobody sees it; *staying* is the share who still come.

    *served* and *completed* are what people remember of the last few days.
    """

    trust: float
    staying: float
    served: float = 0.0
    completed: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Users:
    """People who accept answers, complete their tasks, complain, and in the end leave.

    A good answer is accepted and the task completed with these chances; of a bad one
    *accepts_bad* are accepted and *completes_bad* of the tasks get done all the same. An answer is
    bad in full where its loss reaches *harm*. Of those whose task failed *complains* complain; of
    those who did not accept the answer *escalates* ask for a person.

    Trust follows the share of completed tasks that people remember, of about two days: within
    *falls* where that is worse than people
    were used to, within *recovers* where it is better. Below *expects* users leave, all of them
    within about *leaves* if nothing worked any more. A completed task earns *worth*, times a
    *season* of the year that peaks at *peak* and a *noise*. The survey asks how much people trust
    the service, from 1 to 10. Requests come as before: it is revenue that those who left take
    with them, so that strategies stay comparable request by request.
    """

    accepts: float = 0.95
    accepts_bad: float = 0.6
    completes: float = 0.9
    completes_bad: float = 0.4
    complains: float = 0.03
    escalates: float = 0.1
    harm: float = 1.0
    worth: float = 1.0
    expects: float = 0.8
    falls: str = "4d"
    recovers: str = "6w"
    leaves: str = "12w"
    season: float = 0.1
    peak: str = "40w"
    noise: float = 0.05

    def __post_init__(self) -> None:
        shares = ("accepts", "accepts_bad", "completes", "completes_bad", "complains", "escalates")
        for name in (*shares, "expects", "season"):
            within(f"users.{name}", getattr(self, name), 0, 1)
        within("users.worth", self.worth, 0, 1e12)
        within("users.noise", self.noise, 0, 10)
        if not self.harm > 0:
            refuse("users.harm", self.harm, "give a loss above 0")
        for name in ("falls", "recovers", "leaves"):
            positive_us(getattr(self, name), f"users.{name}")
        us(self.peak, "users.peak")

    def react(self, luck: Luck, page: int, loss: Floats, rows: slice) -> Floats:
        """Return what the users of *rows* do, by their *loss* (n, 4; see `VITALS`)."""
        coins = luck.random("users", (4, len(loss)), page)[:, rows]
        bad = np.minimum(loss[rows] / self.harm, 1.0)
        accepted = coins[0] < self.accepts + (self.accepts_bad - self.accepts) * bad
        completed = coins[1] < self.completes + (self.completes_bad - self.completes) * bad
        complained = ~completed & (coins[2] < self.complains)
        escalated = ~accepted & (coins[3] < self.escalates)
        return np.stack([accepted, completed, complained, escalated], axis=1).astype(np.float64)

    @property
    def at_launch(self) -> Mood:
        """How users feel on day 0."""
        return Mood(self.expects, 1.0)

    def business(
        self,
        luck: Luck,
        page: int,
        ends_us: list[int],
        start_us: int,
        served: list[int],
        completed: list[float],
        mood: Mood,
    ) -> tuple[Floats, Mood]:
        """Return what each tick of *page* brings (ticks × 3; see `BUSINESS`), and the mood then.

        *ends_us* is when each ends, *served* how many were answered and *completed* how many of
        these got their task done.
        """
        noise = luck.page("business", page).standard_normal((len(ends_us), 2))
        out = np.zeros((len(ends_us), 3))
        for tick, end_us in enumerate(ends_us):
            span_us, start_us = end_us - start_us, end_us
            mood = self._moved(mood, served[tick], completed[tick], span_us)
            turn = 2 * pi * (end_us - us(self.peak)) / (364 * DAY_US)
            rhythm = (1.0 + self.season * cos(turn)) * max(0.0, 1.0 + self.noise * noise[tick, 0])
            out[tick, 0] = completed[tick] * self.worth * mood.staying * rhythm
            out[tick, 1] = mood.staying
            out[tick, 2] = min(10.0, max(1.0, 1.0 + 9.0 * mood.trust + 0.2 * noise[tick, 1]))
        return out, mood

    def _moved(self, mood: Mood, served: int, completed: float, span_us: int) -> Mood:
        kept = exp(-span_us / REMEMBERED_US)
        remembered = kept * mood.served + served, kept * mood.completed + completed
        trust = mood.trust
        if remembered[0]:
            experience = remembered[1] / remembered[0]
            pace = self.falls if experience < trust else self.recovers
            trust += (1.0 - exp(-span_us / us(pace))) * (experience - trust)
        lacking = max(0.0, self.expects - trust) / max(self.expects, 1e-12)
        if lacking:
            staying = mood.staying * exp(-lacking * span_us / us(self.leaves))
        else:
            staying = mood.staying + (1.0 - exp(-span_us / us(self.recovers))) * (
                1.0 - mood.staying
            )
        return Mood(trust, staying, *remembered)
