"""How long things took: from the alarm to a new version, to the first complaint, in fallback."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from reports.measures.pairing import ended_us, shared_ticks
from sim.facts import Built, Routed, leader

if TYPE_CHECKING:
    from sim.ledger import Ledger

COMPLAINED = "complained"


def loop_us(run: Ledger, onset_us: int, alarm_us: int) -> int | None:
    """Return how long it took from an alarm until a version begun since *onset_us* led.

    It leads when it answers everybody; None if none ever did.
    """
    begun_us = {built.version: built.begun_us for built in run.of(Built)}
    for route in run.of(Routed):
        if route.at_us >= alarm_us and begun_us.get(leader(route), -1) >= onset_us:
            return route.at_us - alarm_us
    return None


def fallback_us(run: Ledger) -> int:
    """Return for how long everybody was answered by the fallback."""
    routes = run.of(Routed)
    moments = [*(route.at_us for route in routes), ended_us(run)]
    spans = zip(routes, pairwise(moments), strict=True)
    return sum(stop_us - start_us for route, (start_us, stop_us) in spans if route.fallback)


def complaint_us(run: Ledger, calm: Ledger, onset_us: int) -> int | None:
    """Return when the first complaint came that the calm world does not have, after *onset_us*.

    That is the end of its tick; None if there was none, or if nobody can complain.
    """
    if COMPLAINED not in run.timeline.told.vitals:
        return None
    first, last = onset_us // run.timeline.tick_us, shared_ticks(run, calm)
    mine, twin = (
        ledger.timeline.of_vital(COMPLAINED)[first:last].sum(axis=1) for ledger in (run, calm)
    )
    more = np.flatnonzero(mine > twin)
    return (first + int(more[0]) + 1) * run.timeline.tick_us if len(more) else None
