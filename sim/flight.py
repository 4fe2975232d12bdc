"""The page that is being answered: answers ahead, commits behind.

Every version answers a whole page once; routing picks among these answers record by record.
Monitors scan ahead over values that are foreseen under today's routing. When routing changes,
what lies after the change is foreseen anew and monitors that had read further are taken back.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.accounts import Packed
from sim.brakes import Brakes
from sim.epochs import Epochs
from sim.label_count import LabelCount
from sim.lockstep import Lockstep, Sighting
from sim.lookout import Lookout
from sim.loops import Effects
from sim.post import Post
from sim.sheet import Sheet
from sim.sights import LABEL_FIELDS, desk_seen, labels_seen, ticks_seen
from sim.trials import Trials
from sim.watchers import TickWatcher, Watcher
from sim.witness import Witness

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from sim.accounts import Accounts
    from sim.brakes import Brake
    from sim.findings import Log
    from sim.monitoring import Baseline, DeskSeen, LabelsSeen
    from sim.routing import Routing
    from sim.rules import Rules
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
        self._lookout, self.tick_watchers = Lookout(watchers), tick_watchers
        self.block = block
        self.effects = Effects({}, {})
        self.baseline: Baseline | None = None
        self.trials = Trials()
        self.post = Post(source)
        segmented = source.stream.segments is not None
        self._label_fields = (*LABEL_FIELDS, "segment") if segmented else LABEL_FIELDS
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
        self.labelled = LabelCount(accounts.timeline.tick_us)
        self._witness = Witness(source.losses, accounts.timeline.told)
        self.number = -1

    # -- the page ----------------------------------------------------------------------------

    def open(self, number: int, routing: Routing) -> None:
        """Take up page *number*."""
        self.number = number
        page = self.source.page(number, *self.effects)
        self.sheet = Sheet(self.source, page, self.rules, self._free_us)
        self._row_keys = memoryview(self.sheet.keys)  # type: ignore[arg-type]
        self.post.open(self.sheet)
        self._take_in()
        self.row = self.seen = 0
        self._lookout.open()
        self._stop_row = self._stop_label = 0
        self._extend()
        self._steps.open(self.sheet, self.labels)
        self.route(routing)
        self._show(0, lambda watcher, seen, whole: watcher.add(seen, whole=whole))

    def _take_in(self) -> None:
        """The labels that arrive during this page have been lined up."""
        self.labels = self.post.labels
        self._label_keys = memoryview(self.labels.keys)  # type: ignore[arg-type]

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
        self._lookout.read(self.sheet, self.labels, self._labels_seen)
        self._lookout.rewind(self.row, self.seen)
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
        self._rows: Packed | None = None
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
        if not self.post.reveal():
            return
        self._take_in()
        if self._stop_row < self.sheet.count:
            self._stop_label = int(self.labels.keys.searchsorted(self.end))
        else:
            self._stop_label = len(self.labels)
        self._steps.line_up(self.labels)

    def _labels_seen(self) -> LabelsSeen:
        return labels_seen(self.labels, self._label_fields, self.accounts.timeline.signals)

    def _desk_seen(self, skip: int) -> DeskSeen:
        assert self.baseline is not None
        return desk_seen(
            self.sheet,
            self._labels_seen(),
            self.post.bounds,
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
        self._lookout.look(self._stop_row, self._stop_label)
        self._scanned = True
        ahead = self._lookout.next_alarm(self.sheet, self.labels)
        if steps.active:
            steps.follow(min(key, self.end), ahead)
            if steps.stepwise:
                self._rows = self._foreseen = None
                self.brake, steps.brake = steps.brake or self.brake, None
            ahead = self._lookout.next_alarm(self.sheet, self.labels)
        return ahead

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
        self._scanned = False
        return self._lookout.raised(sighting, served_us)

    def count_labelled(self) -> None:
        """Go on to count the requests whose labels have come by now."""
        self.labelled.take(self.labels.get, self.seen)

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
        mask = self.post.due_by(number, page, key)
        pages, rows = self.tied(key)
        mask[rows[pages == number]] = True
        return mask

    def tied(self, key: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return page and row of the labels that came at this very instant, up to the alarm."""
        return self.post.between(int(self.labels.keys.searchsorted(key)), self.seen)

    def rows(self, start: int, stop: int) -> list[Row]:
        """Return what was observed in each of the ticks *start* to *stop*, which are over."""
        first = self.sheet.first_tick
        if start < first:
            before = self.accounts.entered(start, min(stop, first))
            return before + (self.rows(first, stop) if stop > first else [])
        if self._rows is None:
            self._catch_up()
            self._rows = Packed(self._ahead())
        return self._rows.rows(start - first, stop - first)

    def _ahead(self) -> dict[str, NDArray[Any]]:
        """Return what will have been observed in each tick of the page."""
        if self._foreseen is None:
            self._foreseen = self.accounts.foreseen(self.sheet, self.labels, self.post.bounds)
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
        if not self.post.in_order:
            self._lookout.turn(self.labels, self.seen)
        self.accounts.close(self.sheet, self.labels, self.post.bounds, self.row, self.seen)
        self.labelled.turn(self.labels.get, self.seen)
        self._witness.look(self.sheet, self.labels, self.row, self.seen)
        self._witness.turn()
        self._brakes.turn(self.sheet, self.row)
        self.post.hand_on(self.row, self.accounts.fates, self.rules.horizon_us)
        self._free_us = self.sheet.free_us(self.row)
        self._epochs.close(self.sheet, self.row)
        over = self.trials.close(self.sheet, self.row, self.routing)
        self.row = self.seen = 0
        return over

    def abandon(self) -> list[Trial]:
        """The run ends early: labels that have not arrived are still on their way."""
        pages, rows = self.post.between(self.seen, len(self.labels))
        fates = self.accounts.fates
        fates["pending"] += int(((pages != self.number) | (rows < self.row)).sum())
        over = self.close()
        fates["pending"] += len(self.post)
        return over


def _reached(keys: Sequence[int], key: int, at: int) -> int:
    """Return how many of *keys* come before *key*, given that the first *at* of them do.

    As a rule few more do, often none or one: looking nearby first costs a third of a search
    through all.
    """
    count = len(keys)
    for _ in range(2):
        if at >= count or keys[at] >= key:
            return at
        at += 1
    near = at + NEARBY
    if near >= count or keys[near] >= key:
        return bisect_left(keys, key, at, min(near, count))
    return bisect_left(keys, key, near)
