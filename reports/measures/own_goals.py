"""Incidents of our own making: versions that did worse than those that they replaced."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.measures.life import tolerance
from reports.measures.lived import lived
from sim.facts import Acted, Built, Tried

if TYPE_CHECKING:
    from sim.ledger import Ledger


@dataclass(frozen=True, kw_only=True)
class OwnGoal:
    """A *version* that was let out at *at_us* and did worse than its *rival*, or a good one that
    was *withdrawn* then.

    *worse* is by how much its mean loss exceeded its rival's over the next day or 5,000 requests,
    on the same requests: negative for a good version. *answered* of what followed it answered
    itself, and lost *cost* more than its rival would have; what was lost by a false rollback is
    what the rival lost more over that window.
    """

    version: str
    rival: str
    at_us: int
    withdrawn: bool
    worse: float
    answered: int
    cost: float


@dataclass(frozen=True, kw_only=True)
class OwnGoals:
    """All *goals* of a run, oldest first.

    *promotions* were put on trial and judged, *rollbacks* likewise; *blast_radius* counts the
    requests that bad versions answered. *unknown* promotions and rollbacks nobody can judge: the
    run ended within their window, or the versions go on learning.
    """

    goals: tuple[OwnGoal, ...]
    promotions: int
    rollbacks: int
    unknown: int
    blast_radius: int

    @property
    def bad_releases(self) -> tuple[OwnGoal, ...]:
        """Versions that did worse than those that they replaced, by more than is tolerated."""
        return tuple(goal for goal in self.goals if not goal.withdrawn)

    @property
    def false_rollbacks(self) -> tuple[OwnGoal, ...]:
        """Versions that were withdrawn and were no worse than what came back."""
        return tuple(goal for goal in self.goals if goal.withdrawn)

    @property
    def cost(self) -> float:
        """What bad releases lost above those that they replaced, on the requests they answered."""
        return sum(goal.cost for goal in self.bad_releases)


def own_goals(run: Ledger, calm: Ledger) -> OwnGoals | None:
    """Return the own goals of *run*; None where versions go on learning, so that none is judged."""
    trials = run.of(Tried)
    if not trials and len(run.of(Built)) > 1 and _let_out(run):
        return None
    allowed = tolerance(run, calm)
    judged = [trial for trial in trials if trial.whole and trial.requests]
    goals = tuple(
        goal
        for goal in map(_goal, judged)
        if (goal.worse <= 0 if goal.withdrawn else goal.worse > allowed)
    )
    bad = {trial.version for trial in judged if _worse(trial) > allowed}
    return OwnGoals(
        goals=goals,
        promotions=sum(not trial.withdrawn for trial in judged),
        rollbacks=sum(trial.withdrawn for trial in judged),
        unknown=len(trials) - len(judged),
        blast_radius=_answered_by(run, bad),
    )


def _answered_by(run: Ledger, bad: set[str]) -> int:
    """Return how many requests *bad* versions answered."""
    return sum(one.requests for one in lived(run) if one.version in bad) if bad else 0


def _let_out(run: Ledger) -> bool:
    """Say whether any version but the first was ordered to answer everybody."""
    return any(act.action == "promote" for act in run.of(Acted))


def _worse(trial: Tried) -> float:
    return (trial.loss - trial.rival_loss) / trial.requests


def _goal(trial: Tried) -> OwnGoal:
    own = trial.answered_loss - trial.rival_answered_loss
    return OwnGoal(
        version=trial.version,
        rival=trial.rival,
        at_us=trial.from_us,
        withdrawn=trial.withdrawn,
        worse=_worse(trial),
        answered=trial.answered,
        cost=trial.rival_loss - trial.loss if trial.withdrawn else own,
    )
