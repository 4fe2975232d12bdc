"""The accounts of one run: every request has one outcome, every label one fate."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import kernels
from sim.arrivals import sealed
from sim.clock import NEVER
from sim.queueing import bucket
from sim.selection import ESCALATED, LOOKED, OVERRIDDEN
from sim.timeline import ARMS, CORRECTED, OBSERVED, REVIEWED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.arrivals import Arrivals
    from sim.chance import Luck
    from sim.losses import Regimes
    from sim.sheet import Sheet
    from sim.timeline import Row, Timeline
    from sim.users import Mood

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]


class Accounts:
    """Sums per tick and arm, the checksum over raw scores, the fates of labels.

    *outcomes* holds the columns of `Outcomes`, page by page, if these are to be kept.
    """

    def __init__(
        self, timeline: Timeline, losses: Regimes, luck: Luck, *, keep_outcomes: bool
    ) -> None:
        self.timeline = timeline
        self.checksum = np.uint64(0)
        self.fates = {"arrived": 0, "pending": 0, "never": 0}
        self.outcomes: list[tuple[NDArray[Any], ...]] | None = [] if keep_outcomes else None
        self.requests = 0
        self._losses, self._luck = losses, luck
        self._mood: Mood | None = None
        self._mood_after: Mood | None = None
        self._corrections: Counter[int] = Counter()
        """how many labels that have come will be put right, by tick"""
        self._corrections_after = self._corrections

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
        observed = {name: getattr(account, name)[ticks] for name in OBSERVED}
        self._observe(sheet, labels, requests, arrived, observed)
        self._mood, self._corrections = self._mood_after, self._corrections_after
        groups = sheet.groups()
        if groups is not None:
            count, loss = account.segment_count[ticks], account.segment_loss[ticks]
            kernels.tally_labels(requests, groups, sheet.loss, count, loss)
            aside = np.zeros(count.shape, dtype=np.int64)
            kernels.tally_labels(
                requests, groups, sheet.page.ideal, aside, account.segment_ideal[ticks]
            )
        if account.signals:
            count, total = account.signal_count[ticks], account.signal_sum[ticks]
            kernels.tally_signals(requests, sheet.arm, sheet.signals, count, total)
        if self.outcomes is not None:
            page, arm, loss = sheet.page, sheet.arm[:row].copy(), sheet.loss[:row].copy()
            sure = sheet.chance[:row].copy(), page.truth.y[:row] > 0.5
            self.outcomes.append((page.served_us[:row], arm, loss, *sure))
        self.requests += row
        self.fates["arrived"] += seen

    def foreseen(
        self, sheet: Sheet, labels: Arrivals, label_bounds: Ints
    ) -> dict[str, NDArray[Any]]:
        """Return what will have been observed in each tick of a page if nothing changes."""
        ticks = slice(sheet.first_tick, sheet.first_tick + sheet.ticks)
        copies = {name: getattr(self.timeline, name)[ticks].copy() for name in OBSERVED}
        aside = np.zeros(copies["count"].shape)
        kernels.tally_labels(sheet.request_bounds, sheet.arm, sheet.loss, copies["count"], aside)
        self._observe(sheet, labels, sheet.request_bounds, label_bounds, copies)
        groups = sheet.groups()
        if groups is not None:
            aside = np.zeros(copies["segment_count"].shape)
            kernels.tally_labels(
                sheet.request_bounds, groups, sheet.loss, copies["segment_count"], aside
            )
        return copies

    def gained(self, sheet: Sheet, foreseen: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        """Return what a page adds to its ticks, of which the first may have begun before it."""
        first, stop = sheet.first_tick, sheet.first_tick + sheet.ticks
        entered = {name: getattr(self.timeline, name)[first:stop] for name in OBSERVED}
        return {name: sealed(foreseen[name] - entered[name]) for name in OBSERVED}

    def entered(self, start: int, stop: int) -> list[Row]:
        """Return what was observed in the ticks from *start* to *stop*, whose pages are closed."""
        entered = {name: getattr(self.timeline, name)[start:stop] for name in OBSERVED}
        return Packed(entered).rows(0, stop - start)

    def _observe(
        self,
        sheet: Sheet,
        labels: Arrivals,
        requests: Ints,
        arrived: Ints,
        out: dict[str, NDArray[Any]],
    ) -> None:
        """Add to *out* what is observed in each tick of a page, but for the counts of requests."""
        told = self.timeline.told
        _tally_labels(labels, arrived, out["labels"], out["label_loss"])
        if told.segments:
            groups, loss = _label_groups(labels), labels.get("loss")
            kernels.tally_labels(
                arrived, groups, loss, out["segment_labels"], out["segment_label_loss"]
            )
        if told.signals:
            _tally_signals(labels, arrived, out["signal_labels"], out["signal_label_sum"])
        if told.vitals:
            aside = np.zeros(out["vital_sum"].shape, dtype=np.int64)
            kernels.tally_signals(requests, sheet.arm, sheet.vitals, aside, out["vital_sum"])
        if told.buckets:
            places = bucket(sheet.vitals[:, told.vitals.index("latency")])
            kernels.tally_buckets(requests, places, out["latency"])
        if told.business:
            self._mood_after = self._do_business(sheet, requests, out["business"])
        if told.reviews:
            self._tally_reviews(sheet, labels, arrived, out["reviews"])
        self._tally_shadow(sheet, labels, requests, arrived, out["shadow"])

    def _tally_reviews(self, sheet: Sheet, labels: Arrivals, arrived: Ints, out: Ints) -> None:
        """Add what reviewers did, by when their verdict came, and which labels were put right."""
        told = self.timeline.told.reviews
        if REVIEWED[0] in told:
            review = labels.get("review")
            for place, kind in enumerate((LOOKED, OVERRIDDEN, ESCALATED)):
                done = np.concatenate([[0], np.cumsum(review & kind > 0)])
                out[:, place] += np.diff(done[arrived])
        if CORRECTED in told:
            right_us = labels.get("corrected_us")[: arrived[-1]]
            known = right_us < NEVER
            ticks = np.maximum(right_us, labels.keys[: arrived[-1]] >> 3)[known]
            right = self._corrections + Counter((ticks // self.timeline.tick_us).tolist())
            first, stop = sheet.first_tick, sheet.first_tick + sheet.ticks
            out[:, told.index(CORRECTED)] += [right[tick] for tick in range(first, stop)]
            self._corrections_after = Counter({t: n for t, n in right.items() if t >= stop})

    def _do_business(self, sheet: Sheet, requests: Ints, out: Floats) -> Mood:
        """Add what each tick of a page brings (ticks × figures); return the mood after it."""
        users = sheet.rules.users
        assert users is not None
        first = self.timeline.told.vitals.index("completed")
        completed = np.concatenate([[0.0], np.cumsum(sheet.vitals[:, first])])[requests]
        start_us, end_us = sheet.span_us
        ends_us = np.minimum(sheet.tick_ends_us, end_us)
        brought, mood = users.business(
            self._luck,
            sheet.page.number,
            ends_us.tolist(),
            start_us,
            np.diff(requests).tolist(),
            np.diff(completed).tolist(),
            self._mood if self._mood is not None else users.at_launch,
        )
        out[:, 0] += brought[:, 0]  # what is earned adds up where a tick has several pages
        out[:, 1:] = brought[:, 1:]
        return mood

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
            served_us = arrivals.get("served_us")
            loss = self._losses.of(shadow, arrivals.get("label"), served_us)
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


class Packed:
    """What was *observed* (ticks × columns each) as one object per tick, made when asked for."""

    def __init__(self, observed: dict[str, NDArray[Any]]) -> None:
        table = np.concatenate([observed[name] for name in OBSERVED], axis=1, dtype=np.float64)
        self._size, self._whole = table.shape[1] * 8, table.tobytes()

    def rows(self, start: int, stop: int) -> list[Row]:
        """Return those of the ticks from *start* to *stop*."""
        size, whole = self._size, self._whole
        return [whole[at : at + size] for at in range(start * size, stop * size, size)]
