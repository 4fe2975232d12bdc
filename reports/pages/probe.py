"""What a page tells of a probe: who sees what, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.comparison.telling_probe import LAGS, chances, finding, heads, row
from reports.pages.html import plain, table, tag
from reports.pages.page import section
from reports.pages.told import Told
from reports.words import count

if TYPE_CHECKING:
    from reports.comparison import Probe


def probe(found: Probe) -> Told:
    """Tell who sees each cause, when business would, and what would have come by chance."""
    head = heads(found)
    rows = [[plain(cell) for cell in row(cause)] for cause in found.causes]
    stories = [
        part
        for cause in found.causes
        for part in (tag("h3", plain(cause.name)), tag("p", plain(cause.story)))
    ]
    return Told(
        title=f"{found.policy}: quality falls 10 % tomorrow, {count(found.seeds, 'seed')} for "
        "each cause",
        answer=finding(found),
        body=(
            section("Who sees it, and when", table(head, rows, numbers=head[1:]), note=LAGS),
            section(
                "What would have come by chance",
                tag("ul", [tag("li", plain(line)) for line in chances(found)]),
                note="An alarm that comes in the calm year as well, within the same time of the "
                "same moment, has seen nothing.",
            ),
            section("The causes", *stories),
        ),
        pictures=(found.plot.draw(),),
    )
