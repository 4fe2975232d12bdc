"""A game in the store, among all runs: `driftyard results "FROM runs"` finds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.store import Entry, Store
from reports.sweeps.identity import code, machine
from reports.sweeps.rows import parameters, rows
from sim.digest import digest

if TYPE_CHECKING:
    from reports.rehearsal.session import Session
    from reports.result import Result


def keep(session: Session, result: Result, path: str) -> None:
    """Put what a game came to into the store at *path*, known by all that it depends on."""
    played, scene = session.game.played, session.scene.name
    people = ", ".join(sorted({move.by for move in played.moves})) or "nobody"
    key = digest([session.game.scenario.digest, played, session.game.seed, code(), machine()])
    asked = f"rehearse {scene}", f"played by {people}"
    told = rows(
        result, key=key, asked=asked, parameters=parameters(played), stamp=(code(), machine())
    )
    entry = Entry(key, told, (*asked, session.game.seed))
    with Store(path) as store:
        store.put([entry])
