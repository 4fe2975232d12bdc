"""What gates ask of versions, through runs of small worlds and reports made by hand."""

from __future__ import annotations

from dataclasses import replace
from math import nan
from typing import Any, cast

import numpy as np
import pytest

from sim.artifacts import Parametric
from sim.cards import VersionCard
from sim.clock import DAY_US, HOUR_US
from sim.concepts import Linear, Moving
from sim.drift import ConceptDrift
from sim.errors import Mistake
from sim.evaluation import Evaluation, Graded, Group, Mean, calibration_error, groups
from sim.facts import Acted, Decided
from sim.faults import Drop
from sim.labels import Constant, Labels
from sim.losses import Expected
from sim.queueing import Queue
from sim.scenario import Service
from sim.stream import Stream
from sim.traffic import Segments, Traffic
from sim.view import View
from strategies.check import check_strategy
from strategies.gates import (
    BeatsChampion,
    BeatsNaive,
    Calibrated,
    Custom,
    FairnessGap,
    InARow,
    KeepsContract,
    LineageComplete,
    OnlyAdjusted,
    PassesSuite,
    ReleaseReady,
    Reproducible,
    SegmentFloor,
    SignOff,
    SkippedFor,
    WithinBudget,
)
from strategies.policy import Policy
from strategies.triggers import OnSchedule
from strategies.verdict import NO, UNKNOWN, YES
from strategies.windows import LastSpan
from tests.strategies.worlds import days, log, played

NOBODY = cast(View, None)
WEEKLY = Policy(trigger=OnSchedule(every="7d"), window=LastSpan(span="7d"))


def refuses_all(_view: View, version: VersionCard) -> str:
    return f"{version.name} is not wanted"


EVERY = (
    BeatsChampion(),
    BeatsNaive(),
    Calibrated(),
    Custom(check=refuses_all),
    FairnessGap(),
    InARow(gate=BeatsNaive()),
    KeepsContract(),
    LineageComplete(),
    OnlyAdjusted(),
    PassesSuite(),
    ReleaseReady(),
    Reproducible(),
    SegmentFloor(most=0.3),
    SignOff(),
    SkippedFor(gate=SignOff(), when=(BeatsChampion(),)),
    WithinBudget(p99_ms=100.0),
)


def card(*found: Group, **more: Any) -> VersionCard:
    given: dict[str, Any] = {
        "champion": "v0",
        "held_out": True,
        "groups": found,
        "calibration_error": None,
        "suite_failed": None,
        "columns": ("x0",),
        **more,
    }
    report = Evaluation(**given)
    return VersionCard(
        name="v1", stage="candidate", begun_us=0, ready_us=0, rows=100, claim=0.1, digest="",
        evaluation=report,
    )  # fmt: skip


def group(segment: str = "", *, records: int = 400, loss: float = 0.1, **more: Mean) -> Group:
    given: dict[str, Any] = {
        "answer": Mean(value=0.5, error=0.025),
        "over_naive": Mean(value=0.2, error=0.02),
        "over_champion": Mean(value=0.03, error=0.01),
        **more,
    }
    return Group(segment=segment, records=records, loss=Mean(value=loss, error=0.015), **given)


def gated(*gates: Any, **kind: Any) -> Any:
    return played(replace(WEEKLY, gates=gates), **kind)


@pytest.mark.parametrize("gate", EVERY, ids=lambda gate: type(gate).__name__)
def test_every_gate_is_sound_and_says_in_words_what_it_asks(gate: Any) -> None:
    assert check_strategy(replace(WEEKLY, gates=(gate,))) == []
    assert gate.words


# -- the report ------------------------------------------------------------------------------


def test_a_report_compares_on_the_same_records_with_paired_errors() -> None:
    rng = np.random.default_rng(5)
    mine, theirs = rng.random(500), rng.random(500)
    segment = (np.arange(500) % 3).astype(np.int8)
    naive = np.ones(500)
    whole, *parts = groups(
        Graded(mine, mine), naive, Graded(theirs, theirs), segment, ("a", "b", "c")
    )
    assert whole.over_champion is not None
    gain = theirs - mine
    assert whole.over_champion.value == pytest.approx(gain.mean())
    assert whole.over_champion.error == pytest.approx(gain.std(ddof=1) / np.sqrt(500))
    assert [part.records for part in parts] == [167, 167, 166]
    assert parts[1].loss.value == pytest.approx(mine[1::3].mean())


def test_records_that_one_of_the_two_did_not_answer_are_left_out() -> None:
    mine, theirs = np.array([0.0, nan, 1.0]), np.array([1.0, 1.0, nan])
    (whole,) = groups(Graded(mine, mine), np.ones(3), Graded(theirs, theirs), None, ())
    assert (whole.records, whole.loss.value) == (1, 0.0)


def test_calibration_is_the_distance_of_chance_and_frequency_by_bins() -> None:
    rng = np.random.default_rng(3)
    chance = rng.random(200_000)
    right = (rng.random(200_000) < chance).astype(float)
    assert calibration_error(chance, right) == pytest.approx(0.0, abs=0.01)
    assert calibration_error(chance**2, right) == pytest.approx(1 / 2 - 1 / 3, abs=0.01)
    assert calibration_error(None, right) is None


# -- gates on reports made by hand -----------------------------------------------------------


def test_beating_the_champion_takes_its_uncertainty_into_account() -> None:
    version = card(group())
    sure, bare = BeatsChampion(margin=0.02), BeatsChampion(margin=0.02, sure=0.5)
    verdict = sure.admits(NOBODY, version)
    assert verdict.answer == NO
    assert verdict.value == pytest.approx(0.03 - 1.6449 * 0.01, abs=1e-4)
    assert (verdict.threshold, verdict.records) == (0.02, 400)
    assert bare.admits(NOBODY, version).answer == YES
    assert BeatsChampion(margin=-0.01).admits(NOBODY, version).answer == YES


def test_few_records_tell_nothing() -> None:
    version = card(group(records=99))
    for gate in (BeatsChampion(), BeatsNaive()):
        verdict = gate.admits(NOBODY, version)
        assert (verdict.answer, verdict.records, verdict.waits_for) == (UNKNOWN, 99, "")


def test_a_segment_floor_names_the_segment_that_fails_by_most() -> None:
    version = card(group(), group("young", loss=0.2), group("old", loss=0.4, records=60))
    verdict = SegmentFloor(most=0.15).admits(NOBODY, version)
    assert verdict.answer == NO
    assert verdict.value == pytest.approx(0.25)
    assert verdict.why.startswith("old has a loss of 0.4 on 60 records")
    assert SegmentFloor(most=0.4).admits(NOBODY, version).answer == YES
    assert SegmentFloor(worse_by=0.0).admits(NOBODY, version).answer == YES


def test_a_small_segment_keeps_the_gate_shut_unless_it_is_left_out_on_purpose() -> None:
    version = card(group(), group("young"), group("old", loss=0.9, records=10))
    assert SegmentFloor(most=0.3).admits(NOBODY, version).answer == UNKNOWN
    assert SegmentFloor(most=0.3, skip_small=True).admits(NOBODY, version).answer == YES


def test_a_fairness_gap_is_judged_by_the_upper_end_of_its_interval() -> None:
    """0.6 ± 0.025 and 0.52 ± 0.025: the gap of 0.08 has a half width of 1.96 · 0.0354."""
    a = group("a", answer=Mean(value=0.6, error=0.025))
    b = group("b", answer=Mean(value=0.52, error=0.025))
    verdict = FairnessGap(most=0.1).admits(NOBODY, card(group(), a, b))
    assert verdict.answer == NO
    assert verdict.value == pytest.approx(0.08 + 1.96 * 0.0354, abs=1e-3)
    assert FairnessGap(most=0.1, sure=0.0).admits(NOBODY, card(group(), a, b)).answer == YES
    assert (
        FairnessGap(most=0.05, of="loss", sure=0).admits(NOBODY, card(group(), a, b)).answer == YES
    )
    assert FairnessGap().admits(NOBODY, card(group())).answer == UNKNOWN


def test_calibration_and_suite_are_read_from_the_report() -> None:
    assert Calibrated().admits(NOBODY, card(group(), calibration_error=0.06)).answer == NO
    assert Calibrated().admits(NOBODY, card(group(), calibration_error=0.04)).answer == YES
    assert Calibrated().admits(NOBODY, card(group())).answer == UNKNOWN
    assert PassesSuite().admits(NOBODY, card(group(), suite_failed=True)).answer == NO
    assert PassesSuite().admits(NOBODY, card(group(), suite_failed=False)).answer == YES
    assert PassesSuite().admits(NOBODY, card(group())).answer == UNKNOWN


# -- gates at work ---------------------------------------------------------------------------


def test_after_a_drift_a_rebuilt_version_beats_the_champion_and_before_it_does_not() -> None:
    gate = BeatsChampion(margin=0.05)
    ledger = gated(gate)
    answers = {fact.about: fact for fact in log(ledger, gate.words)}
    assert answers["v1"].answer == NO
    assert answers["v3"].answer == YES
    assert answers["v3"].records == pytest.approx(0.2 * 6.5 * 2_400, rel=0.05)
    assert days(ledger, "promote") == [pytest.approx(21 + 1 / 24)]


def test_a_version_without_a_signal_does_not_beat_the_naive_answer() -> None:
    noise = Stream(concept=Linear(columns=4, noise=0.5), traffic=Traffic(rate="100/h"))
    assert days(gated(BeatsNaive(), stream=noise), "promote") == []
    assert len(days(gated(BeatsNaive()), "promote")) == 4


def test_a_version_that_never_saw_a_column_breaks_the_contract() -> None:
    gate = KeepsContract()
    ledger = gated(gate, drift="", faults=(Drop(at="1d", columns=("x1",)),))
    said = {fact.about: (fact.answer, fact.why) for fact in log(ledger, gate.words)}
    assert said["v1"] == (YES, "all 4 are there")
    assert said["v3"] == (NO, "it was built without x1")


def test_lineage_is_complete_and_releases_are_ready_in_a_sound_world() -> None:
    ledger = gated(LineageComplete(), ReleaseReady())
    assert len(days(ledger, "promote")) == 4


def test_a_sign_off_takes_its_time_from_office_hours_on() -> None:
    """Ready on Monday at 1:00; signed two days after 9:00."""
    ledger = gated(SignOff(takes="2d"))
    assert days(ledger, "promote")[0] == pytest.approx(7 + 2 + 1 / 24 * 24)
    hourly = played(replace(WEEKLY, gates=(SignOff(takes="2d"),), heartbeat="1h"))
    assert days(hourly, "promote")[0] == pytest.approx(7 + 2 + 9 / 24)
    assert {fact.waits_for for fact in log(hourly, "product signs") if fact.answer == UNKNOWN} == {
        "people"
    }


def test_a_pre_approved_class_skips_the_sign_off() -> None:
    small = SkippedFor(gate=SignOff(takes="3d"), when=(BeatsChampion(margin=0.05),))
    ledger = gated(small)
    waits = {f.about: f.answer for f in reversed(log(ledger, small.words))}
    assert waits["v1"] == UNKNOWN
    assert YES in {waits.get("v3"), waits.get("v2")}


def test_several_in_a_row_counts_back_through_the_log() -> None:
    """The drift comes on day 14: the versions of days 7 and 14 are no better, 21 and 28 are."""
    better = BeatsChampion(margin=-0.02)
    ledger = gated(InARow(gate=better, times=3), drift="")
    answers = [f.answer for f in log(ledger) if f.part.endswith("in a row)")]
    assert answers == [NO, NO, YES, YES]


def test_a_budget_of_latency_is_kept_and_unknown_where_nothing_waits() -> None:
    gate = WithinBudget(p99_ms=400.0)
    queue = Service(queue=Queue(mean="50ms"))
    assert len(days(gated(gate, service=queue, drift=""), "promote")) == 4
    assert days(gated(WithinBudget(p99_ms=1.0), service=queue, drift=""), "promote") == []
    assert days(gated(gate, drift=""), "promote") == []


def test_a_plug_in_gate_is_one_function() -> None:
    ledger = gated(Custom(check=refuses_all))
    why = next(fact.why for fact in ledger.of(Acted) if fact.action == "archive")
    assert why == "not admitted (refuses all: v1 is not wanted)"


def test_a_regression_that_the_test_finds_is_not_released() -> None:
    code = Parametric(slope=0.002, regress=0.5, regression=0.2, misses=0.0)
    kind: dict[str, Any] = {
        "stream": Stream(concept=Moving(speed=1.0), traffic=Traffic(rate="20/h")),
        "artifact": code,
        "loss": Expected(),
        "labels": Labels(delay=Constant(delay="1h")),
        "horizon": "20w",
    }
    ledger = gated(PassesSuite(), drift="", **kind)
    answers = [fact.answer for fact in log(ledger, "its behavioural cases")]
    assert answers.count(NO) > 3 < answers.count(YES)
    assert len(days(ledger, "promote")) == answers.count(YES)


def test_one_policy_with_segments_reads_the_report_of_each() -> None:
    segments = Segments(names=("young", "old"), shares=(0.7, 0.3))
    turned = ConceptDrift(at="8d", to=Linear(columns=4, angle=90.0), segment="old")
    stream = Stream(
        concept=Linear(columns=4),
        traffic=Traffic(rate="100/h"),
        segments=segments,
        drifts=(turned,),
    )
    floor = SegmentFloor(most=0.3)
    ledger = gated(floor, stream=stream)
    said = {fact.about: fact for fact in log(ledger, floor.words)}
    assert said["v1"].answer == YES
    assert said["v3"].answer == NO
    assert said["v3"].why.startswith("old has a loss of")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: SegmentFloor(), "give most or worse_by"),
        (lambda: WithinBudget(), "give p99_ms or spent"),
        (lambda: BeatsChampion(sure=1.0), r"beats_champion\.sure is 1\.0"),
        (lambda: FairnessGap(of="colour"), r"fairness_gap\.of is 'colour'"),
        (lambda: SignOff(owner="boss"), r"sign_off\.owner is 'boss'"),
        (lambda: SkippedFor(gate=SignOff(), when=()), r"skipped_for\.when"),
        (lambda: Custom(check="no"), r"custom\.check is 'no'"),  # type: ignore[arg-type]
    ],
)
def test_what_makes_no_sense_is_refused(make: Any, said: str) -> None:
    with pytest.raises(Mistake, match=said):
        make()


def test_times_in_the_log_are_whole_days_of_waiting() -> None:
    ledger = gated(SignOff(takes="2d"))
    said = [fact for fact in ledger.of(Decided) if fact.part.startswith("product")]
    assert said[0].threshold == 2.0
    assert said[0].at_us == 7 * DAY_US + HOUR_US
