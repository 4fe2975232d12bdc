"""The answer sheet of one page: what every record is answered, by whom, and what that costs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import kernels
from sim.artifacts import Answers, Sure
from sim.asked import Asked, sooner
from sim.clock import Phase, moment
from sim.routing import SHADOW_SEAT
from sim.selection import Given
from sim.timeline import ARMS, CHALLENGER, CHAMPION, ERROR, FALLBACK
from sim.users import VITALS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.artifacts import Model
    from sim.queueing import Queue
    from sim.routing import Routing
    from sim.rules import Rules
    from sim.selection import Selection
    from sim.source import Page, Source
    from sim.wire import Wire

    Floats = NDArray[np.float64]
    Rows = slice


class Sheet:
    """Answers to one page (arrays of shape n), foreseen under a routing until they are served.

    *count* records are served before the horizon, at moments *keys*. Records of the k-th tick
    from *first_tick* are those from request_bounds[k] to request_bounds[k + 1]. *free_us* is when
    the server is free to answer the first of them.
    """

    def __init__(self, source: Source, page: Page, rules: Rules, free_us: int = 0) -> None:
        self._source, self.rules = source, rules
        count = len(page)
        self.score, self.answer, self.loss = np.zeros(count), np.zeros(count), np.zeros(count)
        self.arm = np.zeros(count, dtype=np.int8)
        self.seen_loss = self.loss if page.label is page.truth.y else np.zeros(count)
        self.shadow: Floats | None = None
        self._asked: NDArray[np.int8] | None = None
        """which arm's code was asked, while some gave no answer; None: each arm's, as in arm"""
        self._failed = np.zeros(0, dtype=np.bool_)
        """where the code that was asked gave no answer"""
        self._crash_coins: Floats | None = None
        self.given: Floats | None = None
        """which arm of a rollout each record was given to, NaN where there is none"""
        self.fields: dict[str, NDArray[Any]] = {
            "key": page.due,
            "served_us": page.served_us,
            "label": page.label,
            "answer": self.answer,
            "score": self.score,
            "loss": self.seen_loss,
            "arm": self.arm,
        }
        if page.truth.segment is not None:
            self.fields["segment"] = page.truth.segment
        if page.archive.corrected_us is not None:
            self.fields["corrected_us"] = page.archive.corrected_us
        self.signals = np.full((count, rules.signals), np.nan)
        if rules.signals:
            self.fields["signals"] = self.signals
        self.chance = np.full(count if rules.chances else 0, np.nan, dtype=np.float32)
        """the chance of outcome 1 that each answer stands for, NaN where it stands for none"""
        self.vitals = np.zeros((count, len(rules.vitals)))
        self._free_us = np.full(count if rules.queue is not None else 0, free_us)
        self._free_at_first = free_us
        self._predictions: dict[tuple[int, tuple[str, ...]], Answers] = {}
        self._apart: dict[tuple[str, ...], Page] = {}
        self.page = page
        self.due = page.due
        self._measure()

    def _measure(self) -> None:
        page, source, rules = self.page, self._source, self.rules
        start_us, end_us = source.grid.bounds_us(page.number)
        boundary = Phase.LATE if source.batch_us else Phase.WORLD
        self.start_key, self.end_key = moment(start_us, boundary), moment(end_us, boundary)
        self.count = len(page)
        if end_us >= rules.horizon_us:
            self.count = int(page.served_us.searchsorted(rules.horizon_us))
            self.end_key = min(self.end_key, moment(rules.horizon_us, Phase.WORLD))
        self.span_us = start_us, min(end_us, rules.horizon_us)
        self.keys = page.served_us[: self.count] * 8 + int(Phase.REQUESTS)
        tick_us = rules.tick_us
        self.first_tick = start_us // tick_us
        last_us = min(end_us, rules.horizon_us) + (tick_us if source.batch_us else 0)
        self.ticks = min(-(-last_us // tick_us), rules.horizon_us // tick_us) - self.first_tick
        self.tick_ends_us = (self.first_tick + np.arange(1, self.ticks + 1)) * tick_us
        self.request_bounds = _bounds(page.served_us[: self.count], self.tick_ends_us)
        self.whole_ticks = end_us % tick_us == 0
        self.received_bounds = self.request_bounds
        if source.batch_us:
            # what a batch answers later was received, and can be looked at, as it came
            until_us = min(end_us, rules.horizon_us)
            ends_us = np.arange(self.first_tick + 1, -(-until_us // tick_us) + 1) * tick_us
            self.received_bounds = _bounds(page.truth.times_us, np.minimum(ends_us, until_us))

    @property
    def passed_us(self) -> NDArray[np.int64]:
        """How much of each of its ticks the page covers (shape ticks)."""
        start_us, end_us = self.span_us
        ends_us = np.minimum(self.tick_ends_us, end_us)
        starts_us = np.maximum(self.tick_ends_us - self.rules.tick_us, start_us)
        return np.asarray(np.maximum(ends_us - starts_us, 0))

    def rewire(self, page: Page) -> None:
        """The rest of the page arrives differently from now on."""
        self.page, self._predictions, self._apart = page, {}, {}

    def reveal(self, selection: Selection, state: int) -> int:
        """Let the answers decide when labels come; return what the next page has to know."""
        page = self.page
        given = Given(page.number, page.due, self.answer, self.score, self.arm, page.label)
        luck, calendar = self._source.luck, self.rules.calendar
        revealed = selection.reveal(luck, given, calendar, state)
        self.due = self.fields["key"] = revealed.due
        if revealed.review is not None:
            self.fields["review"] = revealed.review
        return revealed.state

    def hasten(self, asked: list[Asked], *, afresh: bool) -> None:
        """Let labels that people were asked for come sooner than they do otherwise."""
        page = self.page
        base = page.due if afresh else self.due
        due = sooner(base, asked, self._source.luck, page.number, page.served_us)
        self.due = self.fields["key"] = due

    def picked(self, asked: Asked, rows: int) -> int:
        """Return how many of the first *rows* records were picked to be labelled."""
        page = self.page
        picks = asked.picks(self._source.luck, page.number, page.served_us[:rows])
        return int(np.count_nonzero(picks))

    def choose(self, rows: Rows, routing: Routing) -> None:
        """Decide which arm each record meets."""
        arm = self.arm[rows]
        arm[:] = FALLBACK if routing.fallback else CHAMPION
        tried = self._give(rows, routing)
        if tried is not None and routing.challenger is not None:
            arm[tried == CHALLENGER] = CHALLENGER
        if self.rules.strict:
            broken = self.wire(routing).broken
            if broken is not None:
                arm[broken[rows]] = FALLBACK
        if self.page.lost is not None:
            np.maximum(arm, self.page.lost[rows], out=arm)
        if self.rules.queue is not None:
            self._line_up(rows, self.rules.queue)

    def _give(self, rows: Rows, routing: Routing) -> Floats | None:
        """Give the records to the arms of a rollout, if there is one: who is outside gets NaN."""
        page = self.page
        tried = routing.challenger is not None or routing.shadow is not None
        if self.given is None:
            if not tried:
                return None
            self.given = self.fields["given"] = np.full(len(page), np.nan)
            self.fields["who"] = self._source.users(page)
        given = self.given[rows]
        given[:] = np.nan
        if not tried or routing.fallback:
            return None
        given[:] = CHAMPION
        if routing.challenger is not None:
            met = self._source.assigned(page, routing.release, routing.share)[rows]
            given[met] = CHALLENGER
            if routing.segments and page.truth.segment is not None:
                given[~np.isin(page.truth.segment[rows], routing.segments)] = np.nan
        return given

    def _line_up(self, rows: Rows, queue: Queue) -> None:
        """Let the records wait for the server; who waits too long gets the fallback."""
        page, first = self.page, rows.start or 0
        free = self._free_us[first - 1] if first else self._free_at_first
        latency = np.zeros(len(self.arm[rows]))
        work_us = queue.work_us(self._source.luck, page.number, len(page))
        if page.slow is not None:
            work_us = np.maximum(work_us * page.slow, 1.0).astype(np.int64)
        kernels.line(
            page.served_us[rows],
            work_us[rows],
            int(free),
            queue.patience_us,
            FALLBACK,
            self.arm[rows],
            latency,
            self._free_us[rows],
        )
        self.vitals[rows, 0] = latency

    def free_us(self, row: int) -> int:
        """Return when the server is free after the first *row* records."""
        return int(self._free_us[row - 1]) if row and len(self._free_us) else self._free_at_first

    def fill(self, rows: Rows, routing: Routing) -> None:
        """Pick each record's answer among those that the versions gave for the whole page."""
        self.choose(rows, routing)
        arm, score, answer = self.arm[rows], self.score[rows], self.answer[rows]
        ask = self._predict if routing.kept is None else self._attempt
        given = ask(routing.champion, routing)
        score[:], answer[:] = given.score[rows], given.answer[rows]
        signals = self.signals[rows]
        if self.rules.signals:
            signals[:] = np.nan if given.signals is None else given.signals[rows]
        if routing.challenger is not None:
            met = arm == CHALLENGER
            given = self._attempt(routing.challenger, routing)
            score[met], answer[met] = given.score[rows][met], given.answer[rows][met]
            signals[met] = np.nan if given.signals is None else given.signals[rows][met]
        self._crash(rows, routing)
        whole = kernels.all_answered(score, answer, arm)
        if not whole or self._asked is not None:
            self._note_failures(rows)
        if not whole:
            self._without_answer(rows, routing)
        if self.rules.chances:
            self._say_how_sure(rows, routing)
        self.judge(rows)
        if self.shade(rows, routing) and routing.shadow is not None:
            assert self.shadow is not None
            self.shadow[rows] = self._attempt(routing.shadow, routing).answer[rows]
            if routing.crashes[2]:
                self.shadow[rows][self._coins(rows) < routing.crashes[2]] = np.nan

    def _without_answer(self, rows: Rows, routing: Routing) -> None:
        """Let requests that got no answer of a version be errors, or meet the fallback."""
        arm, score, answer = self.arm[rows], self.score[rows], self.answer[rows]
        signals = self.signals[rows]
        broken = ~np.isfinite(score + answer) | (arm == ERROR)
        arm[broken & (arm != FALLBACK)] = ERROR
        answer[broken] = score[broken] = 0.0
        signals[broken] = np.nan
        reserve = arm == FALLBACK
        score[reserve] = answer[reserve] = routing.reserve
        signals[reserve] = np.nan

    def _say_how_sure(self, rows: Rows, routing: Routing) -> None:
        """Write down what chances the answers of *rows* stand for."""
        chance, score, arm = self.chance[rows], self.score[rows], self.arm[rows]
        chance[:] = _chances(routing.champion, score)
        if routing.challenger is not None:
            met = arm == CHALLENGER
            chance[met] = _chances(routing.challenger, score[met])
        chance[(arm == FALLBACK) | (arm == ERROR)] = np.nan

    def _crash(self, rows: Rows, routing: Routing) -> None:
        """Let code fail that does."""
        score, arm = self.score[rows], self.arm[rows]
        for which, share in ((CHAMPION, routing.crashes[0]), (CHALLENGER, routing.crashes[1])):
            if share:
                score[(arm == which) & (self._coins(rows) < share)] = np.nan

    def _note_failures(self, rows: Rows) -> None:
        """Keep in mind whose code gave no answer where."""
        score, arm = self.score[rows], self.arm[rows]
        lacks = ~np.isfinite(score + self.answer[rows]) & (arm <= CHALLENGER)
        if self._asked is None and lacks.any():
            self._asked, self._failed = self.arm.copy(), np.zeros(len(self.arm), dtype=np.bool_)
        if self._asked is not None:
            self._asked[rows], self._failed[rows] = arm, lacks

    def _coins(self, rows: Rows) -> Floats:
        """Return a number from 0 to 1 for each of *rows*: where it is low, bad code fails."""
        if self._crash_coins is None:
            luck = self._source.luck.page("crash", self.page.number)
            self._crash_coins = luck.random(len(self.page))
        return self._crash_coins[rows]

    def coin(self, row: int) -> float:
        """Return the number of one request."""
        return float(self._coins(slice(row, row + 1))[0])

    @property
    def asked(self) -> NDArray[np.int8]:
        """Which arm each request was given to, whether its code then answered or failed."""
        return self.arm if self._asked is None else self._asked

    def tries(self, seat: int, row: int) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        """Return the requests from *row* on that a seat was asked, and which it did not answer."""
        if seat == SHADOW_SEAT:
            assert self.shadow is not None
            asked = np.arange(row, self.count)
            return asked, np.isnan(self.shadow[asked])
        arm = self.asked
        asked = np.flatnonzero(arm[row : self.count] == seat) + row
        none = np.zeros(len(asked), dtype=np.bool_)
        return asked, none if self._asked is None else self._failed[asked]

    def would_answer(self, routing: Routing, row: int) -> bool:
        """Say whether the champion before this one would have answered a request."""
        assert routing.kept is not None
        if self.coin(row) < routing.crashes[3]:
            return False
        given = self._attempt(routing.kept, routing)
        return bool(np.isfinite(given.score[row] + given.answer[row]))

    def shade(self, rows: Rows, routing: Routing) -> bool:
        """Make room for what a shadow answers; say whether there is a shadow."""
        if routing.shadow is not None and self.shadow is None:
            self.shadow = self.fields["shadow"] = np.full(len(self.page), np.nan)
        if self.shadow is not None:
            self.shadow[rows] = np.nan
        return routing.shadow is not None

    def groups(self) -> NDArray[np.int8] | None:
        """Return segment and arm of each record in one number, None if there are no segments."""
        segment = self.page.truth.segment
        return None if segment is None else segment * np.int8(len(ARMS)) + self.arm

    def judge(self, rows: Rows) -> None:
        """Work out the losses of *rows*, by the truth and by what labels will say."""
        page, answer, losses = self.page, self.answer[rows], self._source.losses
        errors = self.arm[rows] == ERROR
        some = errors.any()
        for loss, outcome in ((self.loss, page.truth.y), (self.seen_loss, page.label)):
            loss[rows] = losses.of(answer, outcome[rows], page.served_us[rows])
            if some:
                loss[rows][errors] = self.rules.no_answer_loss
            if self.seen_loss is self.loss:
                break
        users = self.rules.users
        if users is not None:
            first = len(self.rules.vitals) - len(VITALS)
            reacted = users.react(self._source.luck, page.number, self.loss, rows)
            self.vitals[rows, first:] = reacted

    def would_lose(self, model: Model, routing: Routing, crashes: float = 0.0) -> Floats:
        """Return what each record would cost if *model* had answered it.

        Its code fails on the share *crashes* of them.
        """
        given, page = self._attempt(model, routing), self.page
        loss = self._source.losses.of(given.answer, page.truth.y, page.served_us)
        silent = ~np.isfinite(given.score + given.answer)
        if crashes:
            silent |= self._coins(slice(None)) < crashes
        return np.where(silent, self.rules.no_answer_loss, loss)

    def reserve_loss(self, routing: Routing) -> Floats:
        """Return what each record would cost if it got no answer of a version."""
        page = self.page
        reserve = np.full(len(page), routing.reserve)
        loss = self._source.losses.of(reserve, page.truth.y, page.served_us)
        return np.where(self.arm == ERROR, self.rules.no_answer_loss, loss)

    def wire(self, routing: Routing) -> Wire:
        """Return what versions are given: the page's wire without what is in quarantine."""
        return self._page(routing.quarantined).wire

    def _page(self, quarantined: tuple[str, ...]) -> Page:
        if not quarantined:
            return self.page
        page = self._apart.get(quarantined)
        if page is None:
            page = replace(self.page, wire=self.page.wire.without(quarantined))
            self._apart[quarantined] = page
        return page

    def _attempt(self, model: Model, routing: Routing) -> Answers:
        """Let a version answer that can be withdrawn: if its code raises, it gives no answer."""
        try:
            return self._predict(model, routing)
        except Exception:
            nothing = np.full(len(self.page), np.nan)
            return Answers(nothing, nothing)

    def _predict(self, model: Model, routing: Routing) -> Answers:
        """Answer the whole page, once: the same rows in another block differ in the last bits."""
        key = id(model), routing.quarantined
        known = self._predictions.get(key)
        if known is None:
            known = self._predictions[key] = model.answers(self._page(routing.quarantined))
        return known


def _chances(model: Model, score: Floats) -> Floats:
    """Return the chances that a model's scores stand for, NaN where they stand for none."""
    found = model.chance(score) if isinstance(model, Sure) else None
    return np.full(len(score), np.nan) if found is None else found


def _bounds(times_us: NDArray[np.int64], ends_us: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where each tick begins among records, and where the last one ends."""
    bounds = np.zeros(len(ends_us) + 1, dtype=np.int64)
    bounds[1:] = times_us.searchsorted(ends_us)
    return bounds
