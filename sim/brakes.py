"""When a version has to be stopped: code that fails again and again, a cap that is reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.routing import CHAMPION_SEAT, SEATS
from sim.timeline import CHALLENGER

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.artifacts import Model
    from sim.routing import Routing
    from sim.sheet import Sheet

    Ints = NDArray[np.int64]

CRASH, CAP = "crash", "cap"
IN_A_ROW = 3
"""So many failures one after another, and code is taken out of service."""


@dataclass(frozen=True, eq=False)
class Brake:
    """At moment *key*, with request *row* of the page, whoever sits in *seat* is to be stopped."""

    key: int
    row: int
    cause: str
    seat: int


class _Run:
    """How the *model* in one seat fails: from *row* of the page on, *before* that so many in a row.

    *told*: it was stopped already, or at least asked for.
    """

    def __init__(self, model: Model, row: int) -> None:
        self.model, self.row = model, row
        self.before = self.after = 0
        self.told = False


class Brakes:
    """Counts the failures in each seat, and whom a challenger has met."""

    def __init__(self) -> None:
        self._runs: dict[int, _Run] = {}
        self._release, self._since, self._met, self._capped = 0, 0, 0, 0
        self._who: Ints = np.zeros(0, dtype=np.int64)

    def seat(self, routing: Routing, row: int) -> None:
        """Whoever sits in a seat anew from *row* on begins without a failure."""
        for seat in SEATS:
            model, run = routing.seated(seat), self._runs.get(seat)
            if model is None:
                self._runs.pop(seat, None)
            elif run is None or run.model is not model:
                self._runs[seat] = _Run(model, row)
        if routing.challenger is not None and routing.release != self._release:
            self._release, self._since, self._met = routing.release, row, 0
            self._who = np.zeros(0, dtype=np.int64)

    # -- page by page ------------------------------------------------------------------------

    def foresee(self, sheet: Sheet, routing: Routing, row: int, *, code: bool) -> Brake | None:
        """Return the next brake from *row* of the page on; *code*: its failures are foreseen."""
        found = [(self._capped_at(sheet, routing), CAP, CHALLENGER)]
        if code:
            found += [(self._fails_at(sheet, routing, seat), CRASH, seat) for seat in self._runs]
        due = [one for one in found if row <= one[0] < sheet.count]
        if not due:
            return None
        first, cause, seat = min(due)
        return Brake(int(sheet.keys[first]), first, cause, seat)

    def _fails_at(self, sheet: Sheet, routing: Routing, seat: int) -> int:
        """Return the row of the last of three failures in a row, -1 if there is none."""
        run = self._runs[seat]
        if run.told or (seat == CHAMPION_SEAT and routing.kept is None):
            return -1
        asked, failed = sheet.tries(seat, run.row)
        if not failed.any():
            run.after = 0 if len(asked) else run.before
            return -1
        row = np.concatenate([np.ones(run.before, dtype=np.bool_), failed])
        whole = np.flatnonzero(~row)
        run.after = min(len(row) - 1 - int(whole[-1]) if len(whole) else len(row), IN_A_ROW - 1)
        three = np.flatnonzero(row[:-2] & row[1:-1] & row[2:]) + 2 - run.before
        if not len(three) or three[0] < 0:
            return -1
        at = int(asked[three[0]])
        return at if seat != CHAMPION_SEAT or sheet.would_answer(routing, at) else -1

    def _capped_at(self, sheet: Sheet, routing: Routing) -> int:
        """Return the row with which a cap is reached, -1 if there is none in this page."""
        users, requests = routing.caps
        if routing.challenger is None or self._capped == self._release or not users + requests:
            return -1
        rows, who = self._meets(sheet, sheet.count)
        found = []
        if 0 < requests - self._met <= len(rows):
            found.append(int(rows[requests - self._met - 1]))
        new, first = np.unique(who, return_index=True)
        first = np.sort(first[~np.isin(new, self._who)])
        if 0 < users - len(self._who) <= len(first):
            found.append(int(rows[first[users - len(self._who) - 1]]))
        return min(found, default=-1)

    def _meets(self, sheet: Sheet, row: int) -> tuple[Ints, Ints]:
        """Return which of the page's first *row* requests the challenger meets, and whose."""
        if sheet.given is None:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        rows = np.flatnonzero(sheet.given[:row] == CHALLENGER)
        rows = rows[rows >= self._since]
        return rows, sheet.fields["who"][rows].astype(np.int64)

    def turn(self, sheet: Sheet, row: int) -> None:
        """The page is over; *row* of its requests were served."""
        for run in self._runs.values():
            run.row, run.before = 0, run.after
        if self._release:
            rows, who = self._meets(sheet, row)
            if len(rows):
                self._met, self._who = self._met + len(rows), np.union1d(self._who, who)
        self._since = 0

    def applied(self, brake: Brake) -> None:
        """A brake has been applied: the same does not come again."""
        if brake.cause == CAP:
            self._capped = self._release
        elif brake.seat in self._runs:
            self._runs[brake.seat].told = True

    # -- record by record --------------------------------------------------------------------

    def count(self, seat: int, *, failed: bool) -> bool:
        """Count one more answer of whoever sits in *seat*; say whether it is the third failure."""
        run = self._runs[seat]
        run.after = run.after + 1 if failed else 0
        return run.after >= IN_A_ROW and not run.told
