"""What monitors see, through runs of small worlds."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from river.drift import PageHinkley as RiverPageHinkley

from sim.actions import Fallback, Promote, Retrain
from sim.clock import HOUR_US, WEEK_US
from sim.concepts import SEA, Agrawal, Linear, Stagger
from sim.drift import CovariateShift, Drift
from sim.errors import Mistake
from sim.facts import Alarm, Built, Ended, Onset
from sim.faults import (
    AddedColumn,
    ArchiveFault,
    Drop,
    Duplicates,
    Fault,
    FeedFault,
    LabelFault,
    LateRows,
    NewCategory,
    NullBurst,
    Rename,
    Swap,
    TypeChange,
    UnitChange,
)
from sim.ledger import Ledger
from sim.monitoring import LabelsSeen
from sim.run import run
from sim.scenario import Launch, Scenario, Service
from sim.stream import Season, Stream
from sim.traffic import Traffic
from strategies.detectors import PageHinkley
from strategies.monitors import Contract, Glance, OnErrors, Shift, Values
from tests.sim.laws.worlds import fault_of, kinds_of

ONSET = "8d"
ONSET_US = 8 * 24 * HOUR_US


@dataclass(frozen=True, kw_only=True)
class Watching:
    """Watch and do nothing."""

    monitors: tuple[Any, ...]
    heartbeat: str = "0"

    def decide(self, view: Any) -> tuple[()]:
        return ()


@dataclass(frozen=True, kw_only=True)
class Retrains(Watching):
    """Train anew every day and put it into service."""

    heartbeat: str = "1d"

    def decide(self, view: Any) -> Any:
        if view.candidate and not view.changing:
            yield Promote(view.candidate)
        elif view.now_us % (24 * HOUR_US) == 0 and view.now_us:  # an alarm may come just then
            yield Retrain(window="4d")


def world(
    *faults: Fault, drifts: tuple[Drift, ...] = (), concept: Any = None, **traffic: Any
) -> Scenario:
    rhythm = {"rate": "100/h", "daily": 0.5, "weekend": 0.7, **traffic}
    return Scenario(
        name="small",
        stream=Stream(
            concept=concept or Linear(columns=5),
            traffic=Traffic(**rhythm),
            drifts=drifts,
            season=Season(),
        ),
        faults=faults,
        launch=Launch(window="10d"),
        horizon="2w",
    )


def alarms(scenario: Scenario, *monitors: Any, seed: int = 0) -> list[Alarm]:
    ledger = run(scenario, Watching(monitors=monitors), seed=seed)
    assert not ledger.stopped
    return ledger.of(Alarm)


FAULTS = [
    Drop(at=ONSET, columns=("x1", "x2")),
    Rename(at=ONSET, columns=("x1", "x2"), share=0.2),
    NullBurst(at=ONSET, columns=("x1", "x2"), share=0.2),
    UnitChange(at=ONSET, columns=("x1", "x2"), factor=1000.0, share=0.2),
    UnitChange(at=ONSET, columns=("x1", "x2"), factor=1.8, offset=32.0),
    UnitChange(at=ONSET, columns=("x1", "x2"), factor=0.001),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.kind} {fault.share}")
def test_the_contract_names_the_columns_within_an_hour(fault: Fault) -> None:
    found = alarms(world(fault), Contract())
    assert found[0].at_us == ONSET_US + HOUR_US
    assert found[0].columns == ("x1", "x2")
    assert (found[0].layer, found[0].owner) == ("input", "data")


def test_the_contract_says_what_how_much_and_of_how_many() -> None:
    (found, *_) = alarms(world(Rename(at=ONSET, columns=("x3",))), Contract(limit=0.02))
    parts = (
        "100 % of ",
        "records break the agreed schema (limit 2 %)",
        "x3 did not arrive in up to",
        "nobody agreed on",
        "for the data owner",
    )
    for part in parts:
        assert part in found.text


OF_DATA = [kind for base in (FeedFault, LabelFault, ArchiveFault) for kind in kinds_of(base)]
SAID: list[tuple[Fault, Any, tuple[str, ...], str]] = [
    (TypeChange(at=ONSET, columns=("x3",)), None, ("x3",), "x3 arrived as another type in up to"),
    (LateRows(at=ONSET, columns=("x3",)), None, ("x3",), "x3 came too late to be answered with"),
    (AddedColumn(at=ONSET), None, (), "columns that nobody agreed on came with"),
    (Duplicates(at=ONSET), None, (), "had come before (duplicates)"),
    (
        NewCategory(at=ONSET, columns=("color",)),
        Stagger(),
        ("color",),
        "color held categories that nobody agreed on",
    ),
    (
        Swap(at=ONSET, columns=("elevel", "salary")),
        Agrawal(),
        ("elevel",),
        "held categories that nobody agreed on",
    ),
]


@pytest.mark.filterwarnings("ignore:lbfgs failed to converge")  # the fit is not the matter here
@pytest.mark.parametrize(("fault", "concept", "columns", "words"), SAID)
def test_the_contract_says_each_kind_of_breakage_in_its_own_words(
    fault: Fault, concept: Any, columns: tuple[str, ...], words: str
) -> None:
    found = alarms(world(fault, concept=concept), Contract())[0]
    assert found.at_us == ONSET_US + HOUR_US
    assert set(columns) <= set(found.columns)
    assert words in found.text


@pytest.mark.filterwarnings("ignore:lbfgs failed to converge")  # the fit is not the matter here
@pytest.mark.parametrize("concept", [Stagger(), Agrawal(), Linear(columns=3)])
@pytest.mark.parametrize("kind", OF_DATA, ids=lambda kind: kind.__name__)
def test_monitors_trainings_and_a_strict_service_live_through_every_fault(
    kind: type[Fault], concept: Any
) -> None:
    fault = fault_of(kind, concept, at="2d", until="4d")
    if fault is None:
        pytest.skip("this concept cannot have it")
    scenario = replace(
        world(fault, concept=concept, rate="60/h"),
        horizon="5d",
        launch=Launch(window="5d"),
        service=Service(contract="strict"),
    )
    ledger = run(scenario, Retrains(monitors=(Contract(), Shift(window=6))), seed=1)
    assert not ledger.stopped
    answered = sum(ledger.requests[k] for k in ("answered", "fallback", "error"))
    assert answered == ledger.requests["total"] == sum(ledger.labels.values()) > 5_000
    assert len(ledger.of(Built)) >= 5  # the one of the launch, and one on each later day
    assert len(ledger.of(Onset)) == len(ledger.of(Ended)) == 1


def test_a_value_outside_the_agreed_range_breaks_the_contract() -> None:
    fault = UnitChange(at=ONSET, columns=("x1",), factor=1.2)
    (found, *_) = alarms(world(fault, concept=SEA()), Contract())
    assert found.columns == ("x1",)
    assert "left the agreed range" in found.text


@pytest.mark.parametrize("concept", [Linear(columns=10), SEA()], ids=["normal", "uniform"])
def test_a_clean_feed_keeps_the_contract(concept: Any) -> None:
    for seed in range(10):
        assert alarms(world(concept=concept), Contract(), Shift(), seed=seed) == []


def test_too_few_records_are_not_judged_until_the_window_is_wide_enough() -> None:
    scenario = world(FAULTS[0], rate="5/h")
    assert alarms(scenario, Contract()) == []
    assert alarms(scenario, Contract(window=24))[0].at_us > ONSET_US


def test_one_shift_monitor_raises_one_alarm_for_many_columns() -> None:
    drift = CovariateShift(at=ONSET, columns=("x0", "x1", "x4"), shift=1.0)
    found = alarms(world(drifts=(drift,)), Shift())
    assert len(found) == 1
    assert ONSET_US < found[0].at_us < ONSET_US + 24 * HOUR_US
    assert set(found[0].columns) <= {"x0", "x1", "x4"}
    assert "psi against the training baseline is above 0.2" in found[0].text


def test_a_shift_monitor_of_one_column_sees_no_other() -> None:
    drift = CovariateShift(at=ONSET, columns=("x1",), shift=1.0)
    others = (
        Shift(columns=("x0",)),
        Shift(name="ks", columns=("x2",), statistic="ks", limit=0.2),
    )
    assert alarms(world(drifts=(drift,)), *others) == []
    concerned = (Shift(columns=("x1",)), Shift(name="ks", statistic="ks", limit=0.2))
    found = alarms(world(drifts=(drift,)), *concerned)
    assert {alarm.columns for alarm in found} == {("x1",)}
    assert {alarm.monitor for alarm in found} == {"shift", "ks"}


class TrainsOnTheBrokenFeed:
    """Retrain on day 8 on two days of what arrived, and promote."""

    monitors = (Shift(), Shift(name="ks", statistic="ks"))
    heartbeat = "1d"

    def decide(self, view: Any) -> Any:
        if view.candidate and not view.changing:
            yield Promote(view.candidate)
        elif view.now == 8:
            yield Retrain(window="2d")


def test_a_column_that_never_arrived_in_training_has_no_baseline_to_shift_from() -> None:
    outage = Drop(at="5d", until="9d", columns=("x1",))
    ledger = run(world(outage), TrainsOnTheBrokenFeed(), seed=0)
    assert len(ledger.of(Built)) == 2
    assert ledger.of(Alarm) == []


def test_an_unknown_column_is_named_in_one_line() -> None:
    with pytest.raises(Mistake, match=r"shift\.columns is 'x9': .*known are x0"):
        alarms(world(), Shift(columns=("x9",)))


def test_a_glance_alarms_once_at_its_time() -> None:
    found = alarms(world(), Glance(at="1w"))
    assert [alarm.at_us for alarm in found] == [WEEK_US]
    assert found[0].layer == "business"


def test_a_glance_between_two_ticks_comes_with_the_later_one() -> None:
    short = replace(world(rate="9000/h"), horizon="2d", launch=Launch(window="6h"))
    found = alarms(short, Glance(at="30m"), Glance(name="late", at="1d 30m"))
    assert [alarm.at_us // HOUR_US for alarm in found] == [1, 25]


def test_values_of_a_column_and_of_scores_reach_any_detector() -> None:
    drift = CovariateShift(at=ONSET, columns=("x1",), shift=3.0)
    found = alarms(
        world(drifts=(drift,)),
        Values(of="x1", detector=PageHinkley(mode="up", delta=0.5, alpha=1.0)),
        Values(of="x2", detector=PageHinkley(mode="up", delta=0.5, alpha=1.0)),
        Values(of="x1", name="river", detector=RiverPageHinkley(mode="up", delta=0.5, alpha=1.0)),
        Values(of="score", detector=PageHinkley(threshold=200.0)),
    )
    at_us = {alarm.monitor: alarm.at_us for alarm in reversed(found)}
    assert at_us["x1"] == at_us["river"] > ONSET_US
    assert "x2" not in at_us
    assert {alarm.layer for alarm in found if alarm.monitor == "score"} <= {"output"}


def labels(arms: list[int]) -> LabelsSeen:
    values = np.arange(float(len(arms)))
    return LabelsSeen(values, values, values, values, np.array(arms, dtype=np.int8))


def test_errors_are_the_champions_alone() -> None:
    monitor = OnErrors(detector=None)
    assert monitor.read(labels([0, 0, 0])).tolist() == [0.0, 1.0, 2.0]
    assert np.isnan(monitor.read(labels([0, 1, 2]))).tolist() == [False, True, True]


def test_a_fallback_tells_the_champions_monitor_nothing() -> None:
    class FallsBack:
        monitors = (OnErrors(detector=_Counts()),)
        heartbeat = "1d"

        def decide(self, view: Any) -> Any:
            if not view.route.fallback and not view.changing:
                yield Fallback(True)

    ledger: Ledger = run(world(), FallsBack(), seed=0)
    answered = int(ledger.timeline.count[:, 0].sum())
    assert 0 < ledger.of(Alarm)[-1].value <= 1
    assert len(ledger.of(Alarm)) == int(ledger.timeline.label_loss[:, 0].sum()) <= answered


class _Counts:
    """Alarms at every error."""

    drift_detected = False

    def update(self, x: float) -> None:
        self.drift_detected = x > 0
