"""Labels on their way, and those that arrive while one page is in flight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Rows = slice | NDArray[np.intp]

JUDGED = ("answer", "score", "loss", "arm", "shadow", "signals", "review", "given", "who")
"""What a label learns of the answer that it will judge; *loss* is by what the label says.

*shadow* is what a version answered unseen; a page that no version shadowed lacks it. *signals*
are what else was measured of the answer; artifacts without signals lack them. *review* is what
reviewers did about it. *given* is the arm of a rollout that the request belonged to and *who* sent
it; pages without a rollout lack them.
"""


def sealed(array: NDArray[Any]) -> NDArray[Any]:
    """Return a read-only copy, from which no way leads back."""
    array = array.copy()
    array.flags.writeable = False
    return array


@dataclass(frozen=True)
class Parcel:
    """Labels of one page, with the answers that they judge: they outlive the page (shape n)."""

    page: int
    rows: Rows
    fields: Mapping[str, NDArray[Any]]
    """the page's arrays: key, served_us, label, and those of `JUDGED`"""

    def get(self, name: str) -> NDArray[Any]:
        """Return one field of these labels; NaN if they have none such."""
        field = self.fields.get(name)
        if field is None:
            return np.full(len(self.get("key")), np.nan)
        return field[self.rows]

    @property
    def shadowed(self) -> bool:
        """Whether a version may have answered unseen what these labels belong to."""
        return "shadow" in self.fields

    @property
    def tried(self) -> bool:
        """Whether a rollout may have met what these labels belong to."""
        return "given" in self.fields

    def packed(self, start: int, stop: int, *, views: bool) -> Parcel:
        """Return the labels from *start* to *stop* with arrays of their own, or views of these."""
        part = {
            name: self.get(name)[start:stop] if views else self.get(name)[start:stop].copy()
            for name in self.fields
        }
        if isinstance(self.rows, slice):
            first = self.rows.start or 0
            part["row"] = np.arange(first + start, first + stop)
        else:
            part["row"] = self.rows[start:stop]
        return Parcel(self.page, slice(None), part)


class Calendar:
    """Labels on their way, by the page of time in which they arrive.

    *span* is a page's length in moments, *offset* where its first moment lies.
    """

    def __init__(self, span: int, offset: int, *, in_order: bool) -> None:
        self._span, self._offset = span, offset
        self._in_order = in_order
        self._parcels: dict[int, list[Parcel]] = {}

    def unordered(self) -> None:
        """From now on labels may be posted in any order."""
        self._in_order = False

    def take(self, page: int) -> list[Parcel]:
        """Return, and forget, what arrives in *page*."""
        return self._parcels.pop(page, [])

    def post(self, parcel: Parcel) -> None:
        """Take charge of labels that arrive later."""
        keys = parcel.get("key")
        if not len(keys):
            return
        pages = (keys - self._offset) // self._span
        if self._in_order and pages[0] == pages[-1]:
            whole = parcel.packed(0, len(keys), views=True)
            self._parcels.setdefault(int(pages[0]), []).append(whole)
            return
        order = np.argsort(pages, kind="stable")
        rows = parcel.rows
        if isinstance(rows, slice):
            rows = np.arange(rows.start or 0, (rows.start or 0) + len(keys))
        sorted_pages = pages[order]
        parcel = Parcel(parcel.page, rows[order], parcel.fields).packed(0, len(keys), views=True)
        starts = np.flatnonzero(np.diff(sorted_pages, prepend=sorted_pages[0] - 1))
        for start, stop in zip(starts, [*starts[1:], len(keys)], strict=True):
            part = {name: array[start:stop].copy() for name, array in parcel.fields.items()}
            to = int(sorted_pages[start])
            self._parcels.setdefault(to, []).append(Parcel(parcel.page, slice(None), part))

    def __len__(self) -> int:
        return sum(len(p.get("key")) for parcels in self._parcels.values() for p in parcels)


class Arrivals:
    """The labels that arrive during one page, in order of arrival, then of their records."""

    def __init__(self, waiting: list[Parcel], own: Parcel, *, in_order: bool) -> None:
        self._parcels = [*waiting, own]
        self._own = own
        self._order: NDArray[np.intp] | None = None
        self._known: dict[str, NDArray[Any]] = {}
        keys = self._joined("key")
        if not in_order and len(keys):
            self._order = np.argsort(keys, kind="stable")
            keys = keys[self._order]
        self.keys: Ints = keys

    def __len__(self) -> int:
        return len(self.keys)

    def get(self, name: str) -> NDArray[Any]:
        """Return one field of all arrivals (shape n)."""
        known = self._known.get(name)
        if known is None:
            known = self._joined(name)
            if self._order is not None:
                known = known[self._order]
            if known.base is not None:  # of the page: monitors must not get hold of it
                known = known.copy()
            known.flags.writeable = False
            self._known[name] = known
        return known

    @property
    def shadowed(self) -> bool:
        """Whether some of these labels can judge a shadow."""
        return any(parcel.shadowed for parcel in self._parcels)

    @property
    def tried(self) -> bool:
        """Whether some of these labels can judge a rollout."""
        return any(parcel.tried for parcel in self._parcels)

    def refresh(self) -> None:
        """The page's own answers have changed."""
        for name in JUDGED:
            self._known.pop(name, None)

    def origins(self) -> tuple[Ints, Ints]:
        """Return the page and the row that each label belongs to (shape n each)."""
        pages = [np.full(len(p.get("key")), p.page) for p in self._parcels]
        rows = [self._rows(p) for p in self._parcels]
        page, row = np.concatenate(pages), np.concatenate(rows)
        return (page, row) if self._order is None else (page[self._order], row[self._order])

    def _rows(self, parcel: Parcel) -> NDArray[Any]:
        if parcel is not self._own:
            return parcel.get("row")
        if isinstance(parcel.rows, slice):
            return np.arange(len(parcel.get("key"))) + (parcel.rows.start or 0)
        return parcel.rows

    def _joined(self, name: str) -> NDArray[Any]:
        parts = [parcel.get(name) for parcel in self._parcels]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)
