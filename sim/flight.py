"""The page that is being answered: answers ahead, commits behind.

Every version answers a whole page once; routing picks among these answers record by record.
Monitors scan ahead over values that are foreseen under today's routing. When routing changes,
what lies after the change is foreseen anew and monitors that had read further are taken back.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.accounts import packed
from sim.arrivals import Arrivals, Calendar, Labelled, Parcel
from sim.brakes import Brakes
from sim.clock import NEVER, Phase, moment
from sim.epochs import Epochs
from sim.lockstep import Lockstep, Sighting
from sim.loops import Effects
from sim.selection import Dues
from sim.sheet import Sheet
from sim.sights import LABEL_FIELDS, desk_seen, labels_seen, requests_seen, ticks_seen
from sim.trials import Trials
from sim.watchers import TickWatcher, Watcher
from sim.witness import Witness

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from sim.accounts import Accounts
    from sim.asked import Asked
    from sim.brakes import Brake
    from sim.findings import Log
    from sim.monitoring import Baseline, DeskSeen, LabelsSeen
    from sim.rules import Rules
    from sim.sheet import Routing
    from sim.source import Page, Source
    from sim.timeline import Row
    from sim.trials import Trial

NEARBY = 16


class Flight:
    """The page in flight, its labels, and the monitors that watch them."""

    def __init__(
        self,
        source: Source,
        *,
        accounts: Accounts,
        rules: Rules,
        watchers: list[Watcher],
        tick_watchers: list[TickWatcher],
        block: int | None,
        stepwise: bool,
    ) -> None:
        self.source, self.accounts, self.rules = source, accounts, rules
        self.watchers, self.tick_watchers = watchers, tick_watchers
        self.block = block
        self.effects = Effects({}, {})
        self.baseline: Baseline | None = None
        self.trials = Trials()
        labels, batch = source.labels, bool(source.batch_us)
        offset = int(Phase.LATE if batch else Phase.WORLD)
        span = source.grid.span_us * 8
        self._calendar = Calendar(span, offset, in_order=source.in_order)
        segmented = source.stream.segments is not None
        self._label_fields = (*LABEL_FIELDS, "segment") if segmented else LABEL_FIELDS
        self._selection, self._left, self._leaves = labels.selection, 0, 0
        self._in_order = source.in_order
        self._plain = source.in_order and source.all_come and self._selection is None
        self._revealed: dict[int, Dues] = {}
        self._asked: dict[Asked, int] = {}
        self._brakes = Brakes()
        self.brake: Brake | None = None
        """where a version has to be stopped next"""
        self._steps = Lockstep(
            source, self.effects, watchers, self._label_fields, self._brakes, stepwise=stepwise
        )
        self._epochs = Epochs(source, self.effects)
        self._desk_watchers = [w for w in tick_watchers if w.monitor.clock == "desk"]
        self._judged_us = 0
        self._free_us = 0
        self._labelled = Labelled()
        self._witness = Witness(source.losses, accounts.timeline.told)
        self.number = -1

    # -- the page ----------------------------------------------------------------------------

    def open(self, number: int, routing: Routing) -> None:
        """Take up page *number*."""
        self.number = number
        page = self.source.page(number, *self.effects)
        self.sheet = Sheet(self.source, page, self.rules, self._free_us)
        self._row_keys = memoryview(self.sheet.keys)  # type: ignore[arg-type]
        self._left = self._leaves
        self._waiting = self._calendar.take(number)
        self._gather_labels()
        self.row = self.seen = 0
        for watcher in self.watchers:
            watcher.open()
        self._stop_row = self._stop_label = 0
        self._extend()
        self._steps.open(self.sheet, self.labels)
        self.route(routing)
        self._show(0, lambda watcher, seen, whole: watcher.add(seen, whole=whole))

    def _gather_labels(self) -> None:
        """Line up the labels that arrive during this page, the ones of its own records last."""
        sheet = self.sheet
        own = Parcel(self.number, self._due_rows(0, sheet.end_key), sheet.fields)
        self.labels = Arrivals(self._waiting, own, in_order=self._in_order)
        self._label_keys = memoryview(self.labels.keys)  # type: ignore[arg-type]
        self._label_bounds = np.zeros(sheet.ticks + 1, dtype=np.int64)
        self._label_bounds[1:] = self.labels.keys.searchsorted(sheet.tick_ends_us * 8)
        self._label_bounds[-1] = len(self.labels)

    def _due_rows(self, first: int, stop: int, row: int | None = None) -> slice | NDArray[np.intp]:
        """Return which of the page's first *row* records have labels due from *first* to *stop*."""
        due = self.sheet.due[: self.sheet.count if row is None else row]
        if self._plain:
            start, end = due.searchsorted(np.array([first, stop]))
            return slice(int(start), int(end))
        return np.flatnonzero((due >= first) & (due < stop))

    def _show(
        self, skip: int, to: Callable[[TickWatcher, Any, bool], None], *, only_desk: bool = False
    ) -> None:
        """Show this page's ticks but for the first few to those who watch them."""
        whole = self.sheet.whole_ticks
        if self._desk_watchers:
            desk, desk_whole = self._desk_seen(skip), whole and not self.source.batch_us
        came = None
        if self.tick_watchers and not only_desk:
            assert self.baseline is not None
            came = ticks_seen(self.sheet, self.baseline, skip)
        for watcher in self.tick_watchers:
            if watcher.monitor.clock == "desk":
                to(watcher, desk, desk_whole)
            elif came is not None:
                to(watcher, came, whole)

    def rewire(self, routing: Routing) -> None:
        """What arrives has changed from now on: take up the rest of the page anew."""
        self.sheet.rewire(self.source.page(self.number, *self.effects))
        self.route(routing)

    def watch_anew(self, told: int, *, same_baseline: bool, only_desk: bool = False) -> None:
        """Count this page's ticks from *told* on again, against the present wire and baseline."""
        self._show(
            max(0, told - self.sheet.first_tick),
            lambda watcher, seen, whole: watcher.again(
                seen, whole=whole, same_baseline=same_baseline
            ),
            only_desk=only_desk,
        )

    def recount(self) -> None:
        """Count the ticks that desk monitors were not told of yet, as they were answered.

        Where models learn from every label nothing is foreseen.
        """
        if self._steps.stepwise and self._desk_watchers:
            self._catch_up()
            told = self._desk_watchers[0].told
            self.watch_anew(told, same_baseline=True, only_desk=True)

    def on_duty(self) -> None:
        """Let the monitors read the page again: some of them have just come on duty."""
        self._read()
        for watcher in self.watchers:
            watcher.rewind(self.seen if watcher.monitor.clock == "label" else self.row)
        self._scanned = False

    def route(self, routing: Routing) -> None:
        """Answer what has not been served yet under *routing*; take monitors back to now."""
        self.routing = routing
        rows = slice(self.row, None)
        self._brakes.seat(routing, self.row)
        if self._steps.stepwise:
            self._steps.route(rows, routing)
        else:
            self.sheet.fill(rows, routing)
            self.labels.refresh()
            self._reveal()
        self._foresee_brake()
        self._rows: list[Row] | None = None
        self._foreseen: dict[str, NDArray[Any]] | None = None
        self.on_duty()

    def _foresee_brake(self) -> None:
        """Find the next moment at which a version has to be stopped."""
        stepwise = self._steps.stepwise
        self.brake = self._brakes.foresee(self.sheet, self.routing, self.row, code=not stepwise)

    def braked(self, brake: Brake) -> bool:
        """The present is a *brake*, unless routing has changed since."""
        if self.brake is not brake:
            return False
        self.settle(brake.key)
        self.row = max(self.row, brake.row + 1)
        self._brakes.applied(brake)
        self._foresee_brake()
        return True

    def _reveal(self) -> None:
        """Where answers decide which labels come, line the labels up anew.

        What the answers before the present have decided stays as it is.
        """
        if self._selection is None and not self._asked:
            return
        if self._selection is not None:
            self._leaves = self.sheet.reveal(self._selection, self._left)
        if self._asked:
            self.sheet.hasten(list(self._asked), afresh=self._selection is None)
        self._gather_labels()
        if self._stop_row < self.sheet.count:
            self._stop_label = int(self.labels.keys.searchsorted(self.end))
        else:
            self._stop_label = len(self.labels)
        self._steps.line_up(self.labels)

    def ask(self, asked: Asked) -> None:
        """Some labels come sooner from now on; the next routing lines them up."""
        self._asked.setdefault(asked, 0)
        self._in_order = self._plain = False
        self._calendar.unordered()

    def picked(self, asked: Asked) -> int:
        """Return how many of the records served by now were picked to be labelled."""
        return self._asked[asked] + self.sheet.picked(asked, self.row)

    def _read(self) -> None:
        """Let the monitors read what is foreseen."""
        seen: dict[str, Any] = {}
        for watcher in self.watchers:
            clock = watcher.monitor.clock
            if clock not in seen:
                whole = slice(0, self.sheet.count)
                of_labels = clock == "label"
                seen[clock] = self._labels_seen() if of_labels else requests_seen(self.sheet, whole)
            keys = self.labels.keys if clock == "label" else self.sheet.keys
            watcher.read(seen[clock], keys)

    def _labels_seen(self) -> LabelsSeen:
        return labels_seen(self.labels, self._label_fields, self.accounts.timeline.signals)

    def _desk_seen(self, skip: int) -> DeskSeen:
        assert self.baseline is not None
        return desk_seen(
            self.sheet,
            self._labels_seen(),
            self._label_bounds,
            self._ahead(),
            self.accounts,
            self.baseline,
            skip,
        )

    # -- looking ahead -----------------------------------------------------------------------

    def _extend(self) -> None:
        """Move the end of the look-ahead on by one block."""
        self._stop_row = min(
            self.sheet.count, self._stop_row + (self.block or self.sheet.count + 1)
        )
        if self._stop_row < self.sheet.count:
            self.end = int(self.sheet.keys[self._stop_row])
            self._stop_label = int(self.labels.keys.searchsorted(self.end))
        else:
            self.end, self._stop_label = self.sheet.end_key, len(self.labels)
        self._scanned = False

    def covers(self, key: int) -> bool:
        """Say whether all that comes before moment *key* has been looked at."""
        return (
            self._scanned
            and key <= self.end
            and (not self._steps.active or key <= self._steps.followed)
        )

    @property
    def spent(self) -> bool:
        """Whether the whole page has been looked at."""
        return self.covers(self.sheet.end_key)

    def look(self, key: int) -> Sighting | None:
        """Look further, towards moment *key*; return the next alarm if one is in sight."""
        steps = self._steps
        if self._scanned and self.end < key and (not steps.active or steps.followed >= self.end):
            self._extend()
        for watcher in self.watchers:
            watcher.look(self._stop_label if watcher.monitor.clock == "label" else self._stop_row)
        self._scanned = True
        ahead = self._next_alarm()
        if steps.active:
            steps.follow(min(key, self.end), ahead)
            if steps.stepwise:
                self._rows = self._foreseen = None
                self.brake, steps.brake = steps.brake or self.brake, None
            ahead = self._next_alarm()
        return ahead

    def _next_alarm(self) -> Sighting | None:
        best: Sighting | None = None
        for watcher in self.watchers:
            if watcher.alarm is not None:
                clock = watcher.monitor.clock
                keys = self.labels.keys if clock == "label" else self.sheet.keys
                key = int(keys[watcher.alarm])
                if best is None or (key, watcher.alarm) < (best.key, best.item):
                    best = Sighting(key, clock, watcher.alarm)
        return best

    def _catch_up(self) -> None:
        """Work out what was left aside while going record by record."""
        if self._steps.stepwise:
            self.sheet.judge(slice(0, self._steps.row))
            self.labels.refresh()

    # -- the present -------------------------------------------------------------------------

    def settle(self, key: int) -> None:
        """The present is moment *key*: what comes before it is served and has arrived."""
        self.row = _reached(self._row_keys, key, self.row)
        self.seen = _reached(self._label_keys, key, self.seen)

    def deliver(self, sighting: Sighting) -> list[tuple[Watcher, float, int]]:
        """The present is the alarm *sighting*: return who raised it, its value and evidence."""
        self.settle(sighting.key)
        stop = sighting.item + 1
        if sighting.clock == "label":
            self.seen = max(self.seen, stop)
            served_us = self.labels.get("served_us")
        else:
            self.row = max(self.row, stop)
            served_us = self.sheet.page.served_us
        raised = [
            (watcher, watcher.delivered(), watcher.newest_us(served_us, stop))
            for watcher in self.watchers
            if watcher.alarm == sighting.item and watcher.monitor.clock == sighting.clock
        ]
        self._scanned = False
        return raised

    def newly_labelled(self) -> list[bytes]:
        """Return when the requests were served whose labels came since this was asked last."""
        return self._labelled.take(self.labels, self.seen)

    def attend(self, *, rollout: bool) -> None:
        """Look on from now on while a *rollout* runs, or look away."""
        if rollout and not self._witness.watching:
            self._witness.begin(self.row, self.seen)
        elif not rollout:
            self._witness.end()

    def witness(self, log: Log) -> None:
        """Put what is new of the rollout into the *log*."""
        if self._witness.watching:
            self._catch_up()
            self._witness.look(self.sheet, self.labels, self.row, self.seen)
            self._witness.hand_over(log)

    @property
    def requests_served(self) -> int:
        """How many requests have been served by now."""
        return self.accounts.requests + self.row

    @property
    def labels_arrived(self) -> int:
        """How many labels have arrived by now."""
        return self.accounts.fates["arrived"] + self.seen

    def arrived(self, number: int, page: Page, key: int) -> NDArray[np.bool_]:
        """Return which labels of a page have arrived (shape n); the present is moment *key*."""
        mask = self.due_by(number, page, key)
        pages, rows = self.tied(key)
        mask[rows[pages == number]] = True
        return mask

    def tied(self, key: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return page and row of the labels that came at this very instant, up to the alarm."""
        first = int(self.labels.keys.searchsorted(key))
        if first >= self.seen:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        pages, rows = self.labels.origins()
        return pages[first : self.seen], rows[first : self.seen]

    def due_by(self, number: int, page: Page, key: int) -> NDArray[np.bool_]:
        """Return which labels of a page were due before moment *key* (shape n)."""
        if number < 0:
            return np.ones(len(page), dtype=bool)
        due = page.due
        if number == self.number and (self._asked or self._selection is not None):
            due = self.sheet.due
        elif number in self._revealed:
            due = self._revealed[number].unpacked(due)
        elif self._selection is not None:  # nothing of it has been answered yet
            return np.zeros(len(page), dtype=bool)
        return np.asarray(due < key)

    def rows(self, start: int, stop: int) -> list[Row]:
        """Return what was observed in each of the ticks *start* to *stop*, which are over."""
        first = self.sheet.first_tick
        if start < first:
            before = self.accounts.entered(start, min(stop, first))
            return before + (self.rows(first, stop) if stop > first else [])
        if self._rows is None:
            self._catch_up()
            self._rows = packed(self._ahead())
        return self._rows[start - first : stop - first]

    def _ahead(self) -> dict[str, NDArray[Any]]:
        """Return what will have been observed in each tick of the page."""
        if self._foreseen is None:
            self._foreseen = self.accounts.foreseen(self.sheet, self.labels, self._label_bounds)
        return self._foreseen

    def judged_us(self) -> int:
        """Return when the newest answer was served of which a label has arrived by now."""
        served_us = self.labels.get("served_us")[: self.seen]
        return max(self._judged_us, int(served_us.max(initial=0)))

    # -- closing -----------------------------------------------------------------------------

    @property
    def end_key(self) -> int:
        """The moment at which the page ends."""
        return self.sheet.end_key

    def close(self) -> list[Trial]:
        """Enter the page, as far as it was served, into the accounts; hand its labels on.

        Return the trials of versions that are over.
        """
        self._catch_up()
        self.recount()
        if self._desk_watchers:
            self._judged_us = self.judged_us()
        if not self._in_order:
            for watcher in self.watchers:
                if watcher.monitor.clock == "label":
                    watcher.turn(self.labels.get("served_us"), self.seen)
        self.accounts.close(self.sheet, self.labels, self._label_bounds, self.row, self.seen)
        self._labelled.turn(self.labels, self.seen)
        self._witness.look(self.sheet, self.labels, self.row, self.seen)
        self._witness.turn()
        self._brakes.turn(self.sheet, self.row)
        self._hand_on(self.row)
        self._free_us = self.sheet.free_us(self.row)
        self._epochs.close(self.sheet, self.row)
        over = self.trials.close(self.sheet, self.row, self.routing)
        self.row = self.seen = 0
        return over

    def _hand_on(self, row: int) -> None:
        """Put the labels of this page that come later into the calendar, with their answers."""
        due, over = self.sheet.due[:row], moment(self.rules.horizon_us, Phase.WORLD)
        fates, end_key = self.accounts.fates, self.sheet.end_key
        if self._plain:
            fates["pending"] += row - int(due.searchsorted(max(over, end_key)))
        else:
            never = int((due == NEVER).sum())
            fates["never"] += never
            fates["pending"] += int((due >= max(over, end_key)).sum()) - never
        for asked in self._asked:
            self._asked[asked] += self.sheet.picked(asked, row)
        hastened = bool(self._asked) and self.sheet.due is not self.sheet.page.due
        if hastened or self._selection is not None:
            self._revealed[self.number] = Dues.packed(self.sheet.due, self.sheet.page.due)
        rows = self._due_rows(end_key, over, row)
        self._calendar.post(Parcel(self.number, rows, self.sheet.fields))

    def abandon(self) -> list[Trial]:
        """The run ends early: labels that have not arrived are still on their way."""
        pages, rows = (part[self.seen :] for part in self.labels.origins())
        fates = self.accounts.fates
        fates["pending"] += int(((pages != self.number) | (rows < self.row)).sum())
        over = self.close()
        fates["pending"] += len(self._calendar)
        return over


def _reached(keys: Sequence[int], key: int, at: int) -> int:
    """Return how many of *keys* come before *key*, given that the first *at* of them do.

    As a rule few more do: looking nearby first costs a third of a search through all.
    """
    near = at + NEARBY
    if near >= len(keys) or keys[near] >= key:
        return bisect_left(keys, key, at, min(near, len(keys)))
    return bisect_left(keys, key, near)
