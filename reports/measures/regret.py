"""How far a run was from the best schedule of builds that anybody could have had."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from reports.measures.pairing import shared_ticks
from sim.facts import Built, TrainingFailed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.ledger import Ledger

    Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Regret:
    """What losses and trainings *cost*, beside the *least* that a schedule of builds costs.

    In money where a unit of loss has a price, else in units of loss. *builds* is how many
    trainings the best schedule has. *over_time* is the regret up to the end of each tick (shape
    ticks): it can fall, for hindsight invests in what is to come.
    """

    cost: float
    least: float
    builds: int
    over_time: Floats = field(repr=False)

    @property
    def value(self) -> float:
        """The regret: signed, for who rolls back, mends the feed or builds at other times may do
        better than a schedule.
        """
        return self.cost - self.least

    @property
    def outside(self) -> bool:
        """Whether means outside the schedule were used: nothing else does better than it."""
        return self.value < -1e-9 * abs(self.least)


def regret(run: Ledger, hindsight: Ledger) -> Regret:
    """Compare a run with the reference, as far as both went."""
    ticks = shared_ticks(run, hindsight)
    mine, least = _spent(run, ticks), _spent(hindsight, ticks)
    return Regret(
        cost=float(mine.sum()),
        least=float(least.sum()),
        builds=sum(built.job > 0 for built in hindsight.of(Built)),
        over_time=np.cumsum(mine - least),
    )


def _spent(ledger: Ledger, ticks: int) -> Floats:
    """Return what losses and trainings cost in each tick."""
    price = float(ledger.scenario["prices"]["loss"]) or 1.0
    spent = price * ledger.timeline.loss[:ticks].sum(axis=1)
    paid = [(built.at_us, built.cost) for built in ledger.of(Built)]
    paid += [(failed.at_us, failed.cost) for failed in ledger.of(TrainingFailed)]
    for at_us, cost in paid if ticks else ():
        spent[min(at_us // ledger.timeline.tick_us, ticks - 1)] += cost
    return np.asarray(spent)
