"""What would have been: versions that came or went, beside their rivals on the same requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.artifacts import Learner
from sim.facts import ROLL_BACK, WINDOW_REQUESTS, WINDOW_US, Routed, Tried, leader
from sim.timeline import CHALLENGER, CHAMPION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from sim.artifacts import Model
    from sim.routing import Routing
    from sim.sheet import Sheet
    from sim.view import Route

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]


class Contestant(NamedTuple):
    """A version as it answers: its *model*, and on what share of requests its code *crashes*."""

    model: Model
    crashes: float


class Trial:
    """A *version* that came at *from_us*, or was *withdrawn* then, beside its *rival*.

    Both answer, unseen, every request of the next day or 5,000 requests, whichever is longer; one
    that came and does worse goes on being compared for as long as it is in service.
    """

    def __init__(
        self,
        version: str,
        rival: str,
        from_us: int,
        both: tuple[Contestant, Contestant],
        *,
        withdrawn: bool,
    ) -> None:
        self.version, self.rival, self.from_us = version, rival, from_us
        self._both, self._withdrawn = both, withdrawn
        self._served = self._requests = self._answered = 0
        self._loss = self._rival_loss = self._lost = self._rival_lost = 0.0
        self._whole = False
        self._stints: list[tuple[int, int]] = []
        self._in_service = False

    def route(self, route: Routed) -> None:
        """Take note of who answers from now on."""
        places = {route.champion: CHAMPION, route.challenger: CHALLENGER}
        place = -1 if self._withdrawn else places.get(self.version, -1)
        self._stints.append((route.at_us, place))
        self._in_service = place >= 0

    def add(self, sheet: Sheet, row: int, routing: Routing) -> bool:
        """Compare the first *row* requests of a page; say whether there is more to compare."""
        served_us = sheet.page.served_us[:row]
        first = int(served_us.searchsorted(self.from_us))
        losses = [sheet.would_lose(one.model, routing, one.crashes)[:row] for one in self._both]
        arm = sheet.asked[:row]
        if not self._whole:
            end_us = self.from_us + WINDOW_US
            ends = int(served_us.searchsorted(end_us))
            stop = max(ends, first + WINDOW_REQUESTS - self._served)
            passed = ends < row or (row == sheet.count and sheet.span_us[1] >= end_us)
            self._whole = stop <= row and passed
            rows = slice(first, min(stop, row))
            self._served += max(0, rows.stop - first)
            answered = (arm[rows] == CHAMPION) | (arm[rows] == CHALLENGER)
            self._requests += int(answered.sum())
            self._loss += float(losses[0][rows][answered].sum())
            self._rival_loss += float(losses[1][rows][answered].sum())
        mine = self._mine(served_us, arm)
        answered = int(np.count_nonzero(mine))
        self._answered += answered
        if answered == len(mine):  # a sum over all is the same without picking them first
            self._lost += float(losses[0].sum())
            self._rival_lost += float(losses[1].sum())
        elif answered:
            self._lost += float(losses[0][mine].sum())
            self._rival_lost += float(losses[1][mine].sum())
        self._stints = self._stints[-1:]
        return not self._whole or (self._in_service and self._loss > self._rival_loss)

    def _mine(self, served_us: NDArray[np.int64], arm: NDArray[np.int8]) -> Bools:
        """Return which requests the version answered since it came."""
        if len(self._stints) == 1 and len(arm) and self._stints[0][0] <= served_us[0]:
            return np.asarray(arm == self._stints[0][1])
        mine = np.zeros(len(arm), dtype=bool)
        starts = served_us.searchsorted([at_us for at_us, _ in self._stints]).tolist()
        stops = [*starts[1:], len(arm)]
        for start, stop, (_, place) in zip(starts, stops, self._stints, strict=True):
            mine[start:stop] = arm[start:stop] == place
        return mine

    def told(self, at_us: int) -> Tried:
        """Return what came of it, at its end."""
        return Tried(
            at_us=at_us,
            version=self.version,
            rival=self.rival,
            from_us=self.from_us,
            withdrawn=self._withdrawn,
            whole=self._whole,
            requests=self._requests,
            loss=self._loss,
            rival_loss=self._rival_loss,
            answered=self._answered,
            answered_loss=self._lost,
            rival_answered_loss=self._rival_lost,
        )


class Trials:
    """The trials of one run that are under way, and what came of those that are over."""

    def __init__(self) -> None:
        self._open: list[Trial] = []

    def route(self, old: Route, new: Routed, known: Mapping[str, Contestant]) -> None:
        """Who answers has changed: a version that leads now, or was withdrawn, is put on trial."""
        before, now = leader(old), leader(new)
        back = new.cause.startswith(ROLL_BACK)
        pairs = [(before, now) if back else (now, before)] if before != now else []
        if back and old.challenger not in ("", before, new.challenger):
            pairs.append((old.challenger, now))
        for version, rival in pairs:
            both = known[version], known[rival]
            if not any(isinstance(one.model, Learner) for one in both):
                self._open.append(Trial(version, rival, new.at_us, both, withdrawn=back))
        for trial in self._open:
            trial.route(new)

    def close(self, sheet: Sheet, row: int, routing: Routing) -> list[Trial]:
        """Compare on the first *row* requests of a page; return the trials that are over."""
        if not self._open:
            return []
        going = [trial.add(sheet, row, routing) for trial in self._open]
        over = [trial for trial, goes_on in zip(self._open, going, strict=True) if not goes_on]
        self._open = [trial for trial, goes_on in zip(self._open, going, strict=True) if goes_on]
        return over

    def end(self) -> list[Trial]:
        """The run is over: return what is still under way."""
        left, self._open = self._open, []
        return left
