"""Record by record: the way of models that learn every label and detectors that only update."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, nan
from typing import TYPE_CHECKING

from sim.arrivals import sealed
from sim.artifacts import Learner
from sim.brakes import CRASH, Brake
from sim.monitoring import LabelsSeen
from sim.routing import SHADOW_SEAT
from sim.sights import requests_seen
from sim.timeline import CHAMPION, ERROR, FALLBACK

if TYPE_CHECKING:
    from sim.arrivals import Arrivals
    from sim.brakes import Brakes
    from sim.loops import Effects
    from sim.routing import Routing
    from sim.sheet import Sheet
    from sim.source import Source
    from sim.watchers import Watcher


@dataclass(frozen=True)
class Sighting:
    """The next alarm ahead: at which moment, on which clock, raised by which item."""

    key: int
    clock: str
    item: int


class Lockstep:
    """Goes through a page item by item, as far as moment *followed*.

    With *stepwise* models it answers and learns on the way; otherwise it only feeds detectors
    that are locked. *active*: whether there is anybody to go item by item for.
    """

    def __init__(
        self,
        source: Source,
        effects: Effects,
        watchers: list[Watcher],
        label_fields: tuple[str, ...],
        brakes: Brakes,
        *,
        stepwise: bool,
    ) -> None:
        self._source, self._effects, self._fields = source, effects, label_fields
        self.stepwise = stepwise
        self._brakes, self._broken = brakes, set[int]()
        self.brake: Brake | None = None
        """where a version has just failed for the third time in a row"""
        self.active = stepwise or any(w.locked for w in watchers)
        self._label_watchers = [w for w in watchers if w.monitor.clock == "label"]
        self._request_watchers = [w for w in watchers if w.monitor.clock == "request"]
        self._row_lists: dict[int, list[list[float]]] = {}
        self.followed = self.row = self._label = 0

    def open(self, sheet: Sheet, labels: Arrivals) -> None:
        """Begin a page."""
        self._sheet, self._number = sheet, sheet.page.number
        self.followed = sheet.start_key
        self._label = self.row = 0
        if self.active:
            self._keys = sheet.keys.tolist()
        self.line_up(labels)
        if self.stepwise:
            page, row = labels.origins()
            self._label_list = labels.get("label").tolist()
            self._origins = list(zip(page.tolist(), row.tolist(), strict=True))
            for old in [n for n in self._row_lists if n < self._number - 1]:
                del self._row_lists[old]

    def line_up(self, labels: Arrivals) -> None:
        """Take the *labels* of the page, which may have been lined up anew."""
        self._labels = labels
        if self.active:
            self._label_keys = labels.keys.tolist()

    def route(self, rows: slice, routing: Routing) -> None:
        """Answer the rest of the page, *rows*, with the models of *routing* when their turn comes.

        Only the arms are decided ahead.
        """
        self._routing = routing
        serving = (routing.champion, routing.challenger, routing.shadow)
        self._learners = [model for model in serving if isinstance(model, Learner)]
        self._sheet.choose(rows, routing)
        self._sheet.shade(rows, routing)
        self._row_lists[self._number] = self._sheet.wire(routing).x.tolist()

    def follow(self, key: int, ahead: Sighting | None) -> None:
        """Go item by item to moment *key*, or to the alarm *ahead*, or to one that is found."""
        if ahead is not None and ahead.key < key:
            key = ahead.key
        label_stop = int(self._labels.keys.searchsorted(key))
        row_stop = int(self._sheet.keys.searchsorted(key))
        if ahead is not None and ahead.key == key:
            if ahead.clock == "label":
                label_stop = ahead.item + 1
            else:
                row_stop = ahead.item + 1
        of_labels = [w for w in self._label_watchers if w.locked]
        of_requests = [w for w in self._request_watchers if w.locked]
        label, row = self._label, self.row
        label_keys, keys = self._label_keys, self._keys
        stepwise = self.stepwise
        while label < label_stop or row < row_stop:
            if row >= row_stop or (label < label_stop and label_keys[label] < keys[row]):
                if stepwise:
                    self._learn_one(label)
                alarms = [watcher.feed(label) for watcher in of_labels]
                at = label_keys[label]
                label += 1
            else:
                at = keys[row]
                if stepwise:
                    self._answer_one(row)
                alarms = [watcher.feed(row) for watcher in of_requests]
                row += 1
            if self.brake is not None or (alarms and any(alarms)):
                key = at
                break
        self._label, self.row, self.followed = label, row, key

    def _answer_one(self, row: int) -> None:
        """Answer one request with models that have learned all labels so far."""
        sheet, routing = self._sheet, self._routing
        arm = int(sheet.arm[row])
        features = self._row_lists[self._number][row]
        score = routing.reserve
        if arm == ERROR:
            score = 0.0
        elif arm != FALLBACK:
            score = self._ask(arm, row, features)
            if score - score != 0.0:  # neither NaN nor infinite is an answer
                sheet.arm[row], score = ERROR, 0.0
        sheet.score[row] = sheet.answer[row] = score
        if sheet.shadow is not None and isinstance(routing.shadow, Learner):
            sheet.shadow[row] = self._ask(SHADOW_SEAT, row, features)
        if self._request_watchers and sheet.rules.vitals:
            sheet.judge(slice(row, row + 1))
        for watcher in self._request_watchers:
            watcher.read_one(requests_seen(sheet, slice(row, row + 1)), row, self._keys[row])

    def _ask(self, seat: int, row: int, features: list[float]) -> float:
        """Ask whoever sits in *seat*; NaN if its code fails, which is counted."""
        routing = self._routing
        model, crashes = routing.seated(seat), routing.crashes[seat]
        assert isinstance(model, Learner)
        if seat == CHAMPION and routing.kept is None and not crashes:
            return model.predict(features)
        score = nan
        if not (crashes and self._sheet.coin(row) < crashes) and id(model) not in self._broken:
            try:
                score = model.predict(features)
            except Exception:
                if seat == CHAMPION and routing.kept is None:
                    raise
        failed = score - score != 0.0
        if self._brakes.count(seat, failed=failed) and self._back(seat, row, features):
            self.brake = Brake(self._keys[row], row, CRASH, seat)
        return score

    def _back(self, seat: int, row: int, features: list[float]) -> bool:
        """Say whether somebody else would have answered, where a champion fails."""
        if seat != CHAMPION:
            return True
        kept = self._routing.kept
        if not isinstance(kept, Learner) or self._sheet.coin(row) < self._routing.crashes[3]:
            return False
        try:
            return isfinite(kept.predict(features))
        except Exception:
            return False

    def _learn_one(self, item: int) -> None:
        """Let every model in service learn a label that has just arrived."""
        page, row = self._origins[item]
        label = self._label_list[item]
        known = self._row_lists.get(page)
        if known is None:
            features = self._source.page(page, *self._effects).wire.x[row].tolist()
        else:
            features = known[row]
        for model in self._learners:
            try:
                model.learn(features, label)
            except Exception:
                if model is self._routing.champion and self._routing.kept is None:
                    raise
                self._broken.add(id(model))
        if self._label_watchers:
            seen = self._label_seen(item)
            for watcher in self._label_watchers:
                watcher.read_one(seen, item, self._label_keys[item])

    def _label_seen(self, item: int) -> LabelsSeen:
        """Return one label with the answer that it judges, which may have just been given."""
        page, row = self._origins[item]
        of_page, place = page == self._number, slice(row, row + 1)
        if of_page:
            self._sheet.judge(place)
        fields = (
            self._sheet.fields[name][place] if of_page else self._labels.get(name)[item : item + 1]
            for name in self._fields
        )
        return LabelsSeen(*map(sealed, fields))
