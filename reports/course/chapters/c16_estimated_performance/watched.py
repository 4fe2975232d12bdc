"""What the estimate says week by week, beside what is true."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan
from typing import TYPE_CHECKING

from strategies.monitors import EstimatedError

if TYPE_CHECKING:
    from sim.scenario import Scenario

ESTIMATE = EstimatedError(limit=0.03, window="3d")


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A year of one model, week by week: right answers in percent, and what was *estimated*."""

    right: list[int]
    estimated: list[int]


def watched(scenario: Scenario, seed: int) -> Watched:
    """Play a year in which nobody does anything, and read the estimate at the end of each week."""
    from reports.course.look import right
    from sim.run import one_thread
    from sim.world import World

    estimated, claim = [], nan
    with one_thread():
        world = World(scenario, seed=seed, monitors=(ESTIMATE,), heartbeat="7d", readings=True)
        while (view := world.advance()) is not None:
            claim = view.champion.claim
            if view.reason == "heartbeat":
                estimated.append(round(100 * (1 - claim - view.readings[ESTIMATE.name])))
        ledger = world.ledger("nobody", {})
    return Watched(right=right(ledger), estimated=estimated)
