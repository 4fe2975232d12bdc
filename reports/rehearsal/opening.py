"""A session from its record: the scene, the year, the autopilot, and all that was done so far."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reports.rehearsal.game import Game
from reports.rehearsal.injecting import read
from reports.rehearsal.scenes import by_name
from reports.rehearsal.session import Session
from sim.errors import one_of
from strategies.play.kit import kit
from strategies.play.played import Played

if TYPE_CHECKING:
    from reports.rehearsal.record import Record
    from reports.rehearsal.skin import Skin


MYSTERY = "A mystery"
UNKNOWN = (
    "A service that somebody else built, in a year that nobody has seen yet. Perhaps something "
    "will go wrong, perhaps several things, perhaps nothing. Keep it well."
)


def opened(record: Record, skin: Skin, *, replay: bool = False) -> Session:
    """Return the session that a record tells of, standing where it stood.

    As a *replay* it begins anew, and the moves are made as they were then.
    """
    from reports.names import strategy

    opening = record.opening
    scene = by_name()[one_of("scene", opening.scene, by_name())]
    scenario = scene.scenario(opening.seed)
    if opening.mystery:
        scene = replace(scene, title=MYSTERY, briefing=UNKNOWN)
    autopilot = strategy(opening.policy).value if opening.policy else None
    own = {monitor.name: monitor for monitor in getattr(autopilot, "monitors", ())}
    monitors = tuple({**{monitor.name: monitor for monitor in kit(scenario)}, **own}.values())
    brought = tuple(read(written) for written in record.injected)
    scenario = replace(scenario, faults=(*scenario.faults, *brought))
    if replay:
        moves = tuple(record.moves)
        autopilot = Played(moves=moves, monitors=monitors, autopilot=autopilot)
    game = Game(scenario, seed=opening.seed, monitors=monitors, autopilot=autopilot)
    session = Session(scene, game, record, skin, replay=replay)
    if not replay:
        session.catch_up()
    return session
