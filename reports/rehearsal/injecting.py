"""What a facilitator may bring in, in the words of scenario files."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scenarios.replay.story import text_exactly
from sim.clock import DAY_US, HOUR_US, us
from sim.errors import Mistake, refuse
from sim.faults import Fault

if TYPE_CHECKING:
    from reports.rehearsal.game import Game

SOON_US = HOUR_US


def fault(written: str, game: Game) -> Fault:
    """Return the fault that is *written* as in Python; its time counts from the present.

    `Drop(at='2d', columns=('x0',))` begins two days from now.
    """
    brought = read(written)
    shift_us = game.now_us + max(SOON_US, us(brought.at))
    until = text_exactly(game.now_us + us(brought.until)) if brought.until else ""
    label = brought.name or f"{brought.kind} of day {shift_us // DAY_US}"
    return replace(brought, at=text_exactly(shift_us), until=until, name=label)


def read(written: str) -> Fault:
    """Return the fault that is written as in Python."""
    from reports import expressions

    if len(written) > 2_000:
        raise Mistake(f"fault has {len(written):,} characters: give at most 2,000")
    found = expressions.parse(written, "fault")
    name = found.name or found.text
    found_fault = expressions.call(
        expressions.vocabulary(name, "fault"), found.arguments or {}, name
    )
    if not isinstance(found_fault, Fault):
        refuse("fault", written, "give a fault, as Drop(at='2d', columns=('x0',))")
    return found_fault
