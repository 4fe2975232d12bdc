"""The course of a rollout so far: which stage was when."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.facts import Routed

if TYPE_CHECKING:
    from sim.view import View


class Leg(NamedTuple):
    """Stage number *stage* of a rollout, from *since_us* to *until_us* (the present one: now)."""

    stage: int
    since_us: int
    until_us: int


def course(view: View) -> list[Leg]:
    """Return the stages of the rollout that runs, the newest first."""
    now, found, until_us = view.route, list[Leg](), view.now_us
    for fact in view.newest:
        if not isinstance(fact, Routed):
            continue
        if (fact.challenger, fact.shadow) != (now.challenger, now.shadow):
            break
        if found and found[-1].stage == fact.stage:
            found[-1] = found[-1]._replace(since_us=fact.at_us)
        else:
            found.append(Leg(fact.stage, fact.at_us, until_us))
        until_us = fact.at_us
    return found
