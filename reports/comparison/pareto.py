"""Cost against loss: who is beaten by nobody on both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports import intervals
from reports.comparison.measure import measure
from reports.intervals import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reports.comparison.comparison import Board
    from reports.comparison.year import Year


@dataclass(frozen=True, kw_only=True)
class Point:
    """A strategy's mean *loss* a request and what it does for that: its *effort*.

    *effort* is money besides the loss or, where nothing has a price, trainings (*unit*).
    *dominated*: another is no worse on both, and better on one.
    """

    scenario: str
    strategy: str
    loss: Figure
    effort: Figure
    unit: str
    dominated: bool


def front(board: Board) -> Iterator[Point]:
    """Return every strategy's place, scenario by scenario."""
    for scenario in board.scenarios:
        years = [year for name in board.strategies for year in board.years(scenario, name)]
        priced = any(year.run["cost"] for year in years)
        currency = next((str(year.run["currency"]) for year in years), "") or "money"
        places = {}
        for name in board.strategies:
            known = [year for year in board.years(scenario, name) if not year.broken]
            spent = [_effort(year, priced=priced) for year in known]
            lost = [measure("loss").of(year) for year in known]
            if known:
                places[name] = (intervals.mean(lost), intervals.mean(spent))
        for name, (loss, effort) in places.items():
            yield Point(
                scenario=scenario,
                strategy=name,
                loss=loss,
                effort=effort,
                unit=currency if priced else "trainings",
                dominated=any(
                    other.value <= loss.value
                    and spent.value <= effort.value
                    and (other.value, spent.value) != (loss.value, effort.value)
                    for other, spent in places.values()
                ),
            )


def _effort(year: Year, *, priced: bool) -> float:
    if not priced:
        return float(year.run["trainings"])
    return float(year.run["cost"] - (year.run["cost_of_loss"] or 0.0))
