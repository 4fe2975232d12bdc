"""Who looks on while a rollout runs, and writes down whom it met and how that went."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.findings import Judged, Served

if TYPE_CHECKING:
    from sim.arrivals import Arrivals
    from sim.findings import Log
    from sim.losses import Regimes
    from sim.sheet import Sheet
    from sim.timeline import Told


class Witness:
    """Collects the requests and labels of a rollout as they are served and arrive."""

    def __init__(self, losses: Regimes, told: Told) -> None:
        self._losses, self._told = losses, told
        self.watching = False
        self._row = self._seen = 0
        self._served: list[Served] = []
        self._judged: list[Judged] = []

    def begin(self, row: int, seen: int) -> None:
        """From the page's *row*-th request and its *seen*-th label on, look."""
        self.watching, self._row, self._seen = True, row, seen

    def end(self) -> None:
        """Nothing is let out any more."""
        self.watching = False
        self._served, self._judged = [], []

    def look(self, sheet: Sheet, labels: Arrivals, row: int, seen: int) -> None:
        """Write down what came since the last look."""
        if not self.watching:
            return
        if row > self._row and sheet.given is not None:
            self._served.append(self._requests(sheet, slice(self._row, row)))
        if seen > self._seen and labels.tried:
            self._judged.append(self._labels(labels, slice(self._seen, seen)))
        self._row, self._seen = row, seen

    def turn(self) -> None:
        """The page is over."""
        self._row = self._seen = 0

    def hand_over(self, log: Log) -> None:
        """Put what was written down into the operator's *log*."""
        log.add(self._served, self._judged)
        self._served, self._judged = [], []

    def _requests(self, sheet: Sheet, rows: slice) -> Served:
        assert sheet.given is not None
        given = sheet.given[rows]
        tried = np.flatnonzero(~np.isnan(given))
        return Served(
            sheet.page.served_us[rows][tried],
            sheet.fields["who"][rows][tried].astype(np.int64),
            given[tried].astype(np.int8),
            sheet.arm[rows][tried],
            sheet.vitals[rows][tried] if self._told.vitals else np.zeros((len(tried), 0)),
        )

    def _labels(self, labels: Arrivals, items: slice) -> Judged:
        given = labels.get("given")[items]
        tried = np.flatnonzero(~np.isnan(given))
        served_us = labels.get("served_us")[items][tried]
        loss = labels.get("loss")[items][tried]
        better = np.full(len(tried), np.nan)
        if labels.shadowed:
            shadow = labels.get("shadow")[items][tried]
            better = loss - self._losses.of(shadow, labels.get("label")[items][tried], served_us)
            better[np.isnan(shadow)] = np.nan
        signals = np.zeros((len(tried), 0))
        if self._told.signals:
            signals = labels.get("signals")[items][tried]
        return Judged(
            served_us,
            labels.get("who")[items][tried].astype(np.int64),
            given[tried].astype(np.int8),
            loss,
            better,
            signals,
        )
