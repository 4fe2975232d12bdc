"""The chain of artifacts of a version, as the ledger holds it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sim.facts import Lineage

if TYPE_CHECKING:
    from sim.ledger import Ledger


def links(run: Ledger, version: str) -> list[Lineage]:
    """Return the artifacts of *version*, in order."""
    return [link for link in run.of(Lineage) if link.version == version]


def newest(run: Ledger, version: str, stage: str) -> Lineage | None:
    """Return the newest artifact of a *stage* of *version*, None if there is none."""
    mine = [link for link in links(run, version) if link.stage == stage]
    return mine[-1] if mine else None


def content(link: Lineage | None) -> dict[str, Any]:
    """Return what an artifact holds."""
    return {} if link is None else dict(json.loads(link.content))


def chain(run: Ledger, version: str) -> list[list[Lineage]]:
    """Return the artifacts that *version* comes from, a row a version, the oldest first.

    A snapshot grows from the trigger that asked for it, which belongs to an older version.
    """
    every = run.of(Lineage)
    by_digest = {link.digest: link for link in every}
    rows: list[list[Lineage]] = []
    below: set[str] = set()
    at: str | None = version
    seen: set[str] = set()
    while at is not None and at not in seen:
        seen.add(at)
        mine = [
            link
            for link in every
            if link.version == at and (link.stage != "retraining trigger" or link.digest in below)
        ]
        rows.insert(0, mine)
        below = {parent for link in mine for parent in link.parents}
        above = [by_digest[parent] for parent in sorted(below) if parent in by_digest]
        at = next((link.version for link in above if link.version != at), None)
    return rows
