"""The post: labels on their way, which of them come during the page in flight, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.arrivals import Arrivals, Calendar, Parcel
from sim.clock import NEVER, Phase, moment
from sim.selection import Dues

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.asked import Asked
    from sim.sheet import Sheet
    from sim.source import Page, Source

    Ints = NDArray[np.int64]


class Post:
    """The labels of one run, page by page; answers and requests may change when they come.

    *labels* are those that arrive during the page in flight, and those of its k-th tick begin at
    bounds[k].
    """

    def __init__(self, source: Source) -> None:
        offset = int(Phase.LATE if source.batch_us else Phase.WORLD)
        self.in_order = source.in_order
        self._calendar = Calendar(source.grid.span_us * 8, offset, in_order=self.in_order)
        self._selection, self._left, self._leaves = source.labels.selection, 0, 0
        self._plain = self.in_order and source.all_come and self._selection is None
        self._revealed: dict[int, Dues] = {}
        self._asked: dict[Asked, int] = {}

    def __len__(self) -> int:
        return len(self._calendar)

    def open(self, sheet: Sheet) -> None:
        """Take up the page of a *sheet*."""
        self._sheet, self._number = sheet, sheet.page.number
        self._left = self._leaves
        self._waiting = self._calendar.take(self._number)
        self._gather()

    def _gather(self) -> None:
        """Line up the labels that arrive during this page, the ones of its own records last."""
        sheet = self._sheet
        own = Parcel(self._number, self._due_rows(0, sheet.end_key), sheet.fields)
        self.labels = Arrivals(self._waiting, own, in_order=self.in_order)
        self.bounds = np.zeros(sheet.ticks + 1, dtype=np.int64)
        self.bounds[1:] = self.labels.keys.searchsorted(sheet.tick_ends_us * 8)
        self.bounds[-1] = len(self.labels)

    def _due_rows(self, first: int, stop: int, row: int | None = None) -> slice | NDArray[np.intp]:
        """Return which of the page's first *row* records have labels due from *first* to *stop*."""
        due = self._sheet.due[: self._sheet.count if row is None else row]
        if self._plain:
            start, end = due.searchsorted(np.array([first, stop]))
            return slice(int(start), int(end))
        return np.flatnonzero((due >= first) & (due < stop))

    def reveal(self) -> bool:
        """Where answers or people decide which labels come when, line them up anew.

        Say whether that is so.
        """
        if self._selection is None and not self._asked:
            return False
        if self._selection is not None:
            self._leaves = self._sheet.reveal(self._selection, self._left)
        if self._asked:
            self._sheet.hasten(list(self._asked), afresh=self._selection is None)
        self._gather()
        return True

    def ask(self, asked: Asked) -> None:
        """Some labels come sooner from now on; the next routing lines them up."""
        self._asked.setdefault(asked, 0)
        self.in_order = self._plain = False
        self._calendar.unordered()

    def picked(self, asked: Asked, row: int) -> int:
        """Return how many were picked to be labelled of all records before this page's *row*."""
        return self._asked[asked] + self._sheet.picked(asked, row)

    def between(self, first: int, stop: int) -> tuple[Ints, Ints]:
        """Return page and row of the labels from the *first* to *stop* of this page."""
        if first >= stop:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        pages, rows = self.labels.origins()
        return pages[first:stop], rows[first:stop]

    def due_by(self, number: int, page: Page, key: int) -> NDArray[np.bool_]:
        """Return which labels of a page were due before moment *key* (shape n)."""
        if number < 0:
            return np.ones(len(page), dtype=bool)
        due = page.due
        if number == self._number and (self._asked or self._selection is not None):
            due = self._sheet.due
        elif number in self._revealed:
            due = self._revealed[number].unpacked(due)
        elif self._selection is not None:  # nothing of it has been answered yet
            return np.zeros(len(page), dtype=bool)
        return np.asarray(due < key)

    def hand_on(self, row: int, fates: dict[str, int], horizon_us: int) -> None:
        """Post the labels of this page's first *row* records that come later; enter their *fates*.

        They take along the answers that they judge.
        """
        sheet = self._sheet
        due, over, end_key = sheet.due[:row], moment(horizon_us, Phase.WORLD), sheet.end_key
        if self._plain:
            fates["pending"] += row - int(due.searchsorted(max(over, end_key)))
        else:
            never = int((due == NEVER).sum())
            fates["never"] += never
            fates["pending"] += int((due >= max(over, end_key)).sum()) - never
        for asked in self._asked:
            self._asked[asked] += sheet.picked(asked, row)
        hastened = bool(self._asked) and sheet.due is not sheet.page.due
        if hastened or self._selection is not None:
            self._revealed[self._number] = Dues.packed(sheet.due, sheet.page.due)
        self._calendar.post(Parcel(self._number, self._due_rows(end_key, over, row), sheet.fields))
