"""Measured again and again: what fails, what is forgiven, what was never seen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from sim.clock import us
from sim.errors import Mistake
from sim.facts import Routed
from sim.ledger import Ledger
from strategies.manifests import from_argo
from strategies.policy import Policy
from strategies.rollouts import Beyond, Stage, Staged
from strategies.rollouts.measured import Measured
from strategies.rollouts.seen import Seen
from strategies.triggers import OnSchedule
from strategies.verdict import NO, YES, Verdict
from tests.strategies.worlds import days, log, played

GOOD = Beyond(metric="quality", least=0.8, most=None, minimum=1)


def policy(*stops: Measured, stages: tuple[Stage, ...] | None = None) -> Policy:
    plan = stages or (Stage(share=0.3, hold="1d"), Stage(share=0.6, hold="1d"))
    return Policy(
        trigger=OnSchedule(every="7d"), rollout=Staged(stages=plan, stops=stops), heartbeat="1h"
    )


def out(*stops: Measured, **kind: Any) -> Ledger:
    """Five weeks, in which whatever is built on the old rule is wrong from day 14 on."""
    return played(policy(*stops), **kind)


def test_a_version_that_fails_too_often_is_withdrawn_and_others_are_not() -> None:
    ledger = out(Measured(of=(GOOD,), every="2h", failures=2))
    first = days(ledger, "rollback")[0]
    # out on day 14.04; three stretches of two hours, whose labels come twelve hours later
    assert 14.7 <= first <= 15.0
    assert days(ledger, "promote")[0] == pytest.approx(9.1, abs=0.2)
    why = log(ledger, "quality below 80 %")
    assert any("measurements failed" in said.why and said.answer == "yes" for said in why)


def test_more_failures_are_forgiven_than_there_are_measurements() -> None:
    assert not days(out(Measured(of=(GOOD,), every="2h", failures=1_000)), "rollback")


def test_failures_add_up_over_stages_from_the_one_in_which_it_begins() -> None:
    one = days(out(Measured(of=(GOOD,), every="12h", failures=2)), "rollback")[0]
    assert one > 15.5  # three stretches of half a day: the third lies in the second stage
    late = days(out(Measured(of=(GOOD,), every="2h", failures=2, since=1)), "rollback")[0]
    assert late > 15.5


def test_what_belongs_to_one_stage_is_measured_there_alone_and_waited_for() -> None:
    only = Measured(of=(GOOD,), every="4h", count=6, failures=1_000, only=True)
    waits = days(out(only, delay="1d"), "promote")[0]
    free = days(out(replace(only, only=False), delay="1d"), "promote")[0]
    assert waits == pytest.approx(free + 1.0, abs=0.2)  # the labels of the last stretch
    assert not days(out(replace(only, failures=0, since=1), drift=""), "rollback")


def test_measurements_that_see_nothing_withdraw_after_so_many_in_a_row() -> None:
    few = (Stage(share=0.001, hold="2d"),)
    blind = Measured(of=(GOOD,), every="1h", lost=4, failures=1_000)
    ledger = played(policy(blind, stages=few), drift="")
    assert days(ledger, "rollback")
    assert any("in a row saw nothing" in said.why for said in log(ledger, "quality below"))
    assert not days(played(policy(replace(blind, lost=-1), stages=few), drift=""), "rollback")


@dataclass(frozen=True, kw_only=True)
class Spell:
    """Fails whatever is measured on one afternoon."""

    metric: str = "errors"
    words: str = "a bad afternoon"

    def stops(self, seen: Seen) -> Verdict:
        """Say yes on the afternoon of day 7."""
        bad = us("7d 12h") <= seen.since_us < us("7d 18h")
        return Verdict(self.words, YES if bad else NO, "so it is")


SPELL: Any = Spell()


def test_a_failure_holds_the_stage_until_a_measurement_passes_where_that_was_agreed_on() -> None:
    plan = tuple(Stage(share=share, hold="6h") for share in (0.1, 0.3, 0.5))
    free = Measured(of=(SPELL,), every="2h", failures=10, lost=-1)
    held = replace(free, holds=True)
    entered = []
    for stop in (free, held):
        routes = played(policy(stop, stages=plan), drift="").of(Routed)
        entered.append(next(fact.at_us / us("1d") for fact in routes if fact.stage == 2))
    # out on day 7.125: two stages of six hours and five seconds are over with the heartbeat at
    # 7.667, in the afternoon; the first stretch after it begins at 7.79 and passes two hours later
    assert entered == pytest.approx([7.667, 7.875], abs=0.01)
    assert "a failure holds the stage" in held.words


def test_too_many_failures_withdraw_a_version_that_is_held() -> None:
    plan = tuple(Stage(share=share, hold="6h") for share in (0.1, 0.3))
    held = Measured(of=(SPELL,), every="1h", failures=2, lost=-1, holds=True)
    assert days(played(policy(held, stages=plan), drift=""), "rollback")


def test_where_a_failure_holds_a_measurement_without_an_outcome_is_one() -> None:
    few = (Stage(share=0.001, hold="2d"),)
    held = Measured(of=(Beyond(minimum=1),), every="1h", failures=3, lost=-1, holds=True)
    assert days(played(policy(held, stages=few), drift=""), "rollback")
    unseen = (Stage(unseen=True, share=0.0, hold="1d"), Stage(share=0.5, hold="1d"))
    assert days(played(policy(held, stages=unseen), drift=""), "promote")  # a shadow answers nobody


def test_doubt_is_counted_for_itself() -> None:
    doubt = Beyond(metric="quality", least=0.9999, most=None, minimum=1)
    sure = Measured(of=(GOOD,), every="6h", doubt=(doubt,), doubts=0)
    ledger = out(sure, drift="")
    assert days(ledger, "rollback")
    assert any("are doubtful" in said.why for said in log(ledger, "quality below"))
    assert not days(out(replace(sure, doubts=1_000), drift=""), "rollback")


def test_a_metric_that_is_not_measured_here_stops_nobody() -> None:
    slow = Beyond(metric="latency", most=1.0, minimum=1)
    assert not days(out(Measured(of=(slow,), every="1h"), drift=""), "rollback")


def test_an_argo_manifest_withdraws_what_its_analysis_fails() -> None:
    source = (
        "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: web}\n"
        "spec: {strategy: {canary: {steps: [{setWeight: 30}, {pause: {duration: 2h}}, "
        "{analysis: {templates: [{templateName: good}]}}, {setWeight: 60}, "
        "{pause: {duration: 10h}}]}}}\n---\n"
        "apiVersion: argoproj.io/v1alpha1\nkind: AnalysisTemplate\nmetadata: {name: good}\n"
        "spec: {metrics: [{name: csat, interval: 3h, count: 4, failureLimit: 1, "
        "successCondition: 'result[0] >= 0.8'}]}\n"
    )
    found = from_argo("web.yaml", source=source, metrics={"csat": "quality"}).policy
    ledger = played(found)
    assert days(ledger, "promote")[0] == pytest.approx(
        7.1 + (14 + 12 + 10) / 24, abs=0.25
    )  # labels waited for
    assert days(ledger, "rollback")[0] == pytest.approx(14.04 + (2 + 6 + 12) / 24, abs=0.15)


def test_mistakes_are_named() -> None:
    for how, said in (
        ({"of": ()}, "measured.of is"),
        ({"of": (GOOD,), "every": "0s"}, "measured.every is '0s'"),
        ({"of": (GOOD,), "failures": -1}, "measured.failures is -1"),
    ):
        with pytest.raises(Mistake, match=said.replace("(", r"\(")):
            Measured(**how)
