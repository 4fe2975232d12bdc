"""What presets do, through runs of small worlds."""

import sys
from types import ModuleType
from typing import Any

import pytest
from river.drift import PageHinkley as RiverPageHinkley

from sim.actions import SinceAlarm
from sim.clock import DAY_US, HOUR_US
from sim.concepts import Linear
from sim.drift import ConceptDrift
from sim.errors import Mistake
from sim.facts import Acted, Alarm, Built, Routed, TrainingFailed
from sim.faults import Rename
from sim.labels import Constant, Labels
from sim.ledger import Ledger
from sim.run import run
from sim.scenario import Launch, Scenario, Training
from sim.stream import Stream
from sim.traffic import Traffic
from strategies import catalogue, presets, starter
from strategies.check import check_strategy
from strategies.detectors import ADWIN, DDM


def world(*, failure: float = 0.0, fixed: str = "1h", fault: bool = False) -> Scenario:
    rename = Rename(at="9d", columns=("x0",), share=0.8, fixed_by="data")
    return Scenario(
        name="small",
        stream=Stream(
            concept=Linear(columns=4),
            traffic=Traffic(rate="100/h"),
            drifts=(ConceptDrift(at="14d", to=Linear(columns=4, angle=90.0)),),
        ),
        faults=(rename,) if fault else (),
        labels=Labels(delay=Constant(delay="12h")),
        training=Training(failure=failure, fixed=fixed),
        launch=Launch(window="10d"),
        horizon="5w",
    )


def played(strategy: Any, *, seed: int = 0, **kind: Any) -> Ledger:
    ledger = run(world(**kind), strategy, seed=seed)
    assert ledger.stopped == ""
    return ledger


def acts(ledger: Ledger, verb: str) -> list[int]:
    return [fact.at_us for fact in ledger.of(Acted) if fact.action == verb]


def late_loss(ledger: Ledger) -> float:
    week = slice(-7 * 24, None)
    return float(ledger.timeline.loss[week].sum() / ledger.timeline.count[week].sum())


def test_every_preset_is_sound_and_says_what_it_is() -> None:
    for name, preset in catalogue().items():
        assert check_strategy(preset()) == [], name
        assert (preset.__doc__ or "").split("\n")[0].endswith("."), name


def test_never_does_nothing() -> None:
    ledger = played(presets.never())
    assert not ledger.of(Acted)
    assert not ledger.of(Alarm)


def test_scheduled_trains_by_the_calendar_and_serves_what_is_ready() -> None:
    ledger = played(presets.scheduled(every="7d", window="7d"))
    assert acts(ledger, "retrain") == [7 * DAY_US * k for k in (1, 2, 3, 4)]
    assert acts(ledger, "promote") == [t + HOUR_US for t in acts(ledger, "retrain")]
    assert ledger.of(Routed)[-1].champion == "v4"


def test_a_turn_that_meets_a_training_under_way_waits_for_its_end() -> None:
    ledger = played(presets.scheduled(every="7d"), fixed="10d")
    released = 17 * DAY_US + 2 * HOUR_US
    assert acts(ledger, "retrain")[:2] == [7 * DAY_US, released]


def test_scheduled_waits_for_its_next_turn_after_a_failure() -> None:
    ledger = played(presets.scheduled(every="7d"), failure=1.0)
    assert len(ledger.of(TrainingFailed)) == len(acts(ledger, "retrain")) == 4


@pytest.mark.parametrize("detector", [ADWIN(), DDM(), RiverPageHinkley(threshold=20.0)], ids=repr)
def test_on_alarm_rebuilds_and_recovers_with_any_detector(detector: Any) -> None:
    ledger = played(presets.on_alarm(detector=detector))
    assert any(alarm.at_us > 14 * DAY_US for alarm in ledger.of(Alarm))
    assert late_loss(ledger) < 0.2 < late_loss(played(presets.never()))


def test_a_training_at_the_moment_of_the_alarm_learns_the_world_before_it() -> None:
    ledger = played(presets.on_alarm(window=10_000, wait="0s"))
    (alarm,) = ledger.of(Alarm)
    assert acts(ledger, "retrain") == [alarm.at_us]
    assert late_loss(ledger) > 0.4


def test_on_alarm_trains_on_what_came_since_the_alarm_once_it_has_waited() -> None:
    ledger = played(presets.on_alarm(wait="3d"))
    alarm = ledger.of(Alarm)[0]
    first = acts(ledger, "retrain")[0]
    assert alarm.at_us + 3 * DAY_US <= first <= alarm.at_us + 4 * DAY_US
    window = f"window={SinceAlarm(at_us=alarm.at_us)}"
    assert next(f.detail for f in ledger.of(Acted) if f.action == "retrain").startswith(window)
    assert late_loss(ledger) < 0.2


def test_on_alarm_asks_again_for_what_failed_but_not_at_the_same_instant() -> None:
    ledger = played(presets.on_alarm(), failure=1.0)
    failed = {fact.at_us for fact in ledger.of(TrainingFailed)}
    asked = acts(ledger, "retrain")
    assert len(failed) >= 15
    assert not failed & set(asked)
    assert len(asked) <= 21 + len(ledger.of(Alarm))


def test_since_the_alarm_without_a_wait_is_refused() -> None:
    with pytest.raises(Mistake, match=r"on_alarm\.wait is '0s'"):
        presets.on_alarm(wait="0s")


def test_contract_pages_the_data_owner_once_and_trains_nothing() -> None:
    ledger = played(presets.contract(), fault=True)
    assert acts(ledger, "page") == [9 * DAY_US + HOUR_US]
    assert len(ledger.of(Built)) == 1


def test_nobody_watching_wakes_up_once_and_then_does_everything() -> None:
    ledger = played(presets.nobody_watching(at="3w", window="5d"), fault=True)
    assert [alarm.at_us for alarm in ledger.of(Alarm)] == [21 * DAY_US]
    for verb, hours in (("page", 0), ("retrain", 0), ("promote", 1)):
        assert acts(ledger, verb) == [21 * DAY_US + hours * HOUR_US]


def test_nobody_watching_keeps_asking_until_a_training_succeeds() -> None:
    ledger = played(presets.nobody_watching(at="2w"), failure=0.7, seed=1)
    asked = acts(ledger, "retrain")
    assert len(asked) == len(ledger.of(TrainingFailed)) + 1
    assert len(ledger.of(Built)) == 2


def test_the_starter_is_a_sound_strategy_that_rebuilds_weekly() -> None:
    module = ModuleType("starter_under_test")
    sys.modules[module.__name__] = module  # a dataclass looks its own module up
    try:
        exec(starter.TEXT, module.__dict__)
        assert check_strategy(module.Weekly()) == []
        assert acts(played(module.Weekly()), "retrain")[:2] == [7 * DAY_US, 14 * DAY_US]
    finally:
        del sys.modules[module.__name__]


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_how_far_is_looked_ahead_changes_nothing(name: str) -> None:
    strategy = catalogue()[name]()
    digests = {
        run(world(failure=0.3, fault=True), strategy, seed=2, block=block).digest()
        for block in (None, 7, 1_000)
    }
    assert len(digests) == 1
