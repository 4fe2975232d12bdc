"""The accounts of one run: every request has one outcome, every label one fate."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import kernels
from sim.ledger import ARMS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.arrivals import Arrivals
    from sim.ledger import Timeline
    from sim.losses import Loss
    from sim.sheet import Sheet
    from sim.view import Row

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]


class Accounts:
    """Sums per tick and arm, the checksum over raw scores, the fates of labels.

    *outcomes* holds (when, arm, loss) of every request, page by page, if it is to be kept.
    """

    def __init__(self, timeline: Timeline, loss: Loss, *, keep_outcomes: bool) -> None:
        self.timeline = timeline
        self.checksum = np.uint64(0)
        self.fates = {"arrived": 0, "pending": 0, "never": 0}
        self.outcomes: list[tuple[Ints, NDArray[np.int8], Floats]] | None = (
            [] if keep_outcomes else None
        )
        self.requests = 0
        self._loss = loss

    def close(
        self, sheet: Sheet, labels: Arrivals, label_bounds: Ints, row: int, seen: int
    ) -> None:
        """Enter a page: its first *row* requests, and the first *seen* labels that arrived."""
        ticks = slice(sheet.first_tick, sheet.first_tick + sheet.ticks)
        account = self.timeline
        requests, arrived = np.minimum(sheet.request_bounds, row), np.minimum(label_bounds, seen)
        self.checksum = kernels.tally(
            requests,
            sheet.arm,
            sheet.loss,
            sheet.page.ideal,
            (sheet.score + 0.0).view(np.uint64),
            account.count[ticks],
            account.loss[ticks],
            account.ideal[ticks],
            np.uint64(self.checksum),
        )
        _tally_labels(labels, arrived, account.labels[ticks], account.label_loss[ticks])
        self._tally_segments(sheet, labels, requests, arrived, ticks)
        if account.signals:
            count, total = account.signal_count[ticks], account.signal_sum[ticks]
            kernels.tally_signals(requests, sheet.arm, sheet.signals, count, total)
            told = account.signal_labels[ticks], account.signal_label_sum[ticks]
            _tally_signals(labels, arrived, *told)
        self._tally_shadow(sheet, labels, requests, arrived, account.shadow[ticks])
        if self.outcomes is not None:
            served_us = sheet.page.served_us[:row]
            self.outcomes.append((served_us, sheet.arm[:row].copy(), sheet.loss[:row].copy()))
        self.requests += row
        self.fates["arrived"] += seen

    def _tally_segments(
        self, sheet: Sheet, labels: Arrivals, requests: Ints, arrived: Ints, ticks: slice
    ) -> None:
        """Enter the same by segment and arm."""
        groups, account = sheet.groups(), self.timeline
        if groups is None:
            return
        count, loss = account.segment_count[ticks], account.segment_loss[ticks]
        kernels.tally_labels(requests, groups, sheet.loss, count, loss)
        ideal, aside = account.segment_ideal[ticks], np.zeros(count.shape, dtype=np.int64)
        kernels.tally_labels(requests, groups, sheet.page.ideal, aside, ideal)
        count, loss = account.segment_labels[ticks], account.segment_label_loss[ticks]
        kernels.tally_labels(arrived, _label_groups(labels), labels.get("loss"), count, loss)

    def foreseen(self, sheet: Sheet, labels: Arrivals, label_bounds: Ints) -> list[Row]:
        """Return what will have been observed in each tick of a page if nothing changes."""
        ticks = slice(sheet.first_tick, sheet.first_tick + sheet.ticks)
        account = self.timeline
        count, arrived = account.count[ticks].copy(), account.labels[ticks].copy()
        label_loss, shadow = account.label_loss[ticks].copy(), account.shadow[ticks].copy()
        aside = np.zeros(count.shape)
        kernels.tally_labels(sheet.request_bounds, sheet.arm, sheet.loss, count, aside)
        _tally_labels(labels, label_bounds, arrived, label_loss)
        self._tally_shadow(sheet, labels, sheet.request_bounds, label_bounds, shadow)
        many, told = account.segment_count[ticks].copy(), account.segment_labels[ticks].copy()
        told_loss = account.segment_label_loss[ticks].copy()
        groups = sheet.groups()
        if groups is not None:
            aside = np.zeros(many.shape)
            kernels.tally_labels(sheet.request_bounds, groups, sheet.loss, many, aside)
            places = _label_groups(labels)
            kernels.tally_labels(label_bounds, places, labels.get("loss"), told, told_loss)
        judged = account.signal_labels[ticks].copy(), account.signal_label_sum[ticks].copy()
        if account.signals:
            _tally_signals(labels, label_bounds, *judged)
        return _packed(count, arrived, label_loss, shadow, many, told, told_loss, *judged)

    def entered(self, start: int, stop: int) -> list[Row]:
        """Return what was observed in the ticks from *start* to *stop*, whose pages are closed."""
        over, account = slice(start, stop), self.timeline
        told = account.count, account.labels, account.label_loss, account.shadow
        groups = account.segment_count, account.segment_labels, account.segment_label_loss
        judged = account.signal_labels, account.signal_label_sum
        return _packed(*(table[over] for table in (*told, *groups, *judged)))

    def _tally_shadow(
        self, sheet: Sheet, arrivals: Arrivals, requests: Ints, labels: Ints, out: Floats
    ) -> None:
        """Add what is known of answers that nobody was shown (ticks × 4)."""
        if sheet.shadow is not None:
            rows = slice(int(requests[0]), int(requests[-1]))
            answered = ~np.isnan(sheet.shadow[rows])
            differs = answered & (sheet.shadow[rows] != sheet.answer[rows])
            for tick, (start, stop) in enumerate(pairwise(requests - requests[0])):
                out[tick, 0] += answered[start:stop].sum()
                out[tick, 1] += differs[start:stop].sum()
        if arrivals.shadowed:
            shadow = arrivals.get("shadow")
            loss = self._loss.of(shadow, arrivals.get("label"))
            known = ~np.isnan(shadow)
            for tick, (start, stop) in enumerate(pairwise(labels)):
                part = known[start:stop]
                out[tick, 2] += part.sum()
                out[tick, 3] += loss[start:stop][part].sum()


def _tally_labels(labels: Arrivals, bounds: Ints, count: Ints, loss: Floats) -> None:
    kernels.tally_labels(bounds, labels.get("arm"), labels.get("loss"), count, loss)


def _tally_signals(labels: Arrivals, bounds: Ints, count: Ints, total: Floats) -> None:
    kernels.tally_signals(bounds, labels.get("arm"), labels.get("signals"), count, total)


def _label_groups(labels: Arrivals) -> NDArray[np.int8]:
    return np.asarray(labels.get("segment") * np.int8(len(ARMS)) + labels.get("arm"))


def _packed(*tables: NDArray[Any]) -> list[Row]:
    """Return one object per tick of tables of shape (ticks, 4 × anything)."""
    table = np.concatenate(tables, axis=1, dtype=np.float64)
    size, packed = table.shape[1] * 8, table.tobytes()
    return [packed[at : at + size] for at in range(0, len(packed), size)]
