"""On which records trainings learn, through runs of small worlds."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sim.actions import Everything, Last, SinceAlarm
from sim.clock import DAY_US
from sim.errors import Mistake
from sim.facts import Alarm, Lineage, TrainingBegun
from sim.ledger import Ledger
from strategies.check import check_strategy
from strategies.detectors import ADWIN
from strategies.monitors import Glance, OnErrors
from strategies.policy import Policy
from strategies.triggers import Cooldown, OnDrift, OnSchedule
from strategies.verdict import LABELS, UNKNOWN
from strategies.windows import (
    Expanding,
    ExponentiallyWeighted,
    LastRecords,
    LastSpan,
    SinceTheAlarm,
    SinceTheWarning,
    Stratified,
)
from tests.strategies.worlds import days, late_loss, log, played

ERRORS = OnErrors(detector=ADWIN())
EVERY = (
    Expanding(),
    LastRecords(records=500),
    LastSpan(span="7d"),
    SinceTheAlarm(),
    SinceTheWarning(warning=("errors",)),
    ExponentiallyWeighted(of=LastSpan(span="14d"), half_life="3d"),
    Stratified(),
    Stratified(of=ExponentiallyWeighted(), by="segment"),
)


def on_drift(window: Any, *monitors: Any, **more: Any) -> Policy:
    return Policy(
        monitors=(ERRORS, *monitors),
        trigger=Cooldown(of=OnDrift(monitors=("errors",)), rest="14d"),
        window=window,
        heartbeat="1h",
        **more,
    )


def snapshots(ledger: Ledger) -> list[dict[str, Any]]:
    stages = [fact for fact in ledger.of(Lineage) if fact.stage == "dataset snapshot"]
    return [json.loads(fact.content) for fact in stages if fact.version != "v0"]


@pytest.mark.parametrize("window", EVERY, ids=lambda window: type(window).__name__)
def test_every_window_is_sound_and_says_in_words_what_it_holds(window: Any) -> None:
    assert check_strategy(on_drift(window)) == []
    assert window.words


def test_recent_windows_hold_what_they_say() -> None:
    weekly = OnSchedule(every="7d")
    for window, held in (
        (LastRecords(records=500), "the last 500 labels"),
        (LastSpan(span="3d"), "the last 3d"),
        (Expanding(), "everything"),
    ):
        ledger = played(Policy(trigger=weekly, window=window), drift="")
        assert {snapshot["window"] for snapshot in snapshots(ledger)} == {held}
    rows = [fact.rows for fact in ledger.of(TrainingBegun)]
    assert rows == sorted(rows)
    assert rows[0] == pytest.approx((10 + 6.5) * 2_400, rel=0.02)


def test_the_trap_right_after_an_alarm_the_newest_labels_still_show_the_old_world() -> None:
    """Labels are two days late. A training at the alarm on the newest 5,000 labels, two days of
    them, learns mostly the world before it; one that waits for labels of the new one recovers."""
    trapped = played(on_drift(LastRecords(records=5_000)), delay="2d")
    waited = played(on_drift(SinceTheAlarm(wait_for=1_000)), delay="2d")
    alarm = next(a for a in trapped.of(Alarm) if a.at_us > 14 * DAY_US)
    assert days(trapped, "retrain")[0] == alarm.at_us / DAY_US
    assert late_loss(trapped) > 0.3
    assert late_loss(waited) < 0.2


def test_waiting_counts_labels_of_what_was_served_since_the_alarm_and_no_others() -> None:
    """2,400 a day and two days late: 1,000 such labels are there 2.4 days after the alarm."""
    ledger = played(on_drift(SinceTheAlarm(wait_for=1_000)), delay="2d")
    alarm_us = ledger.of(Alarm)[0].at_us
    waited = days(ledger, "retrain")[0] - alarm_us / DAY_US
    assert waited == pytest.approx(2 + 1_000 / 2_400, abs=0.12)
    first = snapshots(ledger)[0]
    assert first["window"] == "since the alarm"
    assert 1_000 <= first["records"] <= 1_150
    (said, *_) = log(ledger, "what was served since the alarm")
    assert (said.answer, said.waits_for, said.threshold) == (UNKNOWN, LABELS, 1_000)


def test_many_labels_between_two_looks_are_counted_as_they_come(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    policy = on_drift(SinceTheAlarm(wait_for=1_000))
    whole = played(policy, delay="2d")
    monkeypatch.setattr("sim.label_count.MANY", 40)
    assert played(policy, delay="2d").digest() == whole.digest()


def test_waiting_can_be_for_time_instead() -> None:
    ledger = played(on_drift(SinceTheAlarm(wait_for=0, wait="3d")))
    alarm_us = ledger.of(Alarm)[0].at_us
    assert days(ledger, "retrain")[0] - alarm_us / DAY_US == pytest.approx(3.0, abs=0.05)


def test_without_an_open_alarm_it_is_the_last_while() -> None:
    ledger = played(Policy(trigger=OnSchedule(), window=SinceTheAlarm(otherwise="5d")), drift="")
    assert {snapshot["window"] for snapshot in snapshots(ledger)} == {"the last 5d"}


def test_the_window_since_a_warning_begins_with_the_warning() -> None:
    window = SinceTheWarning(warning=("glance",), monitors=("errors",))
    ledger = played(on_drift(window, Glance(at="13d")))
    assert snapshots(ledger)[0]["from"] == "1w 6d"


def test_a_warning_that_is_too_old_does_not_count() -> None:
    window = SinceTheWarning(warning=("glance",), monitors=("errors",), memory="5d", before="1d")
    ledger = played(on_drift(window, Glance(at="3d")))
    begins = next(f.at_us for f in ledger.of(Alarm) if f.monitor == "errors") - DAY_US
    (first, *_) = [f for f in ledger.facts if getattr(f, "action", "") == "retrain"]
    assert f"{SinceAlarm(at_us=begins)}" in getattr(first, "detail", "")


def test_windows_that_make_no_sense_are_refused() -> None:
    with pytest.raises(Mistake, match=r"last_records\.records is 0"):
        LastRecords(records=0)
    with pytest.raises(Mistake, match=r"last_span\.span is '0s'"):
        LastSpan(span="0s")
    with pytest.raises(Mistake, match=r"since_the_alarm\.wait_for is -1"):
        SinceTheAlarm(wait_for=-1)


def test_words_are_those_of_the_engine() -> None:
    assert str(Last(records=500)) == LastRecords(records=500).words
    assert str(Everything()) == "everything"
