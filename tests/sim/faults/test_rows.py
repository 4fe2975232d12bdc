"""Faults of whole records: copies, late ones and disorder."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.actions import Action, Everything, Last, Retrain
from sim.clock import HOUR_US, us
from sim.concepts import Linear
from sim.errors import Mistake
from sim.faults import AddedColumn, Duplicates, Fault, LateRows, OutOfOrder
from sim.labels import Constant, Labels
from sim.losses import ZeroOne
from sim.run import run
from sim.scenario import Launch, Scenario, Training
from sim.source import Source
from sim.storage import Snapshot, Storage
from sim.stream import Stream
from sim.traffic import Traffic
from sim.wire import LATE, OK
from strategies.detectors.above import Above

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.monitoring import Baseline, TicksSeen
    from sim.source import Page
    from sim.view import View

STREAM = Stream(concept=Linear(columns=4), traffic=Traffic(rate="200/h", arrivals="even"))


def world(*faults: Fault) -> Scenario:
    return Scenario(
        name="rows",
        stream=STREAM,
        faults=faults,
        horizon="8d",
        labels=Labels(delay=Constant(delay="2h")),
        launch=Launch(window="4d"),
        training=Training(fixed="0s", holdout=0.2),
    )


def source(scenario: Scenario) -> Source:
    return Source(
        stream=scenario.stream,
        faults=scenario.faults,
        labels=scenario.labels,
        loss=ZeroOne(),
        seed=3,
        tick_us=HOUR_US,
    )


def snapshot(scenario: Scenario, at: str, window: Any = None) -> Snapshot:
    """Return what a training at *at* learns from, all labels known."""
    from sim.loops import Effects

    feed = source(scenario)
    storage = Storage(scenario, feed)

    def arrived(_: int, page: Page) -> NDArray[np.bool_]:
        return np.asarray(page.due < us(at) * 8)

    return storage.snapshot(window or Last(span="3d"), us(at), arrived, Effects({}, {}))


def known(at: str, since: str, by: str = "2h") -> tuple[Any, Any, Any]:
    """Return times, features and outcomes of all records labelled by *at*."""
    feed = source(world())
    run_ = [feed.page(n, {}) for n in range(feed.grid.page_at(us(at)) + 1)]
    times = np.concatenate([p.truth.times_us for p in run_])
    x, y = (np.concatenate([getattr(p.truth, n) for p in run_]) for n in "xy")
    rows = (times >= us(since)) & (times + us(by) < us(at))
    return times[rows], x[rows], y[rows]


def test_storage_has_a_duplicate_twice_and_a_snapshot_weighs_it_so() -> None:
    times, x, y = known("6d", "3d")
    taken = snapshot(world(Duplicates(at="5d", times=3)), "6d").examples
    often = np.where(times >= us("5d"), 3, 1)
    assert np.array_equal(taken.x, np.repeat(x, often, axis=0))
    assert np.array_equal(taken.y, np.repeat(y, often))


def test_the_last_n_records_of_storage_count_copies() -> None:
    _, x, _ = known("6d", "3d")
    taken = snapshot(world(Duplicates(at="5d")), "6d", Last(records=1001)).examples
    assert np.array_equal(taken.x, np.repeat(x[-501:], 2, axis=0)[1:])


def test_copies_of_copies_multiply() -> None:
    faults = Duplicates(at="5d", name="a"), Duplicates(at="5d", times=3, name="b")
    times, x, _ = known("6d", "3d")
    taken = snapshot(world(*faults), "6d").examples
    assert np.array_equal(taken.x, np.repeat(x, np.where(times >= us("5d"), 6, 1), axis=0))


@dataclass(frozen=True)
class Counts:
    """Counts what comes in, and what of it came before."""

    name: str = "counts"
    layer: str = "input"
    owner: str = "data"
    clock: str = "tick"
    window: int = 1
    detector: Any = None
    told: list[list[int]] = field(default_factory=list)

    def summarise(self, seen: TicksSeen) -> NDArray[np.int64]:
        again = np.zeros(len(seen.wire.x), dtype=bool)
        if seen.wire.again is not None:
            again = seen.wire.again
        total = np.diff(seen.bounds)
        places = np.concatenate([[0], np.cumsum(again)])
        counts = np.stack([total, np.diff(places[seen.bounds])], axis=1)
        self.told.extend([seen.first_tick + i, *row] for i, row in enumerate(counts.tolist()))
        return counts

    def judge(self, counts: NDArray[np.int64], baseline: Baseline) -> NDArray[np.float64]:
        return np.zeros(len(counts))

    def explain(self, counts: Any, baseline: Baseline) -> tuple[tuple[str, ...], str]:
        return (), ""


@dataclass(frozen=True)
class Calm:
    monitors: tuple[Any, ...] = ()
    heartbeat: str = "1d"
    retrain: bool = False

    def decide(self, view: View) -> list[Action]:
        return [Retrain(window=Everything())] if self.retrain else []


def test_monitors_of_what_comes_in_count_copies_and_every_request_is_answered_once() -> None:
    counts = Counts(detector=Above(limit=1.0))
    ledger = run(world(Duplicates(at="5d 12h")), Calm(monitors=(counts,)), seed=3)
    assert ledger.requests["total"] == 8 * 24 * 200
    per_tick = np.zeros((8 * 24, 2), dtype=int)
    for tick, total, again in counts.told:
        per_tick[tick] += [total, again]
    whole = np.arange(8 * 24) >= 5 * 24 + 12
    assert np.array_equal(per_tick[:, 0], np.where(whole, 400, 200))
    assert np.array_equal(per_tick[:, 1], np.where(whole, 200, 0))


def test_late_cells_are_missing_when_the_request_is_answered_and_not_in_storage() -> None:
    feed = source(world(LateRows(at="5d", by="6h", share=0.5)))
    for number in range(feed.grid.page_at(us("8d"))):
        page = feed.page(number, {})
        late = np.asarray(np.isnan(page.wire.x).any(axis=1))
        assert not late[page.truth.times_us < us("5d")].any()
        state = np.zeros(page.wire.x.shape) if page.wire.state is None else page.wire.state
        assert np.array_equal(state, np.where(late[:, None], LATE, OK) + np.zeros((1, 4)))
        assert np.array_equal(page.stored.x, page.truth.x)
    assert 0.3 < late.mean() < 0.7


def test_a_late_record_is_in_a_snapshot_from_its_coming_on() -> None:
    times, x, _ = known("6d", "3d")
    taken = snapshot(world(LateRows(at="5d", by="6h")), "6d").examples
    there = (times < us("5d")) | (times + us("6h") <= us("6d"))
    assert 0 < (~there).sum() < len(there)
    assert np.array_equal(taken.x, x[there])


def test_late_columns_leave_the_others_alone() -> None:
    page = source(world(LateRows(at="0s", columns=("x1",)))).page(2, {})
    assert np.isnan(page.wire.x[:, 1]).all()
    assert np.array_equal(page.wire.x[:, [0, 2, 3]], page.truth.x[:, [0, 2, 3]])


def test_a_late_record_brings_no_added_column_either() -> None:
    faults = AddedColumn(at="0s"), LateRows(at="0s", share=0.5)
    page = source(world(*faults)).page(2, {})
    late = np.isnan(page.wire.x).all(axis=1)
    assert np.array_equal(page.wire.added[0].rows, ~late)


@pytest.mark.parametrize("reach", ["service", "storage"])
def test_lateness_can_concern_the_service_or_storage_alone(reach: str) -> None:
    page = source(world(LateRows(at="0s", reach=reach))).page(2, {})
    assert np.isnan(page.wire.x).all() == (reach == "service")
    assert (page.stored.kept_us is None) == (reach == "service")
    assert np.array_equal(page.stored.x, page.truth.x)


def test_out_of_order_records_lie_in_storage_as_they_arrived() -> None:
    times, x, y = known("6d", "3d")
    scenario = world(OutOfOrder(at="5d", by="6h"))
    taken = snapshot(scenario, "6d").examples
    feed = source(scenario)
    run_ = [feed.page(n, {}) for n in range(feed.grid.page_at(us("6d")) + 1)]
    arrives = np.concatenate(
        [p.truth.times_us if p.stored.kept_us is None else p.stored.kept_us for p in run_]
    )
    every = np.concatenate([p.truth.times_us for p in run_])
    wait = (arrives - every)[every >= us("5d")]
    assert ((wait >= 0) & (wait <= us("6h"))).all()
    assert abs(wait.mean() - us("3h")) < 4.5 * us("6h") / np.sqrt(12 * len(wait))
    arrives = arrives[np.isin(every, times)]
    order = np.argsort(arrives, kind="stable")
    order = order[arrives[order] <= us("6d")]
    assert np.array_equal(taken.x, x[order])
    assert np.array_equal(taken.y, y[order])
    assert not np.array_equal(order, np.sort(order))


def test_nothing_of_all_this_changes_what_is_served() -> None:
    calm = run(world(), Calm(), seed=3)
    for fault in (OutOfOrder(at="2d"), Duplicates(at="2d"), LateRows(at="2d", reach="storage")):
        ledger = run(world(fault), Calm(), seed=3)
        assert np.array_equal(ledger.timeline.loss, calm.timeline.loss)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Duplicates(at="1d", times=1), "duplicates.times is 1"),
        (lambda: Duplicates(at="1d", columns=("x0",)), "duplicates.columns is ('x0',)"),
        (lambda: LateRows(at="1d", by="0s"), "late rows.by is '0s'"),
        (lambda: OutOfOrder(at="1d", reach="both"), "out-of-order rows.reach is 'both'"),
        (lambda: OutOfOrder(at="1d", columns=("x0",)), "out-of-order rows.columns"),
    ],
)
def test_what_cannot_happen_to_records_is_refused(make: Any, words: str) -> None:
    with pytest.raises(Mistake) as refusal:
        make()
    assert str(refusal.value).startswith(words)
