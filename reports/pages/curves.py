"""What a page tells of a tuned parameter: its curve, or the map of who wins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.comparison.telling_curves import LOSS, figure, findings, won
from reports.pages.html import plain, table, tag
from reports.pages.page import section
from reports.pages.told import Told
from reports.words import amount, count

if TYPE_CHECKING:
    from reports.comparison import Curve, Territory


def curve(found: Curve) -> Told:
    """Tell a curve: its best value first."""
    answer, *more = findings(found)
    priced = found.objective != LOSS
    head = [found.parameter, found.objective, *([LOSS] if priced else []), "trainings"]
    rows = [
        [one.value, figure(one.objective), *([figure(one.loss)] if priced else []),
         amount(round(one.trainings.value, 1))]
        for one in found.places
    ]  # fmt: skip
    if found.theory_rates:
        head.append("closed form")
        for row, rate in zip(rows, found.theory_rates, strict=True):
            row.append(amount(rate))
    kinds = ["marked" if place == found.best else "" for place in range(len(rows))]
    grid = table(
        map(plain, head), [map(plain, row) for row in rows], numbers=map(plain, head[1:]),
        kinds=kinds,
    )  # fmt: skip
    return Told(
        title=f"{found.strategy} in {found.scenario}, {count(found.seeds, 'seed')}",
        answer=answer,
        body=(
            tag("ul", [tag("li", plain(said)) for said in more]) if more else None,
            section("Every value", grid, note="Means over all seeds, with 95 % t intervals."),
        ),
        pictures=(found.plot.draw(),),
    )


def territory(found: Territory) -> Told:
    """Tell a map: who wins in how many of its fields."""
    head = [found.x, found.y, f"least {found.objective}", "sure", *found.strategies]
    rows = [
        [spot.x, spot.y, spot.winner, "yes" if spot.sure else "not settled",
         *(figure(spot.objective[name]) if name in spot.objective else "–"
           for name in found.strategies)]
        for spot in found.spots
    ]  # fmt: skip
    named = [(place, name) for place, name in enumerate(head) if name]  # a map may have one axis
    shown = [[plain(row[place]) for place, _ in named] for row in rows]
    grid = table([plain(name) for _, name in named], shown)
    note = "Sure: less than each other strategy, every contrast with its share of 5 %."
    return Told(
        title=f"{found.scenario}, {count(found.seeds, 'seed')}",
        answer=won(found),
        body=(section("Every field of the map", grid, note=note),),
        pictures=(found.plot.draw(),),
    )
