"""The page that is being answered: answers ahead, commits behind.

Every version answers a whole page once; routing picks among these answers record by record.
Monitors scan ahead over values that are foreseen under today's routing. When routing changes,
what lies after the change is foreseen anew and monitors that had read further are taken back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim import kernels
from sim.artifacts import Learner
from sim.clock import Phase, moment, moment_us
from sim.labels import NEVER
from sim.ledger import CHALLENGER, CHAMPION, ERROR, FALLBACK, Timeline
from sim.monitoring import LabelsSeen, RequestsSeen, TicksSeen
from sim.watchers import TickWatcher, Watcher

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from sim.artifacts import Answers, Model
    from sim.monitoring import Baseline
    from sim.source import Page, Source

    Floats = NDArray[np.float64]

LABEL = np.dtype(
    [
        ("key", "i8"),
        ("page", "i4"),
        ("row", "i4"),
        ("served", "i8"),
        ("label", "f8"),
        ("answer", "f8"),
        ("score", "f8"),
        ("loss", "f8"),
        ("arm", "i1"),
    ]
)
"""A label on its way, with the answer that it will judge: it outlives the page it came from."""

NO_END = np.iinfo(np.int64).max


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
        self._calendar: dict[int, list[NDArray[np.void]]] = {}
        self._boundary = Phase.LATE if source.batch_us else Phase.WORLD
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
        self.score, self.answer = np.zeros(count), np.zeros(count)
        self.loss, self.arm = np.zeros(count), np.zeros(count, dtype=np.int8)
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
            self._key_list, self._label_key_list = self.keys.tolist(), self._label_keys.tolist()
        if self.stepwise:
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

    def _gather_labels(self) -> None:
        """Line up the labels that arrive during this page, the ones of its own records last."""
        page = self.page
        due = page.due[: self.count]
        own = due < self.end_key
        waiting = self._calendar.pop(self.number, [])
        mine = self._blank(np.flatnonzero(own))
        labels = np.concatenate([*waiting, mine]) if waiting else mine
        if not self.source.labels.in_order:
            labels = labels[np.argsort(labels["key"], kind="stable")]
        self.labels = labels
        self._own = np.flatnonzero(labels["page"] == self.number)
        self._own_rows = labels["row"][self._own]
        self._label_keys = np.ascontiguousarray(labels["key"])
        self._label_bounds = np.zeros(self.ticks + 1, dtype=np.int64)
        self._label_bounds[1:] = np.searchsorted(self._label_keys, self._tick_edges_us * 8)
        self._label_bounds[-1] = len(labels)

    def _blank(self, rows: NDArray[np.intp]) -> NDArray[np.void]:
        """Return the labels of this page's *rows*, without answers."""
        page = self.page
        labels = np.zeros(len(rows), dtype=LABEL)
        labels["key"] = page.due[rows]
        labels["page"] = self.number
        labels["row"] = rows
        labels["served"] = page.served_us[rows]
        labels["label"] = page.label[rows]
        return labels

    def _ticks_seen(self, skip: int) -> TicksSeen:
        assert self.baseline is not None
        ticks = self.ticks - (1 if self.source.batch_us else 0)
        bounds = self._request_bounds[skip : ticks + 1]
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
        """Count the ticks from *told* on again, against the present wire and baseline."""
        for watcher in self.tick_watchers:
            seen = self._ticks_seen(max(0, told - self.first_tick))
            watcher.again(seen, whole=self._whole_ticks, same_baseline=same_baseline)

    # -- answering ---------------------------------------------------------------------------

    def route(self, routing: Routing) -> None:
        """Answer what has not been served yet under *routing*; take monitors back to now."""
        self.routing = routing
        rows = slice(self.row, None)
        if self.stepwise:
            serving = (routing.champion, routing.challenger, routing.shadow)
            self._learners = [model for model in serving if isinstance(model, Learner)]
            self._choose(rows)
        else:
            self._answer(rows)
            self._relabel()
        self._read()
        self._rows: list[tuple[list[int], list[int], list[float]]] | None = None
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
        if self.strict and self.page.wire.state is not None:
            arm[(self.page.wire.state[rows] > 0).any(axis=1)] = FALLBACK

    def _answer(self, rows: slice) -> None:
        """Pick each record's answer among those that the versions gave for the whole page."""
        self._choose(rows)
        arm, page = self.arm[rows], self.page
        score, answer = self.score[rows], self.answer[rows]
        given = self._predict(self.routing.champion)
        score[:], answer[:] = given.score[rows], given.answer[rows]
        if self.routing.challenger is not None:
            met = arm == CHALLENGER
            given = self._predict(self.routing.challenger)
            score[met], answer[met] = given.score[rows][met], given.answer[rows][met]
        broken = ~np.isfinite(score)
        if broken.any():
            arm[broken & (arm != FALLBACK)] = ERROR
            answer[broken] = score[broken] = 0.0
        reserve = arm == FALLBACK
        if reserve.any():
            score[reserve] = answer[reserve] = self.routing.reserve
        self.loss[rows] = self._true_loss(rows)

    def _true_loss(self, rows: slice) -> Floats:
        loss = self.source.loss.of(self.answer[rows], self.page.truth.y[rows])
        errors = self.arm[rows] == ERROR
        return np.where(errors, self.no_answer_loss, loss) if errors.any() else loss

    def _predict(self, model: Model) -> Answers:
        """Answer the whole page, once: the same rows in another block differ in the last bits."""
        known = self._predictions.get(id(model))
        if known is None:
            known = self._predictions[id(model)] = model.answers(self.page)
        return known

    def _relabel(self) -> None:
        """Let the labels of this page's own records know what was answered."""
        fresh, rows = self._own, self._own_rows
        if self.row:
            fresh = fresh[rows >= self.row]
            rows = self.labels["row"][fresh]
        if len(rows):
            labels, answer, arm = self.labels, self.answer[rows], self.arm[rows]
            labels["answer"][fresh] = answer
            labels["score"][fresh] = self.score[rows]
            labels["arm"][fresh] = arm
            labels["loss"][fresh] = self._seen_loss(answer, labels["label"][fresh], arm)

    def _judge_labels(self, items: slice) -> None:
        labels = self.labels[items]
        labels["loss"] = self._seen_loss(labels["answer"], labels["label"], labels["arm"])

    def _seen_loss(self, answer: Floats, label: Floats, arm: NDArray[np.int8]) -> Floats:
        loss = self.source.loss.of(answer, label)
        errors = arm == ERROR
        return np.where(errors, self.no_answer_loss, loss) if errors.any() else loss

    def _read(self) -> None:
        """Let the monitors read what is foreseen."""
        if self.watchers:
            seen, met = self._labels_seen(slice(None)), self._requests_seen(slice(0, self.count))
            for watcher in self.watchers:
                watcher.read(seen if watcher.monitor.clock == "label" else met)

    def _labels_seen(self, items: slice) -> LabelsSeen:
        part = self.labels[items]
        fields = ("label", "answer", "score", "loss", "arm")
        return LabelsSeen(*(part[field] for field in fields))

    def _requests_seen(self, rows: slice) -> RequestsSeen:
        wire = self.page.wire
        return RequestsSeen(
            wire.schema.names, wire.x[rows], self.score[rows], self.answer[rows], self.arm[rows]
        )

    # -- looking ahead -----------------------------------------------------------------------

    def _extend(self) -> None:
        """Move the end of the look-ahead on by one block."""
        self._stop_row = min(self.count, self._stop_row + (self.block or self.count + 1))
        if self._stop_row < self.count:
            self.end = int(self.keys[self._stop_row])
            self._stop_label = int(np.searchsorted(self._label_keys, self.end))
        else:
            self.end, self._stop_label = self.end_key, len(self._label_keys)
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
                keys = self._label_keys if clock == "label" else self.keys
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
        label_stop = int(np.searchsorted(self._label_keys, key))
        row_stop = int(np.searchsorted(self.keys, key))
        if ahead is not None and ahead.key == key:
            if ahead.clock == "label":
                label_stop = ahead.item + 1
            else:
                row_stop = ahead.item + 1
        of_labels = [w for w in self.watchers if w.locked and w.monitor.clock == "label"]
        of_requests = [w for w in self.watchers if w.locked and w.monitor.clock == "request"]
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

    def _answer_one(self, row: int) -> None:
        """Answer one request with models that have learned all labels so far."""
        arm, routing = int(self.arm[row]), self.routing
        features = self._row_lists[self.number][row]
        score = routing.reserve
        if arm != FALLBACK:
            model = routing.champion if arm == CHAMPION else routing.challenger
            assert isinstance(model, Learner)
            score = model.predict(features)
        self.score[row] = self.answer[row] = score
        if score - score != 0.0:
            self.arm[row], self.score[row], self.answer[row] = ERROR, 0.0, 0.0
        for watcher in self.watchers:
            if watcher.monitor.clock == "request":
                watcher.read_one(self._requests_seen(slice(row, row + 1)), row)

    def _learn_one(self, item: int) -> None:
        """Let every model in service learn a label that has just arrived."""
        labels = self.labels
        page, row = int(labels["page"][item]), int(labels["row"][item])
        if page == self.number:
            labels["answer"][item] = self.answer[row]
            labels["score"][item] = self.score[row]
            labels["arm"][item] = self.arm[row]
        known = self._row_lists.get(page)
        if known is None:
            features = self.source.page(page, self.repaired_us).wire.x[row].tolist()
        else:
            features = known[row]
        label = float(labels["label"][item])
        for model in self._learners:
            model.learn(features, label)
        for watcher in self.watchers:
            if watcher.monitor.clock == "label":
                one = slice(item, item + 1)
                self._judge_labels(one)
                watcher.read_one(self._labels_seen(one), item)

    # -- the present -------------------------------------------------------------------------

    def settle(self, key: int) -> None:
        """The present is moment *key*: what comes before it is served and has arrived."""
        self.row = max(self.row, int(self.keys.searchsorted(key)))
        self.seen = max(self.seen, int(self._label_keys.searchsorted(key)))

    def deliver(self, sighting: Sighting) -> list[tuple[Watcher, float, int]]:
        """The present is the alarm *sighting*: return who raised it, its value and evidence."""
        self.settle(sighting.key)
        if sighting.clock == "label":
            self.seen = max(self.seen, sighting.item + 1)
            evidence_us = int(self.labels["served"][sighting.item])
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
        if page.number < 0:
            return np.ones(len(page), dtype=bool)
        mask: NDArray[np.bool_] = page.due < key
        first = int(self._label_keys.searchsorted(key))
        for label in self.labels[first : self.seen]:  # at this very instant, up to the alarm
            if label["page"] == number:
                mask[label["row"]] = True
        return mask

    def rows(self, start: int, stop: int) -> Iterator[tuple[list[int], list[int], list[float]]]:
        """Return what was observed in each of the ticks *start* to *stop*, which are over."""
        account = self.timeline
        for tick in range(start, min(stop, self.first_tick)):
            yield (
                account.count[tick].tolist(),
                account.labels[tick].tolist(),
                account.label_loss[tick].tolist(),
            )
        if stop > self.first_tick:
            here = self._page_rows()
            for tick in range(max(start, self.first_tick), stop):
                yield here[tick - self.first_tick]

    def _page_rows(self) -> list[tuple[list[int], list[int], list[float]]]:
        if self._rows is None:
            ticks = slice(self.first_tick, self.first_tick + self.ticks)
            count, labels = self.timeline.count[ticks].copy(), self.timeline.labels[ticks].copy()
            label_loss = self.timeline.label_loss[ticks].copy()
            kernels.tally_labels(
                self._request_bounds, self.arm, self.loss, count, np.zeros(count.shape)
            )
            self._tally_labels(self._label_bounds, labels, label_loss)
            lists = (count.tolist(), labels.tolist(), label_loss.tolist())
            self._rows = list(zip(*lists, strict=True))
        return self._rows

    # -- closing -----------------------------------------------------------------------------

    def close(self) -> None:
        """Write the page, as far as it was served, into the accounts; hand its labels on."""
        row, seen = self.row, self.seen
        ticks = slice(self.first_tick, self.first_tick + self.ticks)
        account = self.timeline
        if self.stepwise:
            self.loss[:row] = self._true_loss(slice(0, row))
            self._judge_labels(slice(0, seen))
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
        if self.outcomes is not None:
            self.outcomes.append(
                (self.page.served_us[:row], self.arm[:row].copy(), self.loss[:row].copy())
            )
        self._requests_before += row
        self._labels_before += seen
        self.fates["arrived"] += seen
        self._hand_on(row, seen)
        self.row = self.seen = 0

    def _tally_labels(
        self, bounds: NDArray[np.int64], count: NDArray[np.int64], loss: Floats
    ) -> None:
        arm = np.ascontiguousarray(self.labels["arm"])
        kernels.tally_labels(bounds, arm, np.ascontiguousarray(self.labels["loss"]), count, loss)

    def _hand_on(self, row: int, seen: int) -> None:
        """Put the labels of this page that come later into the calendar, with their answers."""
        due = self.page.due[:row]
        self.fates["never"] += int((due == NEVER).sum())
        late = due != NEVER
        late &= due >= self.end_key
        beyond = late & (due >= moment(self.horizon_us, Phase.WORLD))
        self.fates["pending"] += int(beyond.sum())
        rows = np.flatnonzero(late & ~beyond)
        if not len(rows):
            return
        labels = self._blank(rows)
        labels["answer"] = self.answer[rows]
        labels["score"] = self.score[rows]
        labels["arm"] = self.arm[rows]
        labels["loss"] = self._seen_loss(labels["answer"], labels["label"], labels["arm"])
        span_us = self.source.grid.span_us
        pages = labels["key"] // (span_us * 8)
        if self.source.batch_us:
            pages -= labels["key"] - pages * span_us * 8 < int(Phase.LATE)
        if not self.source.labels.in_order:
            order = np.argsort(pages, kind="stable")
            labels, pages = labels[order], pages[order]
        starts = np.flatnonzero(np.diff(pages, prepend=pages[0] - 1))
        for start, stop in zip(starts, [*starts[1:], len(pages)], strict=True):
            self._calendar.setdefault(int(pages[start]), []).append(labels[start:stop].copy())

    def abandon(self) -> None:
        """The run ends early: labels that have not arrived are still on their way."""
        own = self.labels[self.seen :]
        here = (own["page"] == self.number) & (own["row"] < self.row)
        self.fates["pending"] += int(here.sum() + (own["page"] != self.number).sum())
        self.close()
        waiting = (len(part) for parts in self._calendar.values() for part in parts)
        self.fates["pending"] += sum(waiting)
