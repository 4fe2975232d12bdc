"""The stage of a version is where the last routing left it."""

from __future__ import annotations

from collections.abc import Callable

from reports.tracking.registry import standings
from sim.clock import us
from sim.facts import Acted
from tests.reports.conftest import Book


def test_stages_and_aliases_follow_from_what_serves_in_the_end(book: Callable[..., Book]) -> None:
    written = book()
    for day, version in enumerate(("v0", "v1", "v2", "v3", "v4")):
        written.built(version, f"{day}d", claim=0.1)
    written.routed("0d", "v0").routed("1d", "v1").routed("2d", "v1", challenger="v2", share=0.05)
    put_away = Acted(at_us=us("5d"), action="archive", detail="version=v3", why="worse")
    written.facts.append(put_away)
    found = {one.built.version: (one.stage, one.alias) for one in standings(written.ledger())}
    assert found == {
        "v0": ("archived", ""),
        "v1": ("production", "champion"),
        "v2": ("staging", "challenger"),
        "v3": ("archived", ""),
        "v4": ("candidate", ""),
    }
