"""What each incident and each stage costs by itself, and when business would have noticed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.measures.incidents import incidents
from reports.measures.pairing import shared_ticks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.ledger import Ledger

BUSINESS = "business"


@dataclass(frozen=True, kw_only=True)
class Apart:
    """*harm* of each incident (it adds up to the loss above the calm world), *stages*: what each
    stage of a pipeline costs beside a perfect one, one at a time; *business*: how long after each
    onset those who read business figures alone would have noticed (None: never), nothing where
    nobody has such figures.
    """

    harm: dict[str, float]
    stages: dict[str, float]
    business: dict[str, int | None]


def harm_of_each(years: Sequence[Ledger], names: Sequence[str]) -> dict[str, float]:
    """Return the loss with the first k incidents less that with the first k − 1.

    *years* begins with the calm world and ends with all incidents, in the order of *names*.
    """
    assert len(years) == len(names) + 1, "a year more than there are incidents"
    sums = [_lost(year, min(shared_ticks(other, year) for other in years)) for year in years]
    return {name: sums[place + 1] - sums[place] for place, name in enumerate(names)}


def stage_costs(run: Ledger, perfect: Mapping[str, Ledger]) -> dict[str, float]:
    """Return the loss of *run* less that of the same run with one stage *perfect*."""
    costs = {}
    for stage, other in perfect.items():
        ticks = shared_ticks(run, other)
        costs[stage] = _lost(run, ticks) - _lost(other, ticks)
    return costs


def business_lags(board: Ledger, calm: Ledger) -> dict[str, int | None]:
    """Return when business figures alone would tell, from a run in which nobody does anything."""
    return {
        incident.name: min(
            (d.lag_us for d in incident.detections if d.layer == BUSINESS and d.lag_us is not None),
            default=None,
        )
        for incident in incidents(board, calm)
    }


def _lost(ledger: Ledger, ticks: int) -> float:
    return float(ledger.timeline.loss[:ticks].sum())
