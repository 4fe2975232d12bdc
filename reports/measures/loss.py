"""What a run lost, beside what had to be lost and what its calm twin lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.measures.pairing import shared_ticks

if TYPE_CHECKING:
    from sim.ledger import Ledger


@dataclass(frozen=True, kw_only=True)
class Loss:
    """Sums over the *requests* that both runs served in whole ticks.

    *ideal* is what the best rule would have lost, *calm* what the twin without incidents
    lost. *excess* is signed: what the run lost above its ideal, less what the twin lost above
    its own.
    """

    requests: int
    total: float
    ideal: float
    calm: float
    excess: float

    @property
    def excess_mean(self) -> float:
        """The excess of one request."""
        return self.excess / max(self.requests, 1)


def loss(run: Ledger, calm: Ledger, *, since_us: int = 0) -> Loss:
    """Compare a run with its calm twin from *since_us* on, as far as both went."""
    ticks = slice(-(-since_us // run.timeline.tick_us), shared_ticks(run, calm))
    mine, twin = run.timeline, calm.timeline
    return Loss(
        requests=int(mine.count[ticks].sum()),
        total=float(mine.loss[ticks].sum()),
        ideal=float(mine.ideal[ticks].sum()),
        calm=float(twin.loss[ticks].sum()),
        excess=float((mine.excess()[ticks] - twin.excess()[ticks]).sum()),
    )
