"""First find out, then act, then see whether it helped: policies in small worlds."""

from __future__ import annotations

from typing import Any

import pytest

from sim.clock import DAY_US, us
from sim.concepts import GaussianClasses
from sim.drift import ConceptDrift
from sim.errors import Mistake
from sim.facts import Acted, Built, Decided, Found, Refreshed, Routed
from sim.faults import CostChange, Drop
from sim.ledger import Ledger
from sim.losses import Costs
from sim.people import People
from sim.stream import Stream
from sim.traffic import Traffic
from strategies.check import check_strategy
from strategies.gates import OnlyAdjusted, SignOff, SkippedFor
from strategies.monitors import Contract
from strategies.policy import Policy
from strategies.responses import (
    AdjustWhen,
    InvestigateFirst,
    MeasureImpact,
    PageOwners,
    RefreshAfterRepair,
)
from strategies.triggers import (
    AllOf,
    ChangeLands,
    Cooldown,
    OnDrift,
    OnFinding,
    OnSchedule,
    Performance,
)
from strategies.verdict import NO, YES
from strategies.windows import LastSpan
from tests.strategies.worlds import days, late_loss, log, played

WORSE = Performance(worse_by=0.05, last="2d")
EVERY = (
    AdjustWhen(when=WORSE),
    AdjustWhen(when=WORSE, knob="calibration"),
    InvestigateFirst(),
    InvestigateFirst(when=WORSE, layer="performance", owner="data"),
    MeasureImpact(),
    RefreshAfterRepair(),
)
SURE = People(mistaken=0.0, office=False, sigma=0.0)
BROKEN = Drop(at="9d", columns=("x0",), fixed_by="data")
CLASSES = GaussianClasses(columns=3, distance=2.0, prior=0.3)
DEAR = CostChange(at="14d", to=Costs(false_positive=1.0, false_negative=9.0))
STEADY = Stream(concept=CLASSES, traffic=Traffic(rate="100/h"))

CAREFUL = Policy(
    name="careful",
    monitors=(Contract(),),
    trigger=Cooldown(of=OnFinding(), rest="3d"),
    window=LastSpan(span="1d"),  # with a longer one it would learn the world before
    responses=(
        InvestigateFirst(when=WORSE, rest="3d", window="2d"),
        MeasureImpact(last="2d", wait="12h"),
    ),
)


def verbs(ledger: Ledger) -> list[str]:
    return [fact.action for fact in ledger.of(Acted)]


@pytest.mark.parametrize("response", EVERY, ids=lambda response: response.words[:40])
def test_every_response_is_sound_and_says_in_words_what_it_does(response: Any) -> None:
    policy = Policy(
        monitors=(Contract(),),
        trigger=OnSchedule(every="10d"),
        responses=(PageOwners(), response),
    )
    assert check_strategy(policy) == []
    assert response.words


def test_a_policy_that_waits_for_findings_is_sound() -> None:
    assert check_strategy(CAREFUL) == []


def test_a_changed_world_is_looked_into_then_rebuilt_then_measured() -> None:
    ledger = played(CAREFUL, people=SURE)
    assert verbs(ledger)[:3] == ["investigate", "retrain", "promote"]
    looked, rebuilt = days(ledger, "investigate")[0], days(ledger, "retrain")[0]
    assert rebuilt == pytest.approx(looked + 4 / 24)  # it waits for what is found
    impact = [f for f in ledger.of(Decided) if f.part == "did it help?"]
    assert (impact[0].about, impact[0].answer) == ("v1", YES)
    assert impact[0].value is not None
    assert impact[0].value > 0.1


def test_another_price_is_met_with_a_threshold_and_no_training() -> None:
    ledger = played(CAREFUL, stream=STEADY, faults=(DEAR,), people=SURE)
    assert "retrain" not in verbs(ledger)
    assert ledger.of(Built)[1].made == "threshold"
    assert late_loss(ledger) < 0.9 * late_loss(
        played(Policy(), stream=STEADY, faults=(DEAR,), people=SURE)
    )


def test_a_broken_feed_is_quarantined_and_its_owner_called_and_nothing_is_trained() -> None:
    policy = Policy(
        monitors=(Contract(),),
        trigger=OnFinding(),
        responses=(InvestigateFirst(when=OnDrift(layer="input"), rest="7d"),),
    )
    ledger = played(policy, drift="", faults=(BROKEN,), people=SURE)
    assert verbs(ledger)[:4] == ["investigate", "page", "quarantine", "quarantine"]
    assert [f.quarantined for f in ledger.of(Routed)] == [(), ("x0",), ()]  # until it is repaired
    assert ledger.of(Found)[0].columns == ("x0",)


def test_an_alarm_about_nothing_is_acknowledged_and_open_no_more() -> None:
    """The feed broke for an hour and is well again when somebody looks."""
    policy = Policy(
        monitors=(Contract(limit=0.0),),
        responses=(InvestigateFirst(when=OnDrift(layer="input"), rest="1h"),),
        heartbeat="6h",
    )
    short = Drop(at="9d", until="9d 1h", columns=("x0",))
    ledger = played(policy, drift="", faults=(short,), people=SURE)
    assert verbs(ledger)[:2] == ["investigate", "acknowledge"]
    assert verbs(ledger).count("investigate") == verbs(ledger).count("acknowledge")
    assert log(ledger, "an alarm of the input layer is open")[-1].answer == NO


def test_a_wrong_answer_is_acted_upon() -> None:
    """People who always err never name the world, so nothing is ever rebuilt."""
    ledger = played(CAREFUL, people=People(mistaken=1.0, office=False))
    assert ledger.of(Found)
    assert "world" not in {fact.cause for fact in ledger.of(Found)}
    assert "retrain" not in verbs(ledger)


def test_a_threshold_may_skip_the_signature_that_a_training_needs() -> None:
    gates = (SkippedFor(gate=SignOff(takes="5d"), when=(OnlyAdjusted(),)),)
    by_threshold = Policy(
        responses=(AdjustWhen(when=WORSE, window="2d"),), gates=gates, heartbeat="6h"
    )
    by_training = Policy(trigger=Cooldown(of=WORSE, rest="7d"), gates=gates, heartbeat="6h")
    quick = played(by_threshold, stream=STEADY, faults=(DEAR,))
    slow = played(by_training, stream=STEADY, faults=(DEAR,))
    first, second = (x.of(Routed)[1].at_us - 14 * DAY_US for x in (quick, slow))
    assert first < us("2d")
    assert second > us("5d")


def test_what_was_broken_is_collected_again_before_it_is_learned() -> None:
    policy = Policy(
        monitors=(Contract(),),
        trigger=Cooldown(of=ChangeLands(rules=False, repairs=False, refreshes=True), rest="7d"),
        window=LastSpan(span="10d"),
        responses=(PageOwners(), RefreshAfterRepair()),
    )
    ledger = played(policy, drift="", faults=(BROKEN,), people=SURE)
    assert verbs(ledger)[:3] == ["page", "refresh", "retrain"]
    assert ledger.of(Refreshed)[0].text == "otherwise than before: x0"
    assert days(ledger, "retrain")[0] == pytest.approx(ledger.of(Refreshed)[0].at_us / DAY_US)


def test_a_version_that_did_not_help_is_told_so() -> None:
    """Where nothing has changed, a new champion is no better than the old one."""
    policy = Policy(
        trigger=OnSchedule(every="10d"), responses=(MeasureImpact(last="2d", wait="12h"),)
    )
    found = [f for f in played(policy, drift="").of(Decided) if f.part == "did it help?"]
    assert [fact.answer for fact in found] == [NO] * len(found)
    assert len(found) >= 2


def test_findings_compose_with_other_triggers() -> None:
    policy = Policy(
        trigger=AllOf(of=(OnFinding(causes=("world", "rule")), WORSE)),
        window=LastSpan(span="3d"),
        responses=(InvestigateFirst(when=WORSE, rest="3d"),),
    )
    turned = ConceptDrift(at="14d", to=GaussianClasses(columns=3, distance=2.0, prior=0.9))
    assert turned.kind == "concept"
    assert "retrain" in verbs(played(policy, people=SURE))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: AdjustWhen(when=WORSE, knob="weights"), r"adjust_when\.knob is 'weights'"),
        (lambda: InvestigateFirst(owner="boss"), r"investigate_first\.owner is 'boss'"),
        (lambda: InvestigateFirst(layer="outputs"), r"investigate_first\.layer is 'outputs'"),
        (lambda: OnFinding(causes=("weather",)), r"on_finding\.causes is 'weather'"),
        (lambda: MeasureImpact(minimum=1), r"measure_impact\.minimum is 1"),
    ],
)
def test_what_makes_no_sense_is_refused(make: Any, said: str) -> None:
    with pytest.raises(Mistake, match=said):
        make()
