"""The page that is being answered: answers ahead, commits behind.

Every version answers a whole page once; routing picks among these answers record by record.
Monitors scan ahead over values that are foreseen under today's routing. When routing changes,
what lies after the change is foreseen anew and monitors that had read further are taken back.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import kernels
from sim.arrivals import Arrivals, Calendar, Parcel, sealed
from sim.artifacts import Learner
from sim.clock import Phase, moment
from sim.labels import NEVER
from sim.ledger import CHALLENGER, CHAMPION, ERROR, FALLBACK, Timeline
from sim.monitoring import LabelsSeen, RequestsSeen, TicksSeen
from sim.watchers import TickWatcher, Watcher

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from sim.artifacts import Answers, Model
    from sim.monitoring import Baseline
    from sim.source import Page, Source
    from sim.view import Row

    Floats = NDArray[np.float64]


LABEL_FIELDS = ("label", "answer", "score", "loss", "arm")
"""What monitors see of a label, in the order of `LabelsSeen`."""


@dataclass(frozen=True)
class Routing:
    """Who answers: the working parts behind a `Route`."""

    champion: Model
    challenger: Model | None = None
    share: float = 0.0
    shadow: Model | None = None
    fallback: bool = False
    release: int = 0
    reserve: float = 0.0
    """the fallback's own answer"""


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
        timeline: Timeline,
        watchers: list[Watcher],
        tick_watchers: list[TickWatcher],
        horizon_us: int,
        block: int | None,
        strict: bool,
        stepwise: bool,
        no_answer_loss: float,
        keep_outcomes: bool,
    ) -> None:
        self.source = source
        self.timeline = timeline
        self.watchers, self.tick_watchers = watchers, tick_watchers
        self.horizon_us = horizon_us
        self.block = block
        self.strict, self.stepwise = strict, stepwise
        self.no_answer_loss = no_answer_loss
        self.checksum = np.uint64(0)
        self.fates = {"arrived": 0, "pending": 0, "never": 0}
        self.outcomes: list[tuple[NDArray[np.int64], NDArray[np.int8], Floats]] | None = (
            [] if keep_outcomes else None
        )
        self.repaired_us: dict[str, int] = {}
        self.baseline: Baseline | None = None
        self._boundary = Phase.LATE if source.batch_us else Phase.WORLD
        labels = source.labels
        self._calendar = Calendar(
            source.grid.span_us * 8, int(self._boundary), in_order=labels.in_order
        )
        self._plain = labels.in_order and labels.coverage == 1.0
        self._label_watchers = [w for w in watchers if w.monitor.clock == "label"]
        self._request_watchers = [w for w in watchers if w.monitor.clock == "request"]
        self._follows = stepwise or any(w.locked for w in watchers)
        self._row_lists: dict[int, list[list[float]]] = {}
        self._labels_before = 0
        self._requests_before = 0
        self.number = -1

    # -- the page ----------------------------------------------------------------------------

    def open(self, number: int, routing: Routing) -> None:
        """Take up page *number*."""
        self.number = number
        self._predictions: dict[int, Answers] = {}
        self._load(self.source.page(number, self.repaired_us))
        page = self.page
        count = len(page)
        self.score, self.answer, self.loss = np.zeros(count), np.zeros(count), np.zeros(count)
        self.arm = np.zeros(count, dtype=np.int8)
        exact = page.label is page.truth.y
        self.seen_loss = self.loss if exact else np.zeros(count)
        self._fields: dict[str, NDArray[Any]] = {
            "key": page.due,
            "served_us": page.served_us,
            "label": page.label,
            "answer": self.answer,
            "score": self.score,
            "loss": self.seen_loss,
            "arm": self.arm,
        }
        self._shadow: Floats | None = None
        self._gather_labels()
        self.row = self.seen = 0
        for watcher in self.watchers:
            watcher.open()
        self._stop_row = self._stop_label = 0
        self._extend()
        self._begin_following()
        self.route(routing)
        for tick_watcher in self.tick_watchers:
            tick_watcher.add(self._ticks_seen(0), whole=self._whole_ticks)

    def _begin_following(self) -> None:
        self._followed = moment(self.source.grid.bounds_us(self.number)[0], self._boundary)
        self._next_label = self._next_row = 0
        if self._follows:
            self._key_list, self._label_key_list = self.keys.tolist(), self.labels.keys.tolist()
        if self.stepwise:
            page, row = self.labels.origins()
            self._label_list = self.labels.get("label").tolist()
            self._origins = list(zip(page.tolist(), row.tolist(), strict=True))
            for old in [n for n in self._row_lists if n < self.number - 1]:
                del self._row_lists[old]
            self._row_lists[self.number] = self.page.wire.x.tolist()

    def _load(self, page: Page) -> None:
        self.page = page
        start_us, end_us = self.source.grid.bounds_us(self.number)
        self.end_key = moment(end_us, self._boundary)
        served_us = page.served_us
        self.count = len(page)
        if end_us >= self.horizon_us:
            self.count = int(np.searchsorted(served_us, self.horizon_us))
            self.end_key = min(self.end_key, moment(self.horizon_us, Phase.WORLD))
        self.keys = served_us[: self.count] * 8 + int(Phase.REQUESTS)
        tick_us = self.timeline.tick_us
        self.first_tick = start_us // tick_us
        last_us = min(end_us, self.horizon_us) + (tick_us if self.source.batch_us else 0)
        self.ticks = min(-(-last_us // tick_us), len(self.timeline)) - self.first_tick
        edges_us = (self.first_tick + np.arange(1, self.ticks + 1)) * tick_us
        self._tick_edges_us = edges_us
        self._request_bounds = np.zeros(self.ticks + 1, dtype=np.int64)
        self._request_bounds[1:] = np.searchsorted(served_us[: self.count], edges_us)
        self._whole_ticks = end_us % tick_us == 0
        self._received_bounds = self._request_bounds
        if not self.source.batch_us:
            return
        # what a batch answers later was received, and can be looked at, as it came
        until_us = min(end_us, self.horizon_us)
        ends_us = np.arange(self.first_tick + 1, -(-until_us // tick_us) + 1) * tick_us
        times_us = page.truth.times_us
        self._received_bounds = np.zeros(len(ends_us) + 1, dtype=np.int64)
        self._received_bounds[1:] = times_us.searchsorted(np.minimum(ends_us, until_us))

    def _gather_labels(self) -> None:
        """Line up the labels that arrive during this page, the ones of its own records last."""
        own = Parcel(self.number, self._due_rows(0, self.end_key), self._fields)
        waiting = self._calendar.take(self.number)
        self.labels = Arrivals(waiting, own, in_order=self.source.labels.in_order)
        self._label_bounds = np.zeros(self.ticks + 1, dtype=np.int64)
        self._label_bounds[1:] = self.labels.keys.searchsorted(self._tick_edges_us * 8)
        self._label_bounds[-1] = len(self.labels)

    def _due_rows(self, first: int, stop: int, row: int | None = None) -> slice | NDArray[np.intp]:
        """Return which of the page's first *row* records have labels due from *first* to *stop*."""
        due = self.page.due[: self.count if row is None else row]
        if self._plain:
            start, end = due.searchsorted(np.array([first, stop]))
            return slice(int(start), int(end))
        return np.flatnonzero((due >= first) & (due < stop))

    def _ticks_seen(self, skip: int) -> TicksSeen:
        assert self.baseline is not None
        bounds = self._received_bounds[skip:]
        first_tick, tick_us = self.first_tick + skip, self.timeline.tick_us
        return TicksSeen(self.page.wire, bounds, self.baseline, first_tick, tick_us)

    def rewire(self, routing: Routing) -> None:
        """What arrives has changed from now on: take up the rest of the page anew."""
        self._predictions = {}
        self._load(self.source.page(self.number, self.repaired_us))
        if self.stepwise:
            self._row_lists[self.number] = self.page.wire.x.tolist()
        self.route(routing)

    def watch_anew(self, told: int, *, same_baseline: bool) -> None:
        """Count this page's ticks from *told* on again, against the present wire and baseline."""
        seen = self._ticks_seen(max(0, told - self.first_tick))
        for watcher in self.tick_watchers:
            watcher.again(seen, whole=self._whole_ticks, same_baseline=same_baseline)

    # -- answering ---------------------------------------------------------------------------

    def route(self, routing: Routing) -> None:
        """Answer what has not been served yet under *routing*; take monitors back to now."""
        self.routing = routing
        rows = slice(self.row, None)
        if routing.shadow is not None and self._shadow is None:
            self._shadow = self._fields["shadow"] = np.full(len(self.page), np.nan)
        if self.stepwise:
            serving = (routing.champion, routing.challenger, routing.shadow)
            self._learners = [model for model in serving if isinstance(model, Learner)]
            self._choose(rows)
        else:
            self._answer(rows)
            self.labels.refresh()
        if self._shadow is not None:
            self._shadow[rows] = np.nan
            if routing.shadow is not None and not self.stepwise:
                self._shadow[rows] = self._predict(routing.shadow).answer[rows]
        self._read()
        self._rows: list[Row] | None = None
        for watcher in self.watchers:
            watcher.rewind(self.seen if watcher.monitor.clock == "label" else self.row)
        self._scanned = False

    def _choose(self, rows: slice) -> None:
        """Decide which arm each record meets."""
        arm, routing = self.arm[rows], self.routing
        arm[:] = FALLBACK if routing.fallback else CHAMPION
        if routing.fallback:
            return
        if routing.challenger is not None:
            met = self.source.assigned(self.page, routing.release, routing.share)[rows]
            arm[met] = CHALLENGER
        if self.strict and self.page.wire.broken is not None:
            arm[self.page.wire.broken[rows]] = FALLBACK

    def _answer(self, rows: slice) -> None:
        """Pick each record's answer among those that the versions gave for the whole page."""
        self._choose(rows)
        arm = self.arm[rows]
        score, answer = self.score[rows], self.answer[rows]
        given = self._predict(self.routing.champion)
        score[:], answer[:] = given.score[rows], given.answer[rows]
        if self.routing.challenger is not None:
            met = arm == CHALLENGER
            given = self._predict(self.routing.challenger)
            score[met], answer[met] = given.score[rows][met], given.answer[rows][met]
        broken = ~np.isfinite(score + answer)
        if broken.any():
            arm[broken & (arm != FALLBACK)] = ERROR
            answer[broken] = score[broken] = 0.0
        reserve = arm == FALLBACK
        if reserve.any():
            score[reserve] = answer[reserve] = self.routing.reserve
        self._judge(rows)

    def _judge(self, rows: slice) -> None:
        """Work out the losses of *rows*, by the truth and by what labels will say."""
        page, answer = self.page, self.answer[rows]
        errors = self.arm[rows] == ERROR
        some = errors.any()
        for loss, outcome in ((self.loss, page.truth.y), (self.seen_loss, page.label)):
            loss[rows] = self.source.loss.of(answer, outcome[rows])
            if some:
                loss[rows][errors] = self.no_answer_loss
            if self.seen_loss is self.loss:
                break

    def _predict(self, model: Model) -> Answers:
        """Answer the whole page, once: the same rows in another block differ in the last bits."""
        known = self._predictions.get(id(model))
        if known is None:
            known = self._predictions[id(model)] = model.answers(self.page)
        return known

    def _read(self) -> None:
        """Let the monitors read what is foreseen."""
        seen: dict[str, Any] = {}
        for watcher in self.watchers:
            clock = watcher.monitor.clock
            if clock not in seen:
                whole = slice(0, self.count)
                of_labels = clock == "label"
                seen[clock] = self._labels_seen() if of_labels else self._requests_seen(whole)
            watcher.read(seen[clock])

    def _labels_seen(self) -> LabelsSeen:
        return LabelsSeen(*(self.labels.get(name) for name in LABEL_FIELDS))

    def _requests_seen(self, rows: slice) -> RequestsSeen:
        wire = self.page.wire
        return RequestsSeen(
            wire.schema.names,
            wire.x[rows],
            sealed(self.score[rows]),
            sealed(self.answer[rows]),
            sealed(self.arm[rows]),
        )

    # -- looking ahead -----------------------------------------------------------------------

    def _extend(self) -> None:
        """Move the end of the look-ahead on by one block."""
        self._stop_row = min(self.count, self._stop_row + (self.block or self.count + 1))
        if self._stop_row < self.count:
            self.end = int(self.keys[self._stop_row])
            self._stop_label = int(self.labels.keys.searchsorted(self.end))
        else:
            self.end, self._stop_label = self.end_key, len(self.labels)
        self._scanned = False

    def covers(self, key: int) -> bool:
        """Say whether all that comes before moment *key* has been looked at."""
        return self._scanned and key <= self.end and (not self._follows or key <= self._followed)

    @property
    def spent(self) -> bool:
        """Whether the whole page has been looked at."""
        return self.covers(self.end_key)

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
                keys = self.labels.keys if clock == "label" else self.keys
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
        row_stop = int(self.keys.searchsorted(key))
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
            self._rows = None

    def _answer_one(self, row: int) -> None:
        """Answer one request with models that have learned all labels so far."""
        arm, routing = int(self.arm[row]), self.routing
        features = self._row_lists[self.number][row]
        score = routing.reserve
        if arm != FALLBACK:
            model = routing.champion if arm == CHAMPION else routing.challenger
            assert isinstance(model, Learner)
            score = model.predict(features)
            if score - score != 0.0:  # neither NaN nor infinite is an answer
                self.arm[row], score = ERROR, 0.0
        self.score[row] = self.answer[row] = score
        if self._shadow is not None and isinstance(routing.shadow, Learner):
            self._shadow[row] = routing.shadow.predict(features)
        for watcher in self._request_watchers:
            watcher.read_one(self._requests_seen(slice(row, row + 1)), row)

    def _learn_one(self, item: int) -> None:
        """Let every model in service learn a label that has just arrived."""
        page, row = self._origins[item]
        label = self._label_list[item]
        known = self._row_lists.get(page)
        if known is None:
            features = self.source.page(page, self.repaired_us).wire.x[row].tolist()
        else:
            features = known[row]
        for model in self._learners:
            model.learn(features, label)
        if self._label_watchers:
            seen = self._label_seen(item)
            for watcher in self._label_watchers:
                watcher.read_one(seen, item)

    def _label_seen(self, item: int) -> LabelsSeen:
        """Return one label with the answer that it judges, which may have just been given."""
        page, row = self._origins[item]
        of_page, place = page == self.number, slice(row, row + 1)
        if of_page:
            self._judge(place)
        fields = (
            self._fields[name][place] if of_page else self.labels.get(name)[item : item + 1]
            for name in LABEL_FIELDS
        )
        return LabelsSeen(*map(sealed, fields))

    def _catch_up(self) -> None:
        """Work out what was left aside while going record by record."""
        if self.stepwise:
            self._judge(slice(0, self._next_row))
            self.labels.refresh()

    # -- the present -------------------------------------------------------------------------

    def settle(self, key: int) -> None:
        """The present is moment *key*: what comes before it is served and has arrived."""
        self.row = max(self.row, int(self.keys.searchsorted(key)))
        self.seen = max(self.seen, int(self.labels.keys.searchsorted(key)))

    def deliver(self, sighting: Sighting) -> list[tuple[Watcher, float, int]]:
        """The present is the alarm *sighting*: return who raised it, its value and evidence."""
        self.settle(sighting.key)
        if sighting.clock == "label":
            self.seen = max(self.seen, sighting.item + 1)
            evidence_us = int(self.labels.get("served_us")[sighting.item])
        else:
            self.row = max(self.row, sighting.item + 1)
            evidence_us = int(self.page.served_us[sighting.item])
        raised = [
            (watcher, watcher.delivered(), evidence_us)
            for watcher in self.watchers
            if watcher.alarm == sighting.item and watcher.monitor.clock == sighting.clock
        ]
        self._scanned = False
        return raised

    @property
    def requests_served(self) -> int:
        """How many requests have been served by now."""
        return self._requests_before + self.row

    @property
    def labels_arrived(self) -> int:
        """How many labels have arrived by now."""
        return self._labels_before + self.seen

    def arrived(self, number: int, page: Page, key: int) -> NDArray[np.bool_]:
        """Return which labels of a page have arrived (shape n); the present is moment *key*."""
        if number < 0:
            return np.ones(len(page), dtype=bool)
        mask: NDArray[np.bool_] = page.due < key
        first = int(self.labels.keys.searchsorted(key))
        if first < self.seen:  # at this very instant, up to the alarm
            pages, rows = self.labels.origins()
            now = slice(first, self.seen)
            mask[rows[now][pages[now] == number]] = True
        return mask

    def rows(self, start: int, stop: int) -> Iterator[Row]:
        """Return what was observed in each of the ticks *start* to *stop*, which are over."""
        account = self.timeline
        if start < min(stop, self.first_tick):
            over = slice(start, min(stop, self.first_tick))
            tables = account.count[over], account.labels[over]
            yield from _packed(*tables, account.label_loss[over], account.shadow[over])
        if stop > self.first_tick:
            here = self._page_rows()
            for tick in range(max(start, self.first_tick), stop):
                yield here[tick - self.first_tick]

    def _page_rows(self) -> list[Row]:
        if self._rows is None:
            self._catch_up()
            ticks = slice(self.first_tick, self.first_tick + self.ticks)
            count, labels = self.timeline.count[ticks].copy(), self.timeline.labels[ticks].copy()
            label_loss = self.timeline.label_loss[ticks].copy()
            kernels.tally_labels(
                self._request_bounds, self.arm, self.loss, count, np.zeros(count.shape)
            )
            self._tally_labels(self._label_bounds, labels, label_loss)
            shadow = self.timeline.shadow[ticks].copy()
            self._tally_shadow(self._request_bounds, self._label_bounds, shadow)
            self._rows = _packed(count, labels, label_loss, shadow)
        return self._rows

    # -- closing -----------------------------------------------------------------------------

    def close(self) -> None:
        """Write the page, as far as it was served, into the accounts; hand its labels on."""
        self._catch_up()
        row, seen = self.row, self.seen
        ticks = slice(self.first_tick, self.first_tick + self.ticks)
        account = self.timeline
        self.checksum = kernels.tally(
            np.minimum(self._request_bounds, row),
            self.arm,
            self.loss,
            self.page.ideal,
            (self.score + 0.0).view(np.uint64),
            account.count[ticks],
            account.loss[ticks],
            account.ideal[ticks],
            np.uint64(self.checksum),
        )
        self._tally_labels(
            np.minimum(self._label_bounds, seen), account.labels[ticks], account.label_loss[ticks]
        )
        self._tally_shadow(
            np.minimum(self._request_bounds, row),
            np.minimum(self._label_bounds, seen),
            account.shadow[ticks],
        )
        if self.outcomes is not None:
            self.outcomes.append(
                (self.page.served_us[:row], self.arm[:row].copy(), self.loss[:row].copy())
            )
        self._requests_before += row
        self._labels_before += seen
        self.fates["arrived"] += seen
        self._hand_on(row)
        self.row = self.seen = 0

    def _tally_labels(
        self, bounds: NDArray[np.int64], count: NDArray[np.int64], loss: Floats
    ) -> None:
        kernels.tally_labels(bounds, self.labels.get("arm"), self.labels.get("loss"), count, loss)

    def _tally_shadow(
        self, requests: NDArray[np.int64], labels: NDArray[np.int64], out: Floats
    ) -> None:
        """Add what is known of answers that nobody was shown to the accounts (ticks × 4)."""
        if self._shadow is not None:
            rows = np.arange(requests[0], requests[-1])
            answered = ~np.isnan(self._shadow[rows])
            differs = answered & (self._shadow[rows] != self.answer[rows])
            for tick, (start, stop) in enumerate(pairwise(requests - requests[0])):
                out[tick, 0] += answered[start:stop].sum()
                out[tick, 1] += differs[start:stop].sum()
        if self.labels.shadowed:
            shadow = self.labels.get("shadow")
            loss = self.source.loss.of(shadow, self.labels.get("label"))
            known = ~np.isnan(shadow)
            for tick, (start, stop) in enumerate(pairwise(labels)):
                part = known[start:stop]
                out[tick, 2] += part.sum()
                out[tick, 3] += loss[start:stop][part].sum()

    def _hand_on(self, row: int) -> None:
        """Put the labels of this page that come later into the calendar, with their answers."""
        due, over = self.page.due[:row], moment(self.horizon_us, Phase.WORLD)
        if self._plain:
            self.fates["pending"] += row - int(due.searchsorted(max(over, self.end_key)))
        else:
            self.fates["never"] += int((due == NEVER).sum())
            self.fates["pending"] += int(((due >= over) & (due >= self.end_key)).sum())
            self.fates["pending"] -= int((due == NEVER).sum())
        self._calendar.post(
            Parcel(self.number, self._due_rows(self.end_key, over, row), self._fields)
        )

    def abandon(self) -> None:
        """The run ends early: labels that have not arrived are still on their way."""
        pages, rows = (part[self.seen :] for part in self.labels.origins())
        self.fates["pending"] += int(((pages != self.number) | (rows < self.row)).sum())
        self.close()
        self.fates["pending"] += len(self._calendar)


def _packed(*tables: NDArray[Any]) -> list[Row]:
    """Return one object per tick of tables of shape (ticks, 4)."""
    table = np.concatenate(tables, axis=1, dtype=np.float64)
    size, packed = table.shape[1] * 8, table.tobytes()
    return [packed[at : at + size] for at in range(0, len(packed), size)]
