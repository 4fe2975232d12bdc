"""The page that is being answered: answers ahead, commits behind.

Every version answers a whole page once; routing picks among these answers record by record.
Monitors scan ahead over values that are foreseen under today's routing. When routing changes,
what lies after the change is foreseen anew and monitors that had read further are taken back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.accounts import packed
from sim.arrivals import Arrivals, Calendar, Parcel, sealed
from sim.artifacts import Learner
from sim.clock import NEVER, Phase, moment
from sim.loops import Effects, Served, after
from sim.monitoring import DeskSeen, LabelsSeen, RequestsSeen, TicksSeen
from sim.selection import Dues
from sim.sheet import Sheet
from sim.timeline import CHAMPION, ERROR, FALLBACK
from sim.watchers import TickWatcher, Watcher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from sim.accounts import Accounts
    from sim.monitoring import Baseline
    from sim.sheet import Routing, Rules
    from sim.source import Page, Source
    from sim.timeline import Row

    Floats = NDArray[np.float64]


LABEL_FIELDS = ("label", "answer", "score", "loss", "arm")
"""What monitors see of a label, in the order of `LabelsSeen`."""


@dataclass(frozen=True)
class Sighting:
    """The next alarm ahead: at which moment, on which clock, raised by which item."""

    key: int
    clock: str
    item: int


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
        self.block, self.stepwise = block, stepwise
        self.effects = Effects({}, {})
        self.baseline: Baseline | None = None
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
        self._label_watchers = [w for w in watchers if w.monitor.clock == "label"]
        self._request_watchers = [w for w in watchers if w.monitor.clock == "request"]
        self._follows = stepwise or any(w.locked for w in watchers)
        self._desk_watchers = [w for w in tick_watchers if w.monitor.clock == "desk"]
        self._judged_us = 0
        self._row_lists: dict[int, list[list[float]]] = {}
        self._free_us = 0
        self._loop_sums: list[Floats] = []
        self.counting, self._counted = False, 0
        self._labelled: list[NDArray[np.int64]] = []
        self.number = -1

    # -- the page ----------------------------------------------------------------------------

    def open(self, number: int, routing: Routing) -> None:
        """Take up page *number*."""
        self.number = number
        page = self.source.page(number, *self.effects)
        self.sheet = Sheet(self.source, page, self.rules, self._free_us)
        self._left = self._leaves
        self._waiting = self._calendar.take(number)
        self._gather_labels()
        self.row = self.seen = 0
        for watcher in self.watchers:
            watcher.open()
        self._stop_row = self._stop_label = 0
        self._extend()
        self._begin_following()
        self.route(routing)
        self._show(0, lambda watcher, seen, whole: watcher.add(seen, whole=whole))

    def _begin_following(self) -> None:
        self._followed = self.sheet.start_key
        self._next_label = self._next_row = 0
        if self._follows:
            self._key_list, self._label_key_list = (
                self.sheet.keys.tolist(),
                self.labels.keys.tolist(),
            )
        if self.stepwise:
            page, row = self.labels.origins()
            self._label_list = self.labels.get("label").tolist()
            self._origins = list(zip(page.tolist(), row.tolist(), strict=True))
            for old in [n for n in self._row_lists if n < self.number - 1]:
                del self._row_lists[old]

    def _gather_labels(self) -> None:
        """Line up the labels that arrive during this page, the ones of its own records last."""
        sheet = self.sheet
        own = Parcel(self.number, self._due_rows(0, sheet.end_key), sheet.fields)
        self.labels = Arrivals(self._waiting, own, in_order=self._in_order)
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

    def _ticks_seen(self, skip: int) -> TicksSeen:
        assert self.baseline is not None
        sheet = self.sheet
        wire, bounds = sheet.page.wire.lined_up(sheet.received_bounds[skip:])
        first_tick = sheet.first_tick + skip
        return TicksSeen(wire, bounds, self.baseline, first_tick, self.rules.tick_us)

    def _desk_seen(self, skip: int) -> DeskSeen:
        assert self.baseline is not None
        sheet, accounts = self.sheet, self.accounts
        bounds, label_bounds = sheet.request_bounds[skip:], self._label_bounds[skip:]
        gained = accounts.gained(sheet, self._ahead())
        return DeskSeen(
            self._requests_seen(slice(int(bounds[0]), int(bounds[-1]))),
            sealed(bounds - bounds[0]),
            self._labels_seen().between(int(label_bounds[0]), int(label_bounds[-1])),
            sealed(label_bounds - label_bounds[0]),
            {name: array[skip:] for name, array in gained.items()},
            accounts.timeline.told,
            self.baseline,
            sheet.first_tick + skip,
            self.rules.tick_us,
            sealed(sheet.passed_us[skip:]),
        )

    def _show(
        self, skip: int, to: Callable[[TickWatcher, Any, bool], None], *, only_desk: bool = False
    ) -> None:
        """Show this page's ticks but for the first few to those who watch them."""
        whole = self.sheet.whole_ticks
        if self._desk_watchers:
            desk, desk_whole = self._desk_seen(skip), whole and not self.source.batch_us
        came = None if only_desk or not self.tick_watchers else self._ticks_seen(skip)
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
        if self.stepwise and self._desk_watchers:
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
        if self.stepwise:
            serving = (routing.champion, routing.challenger, routing.shadow)
            self._learners = [model for model in serving if isinstance(model, Learner)]
            self.sheet.choose(rows, routing)
            self.sheet.shade(rows, routing)
            self._row_lists[self.number] = self.sheet.wire(routing).x.tolist()
        else:
            self.sheet.fill(rows, routing)
            self.labels.refresh()
            self._reveal()
        self._rows: list[Row] | None = None
        self._foreseen: dict[str, NDArray[Any]] | None = None
        self.on_duty()

    def _reveal(self) -> None:
        """Where answers decide which labels come, line the labels up anew.

        What the answers before the present have decided stays as it is.
        """
        if self._selection is None:
            return
        self._leaves = self.sheet.reveal(self._selection, self._left)
        self._gather_labels()
        if self._stop_row < self.sheet.count:
            self._stop_label = int(self.labels.keys.searchsorted(self.end))
        else:
            self._stop_label = len(self.labels)
        if self._follows:
            self._label_key_list = self.labels.keys.tolist()

    def _read(self) -> None:
        """Let the monitors read what is foreseen."""
        seen: dict[str, Any] = {}
        for watcher in self.watchers:
            clock = watcher.monitor.clock
            if clock not in seen:
                whole = slice(0, self.sheet.count)
                of_labels = clock == "label"
                seen[clock] = self._labels_seen() if of_labels else self._requests_seen(whole)
            keys = self.labels.keys if clock == "label" else self.sheet.keys
            watcher.read(seen[clock], keys)

    def _labels_seen(self) -> LabelsSeen:
        seen = LabelsSeen(*(self.labels.get(name) for name in self._label_fields))
        names = self.accounts.timeline.signals
        if names:
            seen = replace(seen, names=names, signals=self.labels.get("signals"))
        return seen

    def _requests_seen(self, rows: slice) -> RequestsSeen:
        sheet = self.sheet
        wire = sheet.page.wire
        seen = RequestsSeen(
            wire.schema.names,
            wire.x[rows],
            sealed(sheet.score[rows]),
            sealed(sheet.answer[rows]),
            sealed(sheet.arm[rows]),
            None if sheet.page.truth.segment is None else sealed(sheet.page.truth.segment[rows]),
        )
        names = self.rules.vitals
        if names:
            seen = replace(seen, vital_names=names, vitals=sealed(sheet.vitals[rows]))
        return seen

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
        return self._scanned and key <= self.end and (not self._follows or key <= self._followed)

    @property
    def spent(self) -> bool:
        """Whether the whole page has been looked at."""
        return self.covers(self.sheet.end_key)

    def look(self, key: int) -> Sighting | None:
        """Look further, towards moment *key*; return the next alarm if one is in sight."""
        if self._scanned and self.end < key and (not self._follows or self._followed >= self.end):
            self._extend()
        for watcher in self.watchers:
            watcher.look(self._stop_label if watcher.monitor.clock == "label" else self._stop_row)
        self._scanned = True
        ahead = self._next_alarm()
        if self._follows:
            self._follow(min(key, self.end), ahead)
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

    def _follow(self, key: int, ahead: Sighting | None) -> None:
        """Go item by item to moment *key*, or to the alarm *ahead*, or to one that is found.

        This is the way of models that learn every label and of detectors that only update.
        """
        if ahead is not None and ahead.key < key:
            key = ahead.key
        label_stop = int(self.labels.keys.searchsorted(key))
        row_stop = int(self.sheet.keys.searchsorted(key))
        if ahead is not None and ahead.key == key:
            if ahead.clock == "label":
                label_stop = ahead.item + 1
            else:
                row_stop = ahead.item + 1
        of_labels = [w for w in self._label_watchers if w.locked]
        of_requests = [w for w in self._request_watchers if w.locked]
        label, row = self._next_label, self._next_row
        label_keys, keys = self._label_key_list, self._key_list
        stepwise = self.stepwise
        while label < label_stop or row < row_stop:
            if row >= row_stop or (label < label_stop and label_keys[label] < keys[row]):
                if stepwise:
                    self._learn_one(label)
                alarms = [watcher.feed(label) for watcher in of_labels]
                at = label_keys[label]
                label += 1
            else:
                if stepwise:
                    self._answer_one(row)
                alarms = [watcher.feed(row) for watcher in of_requests]
                at = keys[row]
                row += 1
            if alarms and any(alarms):
                key = at
                break
        self._next_label, self._next_row, self._followed = label, row, key
        if stepwise:
            self._rows = self._foreseen = None

    def _answer_one(self, row: int) -> None:
        """Answer one request with models that have learned all labels so far."""
        sheet, routing = self.sheet, self.routing
        arm = int(sheet.arm[row])
        features = self._row_lists[self.number][row]
        score = routing.reserve
        if arm == ERROR:
            score = 0.0
        elif arm != FALLBACK:
            model = routing.champion if arm == CHAMPION else routing.challenger
            assert isinstance(model, Learner)
            score = model.predict(features)
            if score - score != 0.0:  # neither NaN nor infinite is an answer
                sheet.arm[row], score = ERROR, 0.0
        sheet.score[row] = sheet.answer[row] = score
        if sheet.shadow is not None and isinstance(routing.shadow, Learner):
            sheet.shadow[row] = routing.shadow.predict(features)
        if self._request_watchers and self.rules.vitals:
            sheet.judge(slice(row, row + 1))
        for watcher in self._request_watchers:
            watcher.read_one(self._requests_seen(slice(row, row + 1)), row, self._key_list[row])

    def _learn_one(self, item: int) -> None:
        """Let every model in service learn a label that has just arrived."""
        page, row = self._origins[item]
        label = self._label_list[item]
        known = self._row_lists.get(page)
        if known is None:
            features = self.source.page(page, *self.effects).wire.x[row].tolist()
        else:
            features = known[row]
        for model in self._learners:
            model.learn(features, label)
        if self._label_watchers:
            seen = self._label_seen(item)
            for watcher in self._label_watchers:
                watcher.read_one(seen, item, self._label_key_list[item])

    def _label_seen(self, item: int) -> LabelsSeen:
        """Return one label with the answer that it judges, which may have just been given."""
        page, row = self._origins[item]
        of_page, place = page == self.number, slice(row, row + 1)
        if of_page:
            self.sheet.judge(place)
        fields = (
            self.sheet.fields[name][place] if of_page else self.labels.get(name)[item : item + 1]
            for name in self._label_fields
        )
        return LabelsSeen(*map(sealed, fields))

    def _catch_up(self) -> None:
        """Work out what was left aside while going record by record."""
        if self.stepwise:
            self.sheet.judge(slice(0, self._next_row))
            self.labels.refresh()

    # -- the present -------------------------------------------------------------------------

    def settle(self, key: int) -> None:
        """The present is moment *key*: what comes before it is served and has arrived."""
        self.row = max(self.row, int(self.sheet.keys.searchsorted(key)))
        self.seen = max(self.seen, int(self.labels.keys.searchsorted(key)))

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

    def newly_labelled(self) -> list[NDArray[np.int64]]:
        """Return when the requests were served whose labels came since this was asked last.

        The first time it begins to count, and returns nothing.
        """
        if not self.counting:
            self.counting, self._counted = True, self.seen
        found = [*self._labelled, self.labels.get("served_us")[self._counted : self.seen]]
        self._labelled, self._counted = [], self.seen
        return found

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
        if number < 0:
            return np.ones(len(page), dtype=bool)
        due = page.due
        if self._selection is not None and number == self.number:
            due = self.sheet.due
        elif number in self._revealed:
            due = self._revealed[number].unpacked(due)
        elif self._selection is not None:  # nothing of it has been answered yet
            return np.zeros(len(page), dtype=bool)
        mask: NDArray[np.bool_] = due < key
        first = int(self.labels.keys.searchsorted(key))
        if first < self.seen:  # at this very instant, up to the alarm
            pages, rows = self.labels.origins()
            now = slice(first, self.seen)
            mask[rows[now][pages[now] == number]] = True
        return mask

    def rows(self, start: int, stop: int) -> Iterator[Row]:
        """Return what was observed in each of the ticks *start* to *stop*, which are over."""
        first = self.sheet.first_tick
        if start < min(stop, first):
            yield from self.accounts.entered(start, min(stop, first))
        if stop > first:
            if self._rows is None:
                self._catch_up()
                self._rows = packed(self._ahead())
            yield from self._rows[max(start, first) - first : stop - first]

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

    def close(self) -> None:
        """Enter the page, as far as it was served, into the accounts; hand its labels on."""
        self._catch_up()
        self.recount()
        if self._desk_watchers:
            self._judged_us = self.judged_us()
        if not self._in_order:
            for watcher in self._label_watchers:
                watcher.turn(self.labels.get("served_us"), self.seen)
        self.accounts.close(self.sheet, self.labels, self._label_bounds, self.row, self.seen)
        if self.counting:
            self._labelled.append(self.labels.get("served_us")[self._counted : self.seen])
        self._counted = 0
        self._hand_on(self.row)
        self._free_us = self.sheet.free_us(self.row)
        self._close_loops(self.row)
        self.row = self.seen = 0

    def _close_loops(self, row: int) -> None:
        """Let the loops learn what was served; after an epoch's last page they move."""
        stream, schema = self.source.stream, self.source.stream.concept.schema
        if not stream.loops:
            return
        epoch, states = self.source.epoch(self.number), self.effects.states
        truth = self.sheet.page.truth
        served = Served(self.number, truth.x[:row], truth.y[:row], self.sheet.answer[:row])
        known = states.get(epoch) or tuple(loop.rest(schema) for loop in stream.loops)
        seen = [
            loop.observe(self.source.luck, state, served, schema)
            for loop, state in zip(stream.loops, known, strict=True)
        ]
        if self._loop_sums:
            seen = [sums + more for sums, more in zip(self._loop_sums, seen, strict=True)]
        self._loop_sums = seen
        if self.source.epoch(self.number + 1) != epoch:
            states[epoch + 1] = after(stream.loops, epoch, stream.epoch_us, known, seen, schema)
            self._loop_sums = []

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
        if self._selection is not None:
            self._revealed[self.number] = Dues.packed(self.sheet.due, self.sheet.page.due)
        rows = self._due_rows(end_key, over, row)
        self._calendar.post(Parcel(self.number, rows, self.sheet.fields))

    def abandon(self) -> None:
        """The run ends early: labels that have not arrived are still on their way."""
        pages, rows = (part[self.seen :] for part in self.labels.origins())
        fates = self.accounts.fates
        fates["pending"] += int(((pages != self.number) | (rows < self.row)).sum())
        self.close()
        fates["pending"] += len(self._calendar)
