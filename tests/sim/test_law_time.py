"""Law 4, time is honest: labelled, then trained, then deployed, then serving."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.actions import Action, Last, Promote, Retrain
from sim.clock import us
from sim.drift import ConceptDrift
from sim.facts import Acted, Alarm, Built, Routed, TrainingBegun, TrainingFailed
from sim.faults import Drop
from sim.labels import Constant, LogNormal
from sim.monitoring import TicksSeen
from sim.run import run
from sim.scenario import Service, Training
from sim.setting import source_of
from sim.storage import Snapshot, Storage
from strategies.detectors.above import Above
from strategies.monitors import Contract
from tests.sim.laws.operators import Restless, Silent, Tally, ticking, watch, watch_of
from tests.sim.laws.worlds import EVEN, POISSON, deep, pages_of, quick, scenarios, turned, world

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from sim.ledger import Ledger
    from sim.scenario import Scenario
    from sim.view import View


def check_order(scenario: Scenario, ledger: Ledger) -> None:
    """Check that every version went its way in order, and took its time."""
    fixed_us = us(scenario.training.fixed)
    service = scenario.service
    quickest_us = min(us(service.deploy), us(service.rollback), us(service.flag))
    begun = {fact.job: fact for fact in ledger.of(TrainingBegun)}
    ended: list[Any] = [*ledger.of(TrainingFailed), *(b for b in ledger.of(Built) if b.job)]
    for fact in ended:
        job = begun[fact.job]
        assert fact.at_us == job.ends_us >= job.at_us + fixed_us
    for before, after in zip(sorted(begun), sorted(begun)[1:], strict=False):
        assert begun[after].at_us >= begun[before].ends_us, "one job at a time"
    ready = {fact.version: fact for fact in ledger.of(Built)}
    asked = [f for f in ledger.of(Acted) if f.action in ("promote", "release", "shadow")]
    for route in ledger.of(Routed)[1:]:
        for name in filter(None, (route.champion, route.challenger, route.shadow)):
            assert ready[name].at_us + (quickest_us if ready[name].job else 0) <= route.at_us
            if name != "v0":
                orders = [f for f in asked if f"version={name}" in f.detail]
                assert orders
                assert ready[name].at_us <= orders[0].at_us
                assert orders[0].at_us + quickest_us <= route.at_us


@quick(8)
@given(scenarios(batch=False), st.integers(0, 99))
def test_a_version_never_serves_before_it_is_labelled_trained_and_deployed(
    scenario: Scenario, salt: int
) -> None:
    monitors = watch_of(scenario)
    snapshots: list[tuple[Snapshot, int]] = []
    with pages_of(300), pytest.MonkeyPatch.context() as patch:
        _note_snapshots(patch, snapshots)
        ledger = run(scenario, Restless(salt=salt, monitors=monitors), seed=6)
        check_order(scenario, ledger)
        for snapshot, latest in snapshots:
            assert latest <= snapshot.taken_us * 8 + 7, "a label from the future"


@pytest.mark.deep
@deep(150)
@given(scenarios(), st.integers(0, 9_999))
def test_in_many_worlds_a_version_never_serves_too_early(scenario: Scenario, salt: int) -> None:
    with pages_of(300):
        check_order(scenario, run(scenario, Restless(salt=salt), seed=6))


def _note_snapshots(patch: pytest.MonkeyPatch, snapshots: list[tuple[Snapshot, int]]) -> None:
    """Note each snapshot and the moment at which the newest of its labels arrived."""
    collect = Storage._collect

    def noting(self: Storage, parts: Any, *rest: Any) -> Snapshot:
        snapshot = collect(self, parts, *rest)
        due = [page.due[rows].max() for page, rows in parts if page.number >= 0 and len(rows)]
        snapshots.append((snapshot, int(max(due, default=0))))
        return snapshot

    patch.setattr(Storage, "_collect", noting)


@dataclass(frozen=True, kw_only=True)
class Eager:
    """Builds on all there is at every hour and serves it as soon as it is ready."""

    window: Any = "1y"

    def decide(self, view: View) -> Iterator[Action]:
        """Build, serve."""
        if view.candidate:
            yield Promote(view.candidate, why="ready")
        elif view.reason == "heartbeat" and not view.jobs and view.changing == "":
            yield Retrain(window=self.window, why="again")


@pytest.mark.parametrize("delay", ["0", "1h", "90m"])
def test_a_snapshot_holds_exactly_the_labels_that_had_arrived(delay: str) -> None:
    """Counted from the source alone, label by label; labels fall due at the very instant too."""
    scenario = replace(world(EVEN, delay=Constant(delay=delay)), horizon="12h")
    ledger = run(scenario, Eager(), seed=1)
    source = source_of(scenario, 1)
    due = np.concatenate([source.page(n, {}).due for n in range(2)])
    launch = sum(
        int((source.page(n, {}).truth.times_us >= -us(scenario.launch.window)).sum())
        for n in (-2, -1)
    )
    assert len(ledger.of(TrainingBegun)) == 11
    for fact in ledger.of(TrainingBegun):
        arrived = int((due < fact.at_us * 8 + 3).sum())
        assert fact.rows == launch + arrived


def test_answers_change_at_the_instant_of_the_deployment_and_not_before() -> None:
    scenario = world(
        EVEN,
        training=Training(fixed="90m"),
        service=Service(deploy="45m"),
        drifts=(ConceptDrift(at="4h", to=turned(world().stream.concept)),),
        delay=Constant(delay="0"),
    )
    still, moved = (
        run(scenario, s, seed=1, outcomes=True) for s in (Silent(), Eager(window=Last(records=120)))
    )
    assert still.outcomes is not None
    assert moved.outcomes is not None
    served_us = moved.outcomes.served_us
    first_us = moved.of(Routed)[1].at_us
    assert first_us == us("1h") + us("90m") + us("45m")
    differs = moved.outcomes.loss != still.outcomes.loss
    assert not differs[served_us < first_us].any()
    assert differs[served_us >= first_us].any()


def test_a_failing_training_costs_time_and_money() -> None:
    seen: list[tuple[float, bool]] = []

    @dataclass(frozen=True)
    class Hoping(Eager):
        def decide(self, view: View) -> Iterator[Action]:
            seen.append((view.spent, bool(view.jobs)))
            yield from super().decide(view)

    scenario = world(EVEN, training=Training(fixed="150m", failure=1.0, cost=7.0))
    ledger = run(scenario, Hoping(), seed=1)
    failures = ledger.of(TrainingFailed)
    assert len(failures) > 5
    begun = ledger.of(TrainingBegun)
    assert all(f.at_us - b.at_us == us("150m") for b, f in zip(begun, failures, strict=False))
    assert seen[-1][0] == 7.0 * len(failures)
    assert not [fact for fact in ledger.of(Built) if fact.job]


def test_a_training_without_a_labelled_record_fails_as_a_fact() -> None:
    scenario = world(EVEN, delay=LogNormal(median="50y", sigma=0.0))
    ledger = run(scenario, Eager(window="30m"), seed=1)
    assert not ledger.stopped
    assert ledger.of(TrainingFailed)[0].why == "no labelled record in the window"


def test_an_alarm_is_no_older_than_its_evidence() -> None:
    with pages_of(300):
        ledger = run(world(POISSON), Silent(monitors=watch(classes=2) + ticking()), seed=1)
    alarms = ledger.of(Alarm)
    assert len({alarm.monitor for alarm in alarms}) > 5
    assert all(alarm.evidence_us <= alarm.at_us for alarm in alarms)
    assert [a.at_us for a in alarms] == sorted(a.at_us for a in alarms)


def test_what_the_view_tells_of_ticks_is_what_the_ledger_says_of_them() -> None:
    _compare_ticks(world(EVEN, delay=LogNormal(median="1h", sigma=1.0)))


def test_what_the_view_tells_of_ticks_is_true_of_a_model_that_learns_every_label() -> None:
    from river import linear_model

    from sim.artifacts import Online

    _compare_ticks(world(EVEN, artifact=Online(model=linear_model.LogisticRegression())))


def test_what_the_view_tells_of_ticks_is_true_of_batches() -> None:
    _compare_ticks(world(EVEN, service=Service(mode="batch", every="4h")))


def _compare_ticks(scenario: Scenario) -> None:
    told: list[tuple[int, Any]] = []

    @dataclass(frozen=True)
    class Reader:
        def decide(self, view: View) -> list[Action]:
            if view.reason == "heartbeat":
                told.append((view.now_us, view.ticks("1h")))
            return []

    with pages_of(700):
        ledger = run(scenario, Reader(), seed=1)
    assert len(told) > 20
    for now_us, ticks in told:
        tick = now_us // ledger.timeline.tick_us - 1
        assert ticks.start_us.tolist() == [tick * ledger.timeline.tick_us]
        np.testing.assert_array_equal(ticks.count[0], ledger.timeline.count[tick])
        np.testing.assert_array_equal(ticks.labels[0], ledger.timeline.labels[tick])
        np.testing.assert_allclose(ticks.label_loss[0], ledger.timeline.label_loss[tick])


# -- tick monitors and changes of routing ----------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Numbered:
    """A monitor whose value for a tick is the tick's own number: each must be told on time."""

    told: list[tuple[int, int]]
    name: str = "numbered"
    layer: str = "input"
    owner: str = "data"
    clock: str = "tick"
    window: int = 1

    @property
    def detector(self) -> Any:
        """Above nothing, at every tick."""
        return Above(limit=1e9)

    def summarise(self, seen: TicksSeen) -> NDArray[np.int64]:
        """Return each tick's records and its number."""
        ticks = seen.first_tick + np.arange(len(seen.bounds) - 1)
        return np.stack([np.diff(seen.bounds), ticks], axis=1)

    def judge(self, counts: NDArray[np.int64], baseline: Any) -> NDArray[np.float64]:
        """Return the number."""
        return counts[:, 1].astype(np.float64)

    def explain(self, counts: Any, baseline: Any) -> tuple[tuple[str, ...], str]:
        """Say nothing."""
        return (), ""


@pytest.mark.parametrize("records", [120, 240, 1_000])
@pytest.mark.parametrize("deploy", ["0", "1h", "30m"])
def test_each_tick_is_judged_by_its_own_records(
    monkeypatch: pytest.MonkeyPatch, records: int, deploy: str
) -> None:
    """Also when a new champion takes over at a tick's edge, at a page's edge."""
    from sim.watchers import TickWatcher

    told: list[tuple[int, float]] = []
    tell = TickWatcher.tell

    def telling(self: TickWatcher, tick: int) -> float | None:
        told.append((tick, float(self._values[tick - self._first])))
        return tell(self, tick)

    monkeypatch.setattr(TickWatcher, "tell", telling)
    scenario = world(EVEN, service=Service(deploy=deploy))
    with pages_of(records):
        ledger = run(scenario, _Eager(monitors=(Numbered(told=[]),)), seed=1)
    assert len(ledger.of(Routed)) > 5
    assert [tick for tick, _ in told] == list(range(len(told)))
    assert [value for _, value in told] == [float(tick) for tick, _ in told]


@dataclass(frozen=True, kw_only=True)
class _Eager(Eager):
    monitors: tuple[Any, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Crossing(Numbered):
    """Alarms at the end of tick *at*, and counts all ticks before it."""

    at: int

    @property
    def detector(self) -> Any:
        """The sum of the ticks' numbers must have passed that of *at*."""
        return Tally(self.at * (self.at + 1) / 2)


@pytest.mark.parametrize("at", range(1, 12))
@pytest.mark.parametrize("deploy", ["0", "1h", "2h"])
def test_a_tick_monitor_alarms_on_time_whoever_takes_over_when(at: int, deploy: str) -> None:
    scenario = world(EVEN, service=Service(deploy=deploy))
    alarms = []
    for strategy in (Silent, _Eager):
        with pages_of(240):
            ledger = run(scenario, strategy(monitors=(Crossing(told=[], at=at),)), seed=1)
        assert not ledger.stopped
        alarms.append([alarm.at_us for alarm in ledger.of(Alarm)])
    assert alarms[0][0] == us(f"{at + 1}h")
    assert alarms[1] == alarms[0]


@pytest.mark.parametrize("records", [240, 4_096], ids=["a batch a page", "many a page"])
def test_a_batch_is_seen_by_the_contract(records: int) -> None:
    """What is answered by batch was received, too: a dropped column must not go unseen."""
    faults = (Drop(at="9h", columns=("x1",)),)
    service = Service(mode="batch", every="4h")
    scenario = world(EVEN, faults=faults, service=service)
    with pages_of(records):
        ledger = run(scenario, Silent(monitors=(Contract(minimum=5),)), seed=1)
    alarms = ledger.of(Alarm)
    assert alarms
    assert us("9h") <= alarms[0].at_us <= us("14h")


@pytest.mark.parametrize("records", [240, 4_096], ids=["a batch a page", "many a page"])
def test_a_strategy_can_change_who_answers_when_a_batch_alarms(records: int) -> None:
    scenario = world(EVEN, service=Service(mode="batch", every="4h", deploy="0", flag="0"))
    strategy = Restless(monitors=watch(classes=2) + ticking())
    with pages_of(records):
        assert not run(scenario, strategy, seed=1).stopped
