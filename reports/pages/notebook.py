"""What a notebook shows of a result: the sentence and the table; pictures are `result.plot`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.pages.html import Html, joined, plain, table, tag
from reports.words import called

if TYPE_CHECKING:
    from reports.comparison import Comparison
    from reports.result import Result


def of_run(result: Result) -> Html:
    """Return a year in short."""
    from reports.pages.run import incident_table

    run = result.run
    name = plain(called(run.strategy))
    title = f"{run.scenario['name']} under {name}, seed {run.seed}: {result.finding}"
    return joined(tag("p", tag("b", plain(title))), incident_table(result))


def of_comparison(found: Comparison) -> Html:
    """Return a comparison in short."""
    from reports.comparison.telling import board, short

    parts = []
    for scenario in found.scenarios:
        head, rows = board(found, scenario)
        told = tag("p", tag("b", plain(scenario)), " ", plain(short(found, scenario)))
        parts += [told, table(head, rows, numbers=head[1:])]
    return joined(parts)
