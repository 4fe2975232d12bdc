"""What a page tells of a release check: what was held against the policy, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.pages.comparison import body, pictures
from reports.pages.html import plain, table
from reports.pages.page import section, verdict
from reports.pages.told import Told
from reports.trials.papers import ranked
from reports.words import count

if TYPE_CHECKING:
    from reports.trials.gating import Gated


def gate(found: Gated) -> Told:
    """Tell every check, those that failed first, and the comparison that they rest on."""
    rows = [
        [verdict(check.verdict), plain(check.group), plain(check.name), plain(check.words)]
        for check in ranked(found)
    ]
    grid = table(["verdict", "scenario", "check", "what came of it"], rows)
    drawn = pictures(found.comparison)
    return Told(
        title=f"release check, {count(found.comparison.seeds, 'seed')} each",
        answer=found.finding,
        body=(section("What it was held to", grid), *body(found.comparison, drawn)),
        verdict=found.verdict,
    )
