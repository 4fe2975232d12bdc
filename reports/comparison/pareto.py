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
        unit = (
            next((str(y.run["currency"] or "money") for y in years), "") if priced else "trainings"
        )
        places = {}
        for name in board.strategies:
            known = [year for year in board.years(scenario, name) if not year.broken]
            spent = [
                float((y.run["cost"] - (y.run["cost_of_loss"] or 0.0)) if priced else y.run["trainings"])
                for y in known
            ]  # fmt: skip
            lost = [measure("loss").of(year) for year in known]
            if known:
                places[name] = (intervals.mean(lost), intervals.mean(spent))
        for name, (loss, effort) in places.items():
            yield Point(
                scenario=scenario,
                strategy=name,
                loss=loss,
                effort=effort,
                unit=unit,
                dominated=any(
                    other.value <= loss.value
                    and spent.value <= effort.value
                    and (other.value, spent.value) != (loss.value, effort.value)
                    for other, spent in places.values()
                ),
            )
