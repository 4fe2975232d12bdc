"""The versions of a run on its page: what they claimed and lived to, and what they are made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from reports.own_goals import own_goals
from reports.pages.html import Html, plain, table, tag
from reports.pages.log import when
from reports.pages.page import drawing, section
from reports.papers.chain import content, links
from reports.papers.pedigree import pedigree
from reports.words import quality
from sim.lineage import OWNER

if TYPE_CHECKING:
    from reports.figures.picture import Picture
    from reports.measures import Lived
    from reports.result import Result

UNKNOWN = "–"
MOST_FOLDED = 60


def versions(result: Result, drawn: Mapping[str, Picture]) -> Html:
    """Put what each version claimed beside what it lived to, and show where the last is from."""
    loss = str(result.run.scenario["loss"])
    rows = [_version(loss, one) for one in result.lived]
    head = ["version", "claimed offline", "lived to", "requests", "in service from"]
    body = table(head, rows, numbers=["claimed offline", "lived to", "requests"])
    chain = drawing(drawn["lineage"]) if "lineage" in drawn else None
    goals = own_goals(result)
    ours = tag("p", tag("b", "Own goals: "), plain(goals), ".") if goals else None
    return section("The versions, and where they come from", body, ours, chain)


def _version(loss: str, one: Lived) -> list[str]:
    lived = UNKNOWN if one.loss is None else quality(loss, one.loss)
    first = "never" if one.first_us is None else when(one.first_us)
    return [one.version, quality(loss, one.claim), lived, f"{one.requests:,}", first]


def artifacts(result: Result, *, papers: bool) -> Html:
    """Fold the chain of each version: what, whose, and what it says."""
    run = result.run
    found = result.lived
    shown = found if len(found) <= MOST_FOLDED else [*found[:10], *found[-(MOST_FOLDED - 10) :]]
    folds = []
    for one in shown:
        mine = links(run, one.version)
        cells = [
            (tag("b", f"{link.stage} · {link.owner}"), tag("span", when(link.at_us)),
             tag("div", _content(content(link)), " ", tag("code", link.digest[:12])))
            for link in mine
        ]  # fmt: skip
        folds.append(
            tag(
                "details",
                tag("summary", one.version, " ", tag("span", pedigree(run, one.version))),
                tag("div", cells, class_="chain"),
            )
        )
    note = "Each version's chain: " + " → ".join(f"{s} ({o})" for s, o in OWNER.items()) + "."
    if len(shown) < len(found):
        note += f" {len(shown):,} of {len(found):,} versions are shown; ledger.parquet has all."
    if papers:
        note += " Their papers lie in papers/."
    return section("The artifacts and their owners", folds, note=note)


def _content(held: Mapping[str, Any]) -> str:
    """Return the fields of an artifact in a line."""
    told = []
    for key, value in held.items():
        if isinstance(value, dict):
            value = "; ".join(f"{k}: {written(v)}" for k, v in value.items())
        told.append(f"{key}: {written(value)}")
    return plain(" · ".join(told))


def written(value: object) -> str:
    """Return what an artifact holds in a field, in words."""
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list):
        return ", ".join(map(written, value))
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k} {written(v)}" for k, v in value.items()) + "}"
    return "none" if value is None else str(value)
