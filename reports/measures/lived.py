"""What each version claimed offline, beside what it lived to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from reports.measures.pairing import ended_us
from sim.facts import Built, Routed
from sim.timeline import CHALLENGER, CHAMPION

if TYPE_CHECKING:
    from sim.ledger import Ledger


@dataclass(frozen=True, kw_only=True)
class Lived:
    """A version's offline *claim* and its mean *loss* over the requests that it answered.

    *loss* is None if it answered none; *first_us* and *last_us* say when it was in service.
    """

    version: str
    claim: float
    requests: int
    loss: float | None
    first_us: int | None
    last_us: int | None


@dataclass(frozen=True)
class _Stint:
    """A stretch of time in which one arm was one version."""

    version: str
    arm: int
    start_us: int
    stop_us: int


def lived(run: Ledger) -> list[Lived]:
    """Return every version, oldest first.

    With outcomes every request counts; without, those of ticks with one routing throughout.
    """
    stints: dict[str, list[_Stint]] = {}
    for stint in _stints(run):
        stints.setdefault(stint.version, []).append(stint)
    return [_lived(run, built, stints.get(built.version, [])) for built in run.of(Built)]


def _stints(run: Ledger) -> Iterator[_Stint]:
    routes = run.of(Routed)
    ends = [route.at_us for route in routes[1:]] + [ended_us(run)]
    for route, end_us in zip(routes, ends, strict=False):
        if end_us > route.at_us and not route.fallback:
            if route.share < 1:
                yield _Stint(route.champion, CHAMPION, route.at_us, end_us)
            if route.challenger:
                yield _Stint(route.challenger, CHALLENGER, route.at_us, end_us)


def _lived(run: Ledger, built: Built, stints: list[_Stint]) -> Lived:
    parts = [_part(run, stint) for stint in stints]
    requests, total = sum(n for n, _ in parts), sum(loss for _, loss in parts)
    return Lived(
        version=built.version,
        claim=built.claim,
        requests=requests,
        loss=total / requests if requests else None,
        first_us=min((s.start_us for s in stints), default=None),
        last_us=max((s.stop_us for s in stints), default=None),
    )


def _part(run: Ledger, stint: _Stint) -> tuple[int, float]:
    """Return requests and their summed loss in one stint."""
    if run.outcomes is not None:
        start, stop = run.outcomes.served_us.searchsorted([stint.start_us, stint.stop_us])
        mine = run.outcomes.arm[start:stop] == stint.arm
        return int(mine.sum()), float(run.outcomes.loss[start:stop][mine].sum())
    tick_us = run.timeline.tick_us
    ticks = slice(-(-stint.start_us // tick_us), stint.stop_us // tick_us)
    count, loss = run.timeline.count[ticks, stint.arm], run.timeline.loss[ticks, stint.arm]
    return int(count.sum()), float(np.asarray(loss).sum())
