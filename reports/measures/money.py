"""What a year cost, in money: only what the scenario has a price for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.measures.life import lives
from sim.clock import MINUTE_US
from sim.facts import Built, Labelled, Paged, TrainingFailed
from sim.timeline import CHALLENGER, CHAMPION

if TYPE_CHECKING:
    from reports.measures.life import Life
    from sim.ledger import Ledger


@dataclass(frozen=True)
class Money:
    """What was paid for what, in *currency*; *incidents* are minutes in which one did harm."""

    currency: str
    loss: float
    trainings: float
    reviews: float
    pages: float
    incidents: float
    shadow: float
    requests: float

    @property
    def total(self) -> float:
        """All of it."""
        return sum(self.parts.values())

    @property
    def parts(self) -> dict[str, float]:
        """What was paid, by what for."""
        return {k: v for k, v in vars(self).items() if k != "currency"}


def money(run: Ledger, calm: Ledger, known: list[Life] | None = None) -> Money:
    """Return what *run* cost by the prices of its scenario."""
    prices = run.scenario["prices"]
    timeline = run.timeline
    labels = timeline.labels.sum() if run.scenario["reviewed"] else 0
    answered = timeline.count[:, [CHAMPION, CHALLENGER]].sum()
    return Money(
        currency=prices["currency"],
        loss=prices["loss"] * float(timeline.loss.sum()),
        trainings=of_trainings(run),
        reviews=prices["review"] * float(labels) + sum(f.cost for f in run.of(Labelled)),
        pages=sum(page.cost for page in run.of(Paged)),
        incidents=prices["incident_minute"] * harmed_us(run, calm, known) / MINUTE_US,
        shadow=prices["shadow"] * float(timeline.shadow[:, 0].sum()),
        requests=prices["request"] * float(answered),
    )


def of_trainings(run: Ledger) -> float:
    """Return what the trainings of a year have cost, those that failed included."""
    built, failed = run.of(Built), run.of(TrainingFailed)
    return sum(job.cost for job in built) + sum(job.cost for job in failed)


def harmed_us(run: Ledger, calm: Ledger, known: list[Life] | None = None) -> int:
    """Return for how long some incident did harm; a moment counts once however many did."""
    end_us = int(run.scenario["horizon_us"])
    spans = sorted(
        (life.harm_us, end_us if life.recovered_us is None else life.recovered_us)
        for life in (lives(run, calm) if known is None else known)
        if life.harm_us is not None
    )
    total = reached = 0
    for start, stop in spans:
        total += max(0, stop - max(start, reached))
        reached = max(reached, stop)
    return total
