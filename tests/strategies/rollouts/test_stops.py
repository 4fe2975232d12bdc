"""Rules that withdraw a version: what they say, and how often they must."""

from __future__ import annotations

import pytest

from sim.clock import us
from sim.facts import Acted, Routed
from strategies.rollouts import AfterMeeting, Beyond, Canary, Repeated, Worse
from strategies.verdict import NO
from tests.strategies.rollouts.test_staged import FAILING, rolled
from tests.strategies.worlds import log


def test_rules_are_said_in_words() -> None:
    assert Worse(points=0.05, sure=0.95).words == (
        "quality more than 5 points below the champion (0.95 sure that it is)"
    )
    assert Beyond(metric="completed", most=None, least=0.7).words == "completed below 70 %"
    assert Repeated(of=Beyond(), times=2, every="6h").words == (
        "errors above 2 %, 2 times in a row, measured every 6h"
    )


@pytest.mark.parametrize("in_a_row", [True, False])
def test_a_rule_can_want_several_failures(in_a_row: bool) -> None:
    rule = Repeated(of=Beyond(minimum=5), times=4, every="3h", in_a_row=in_a_row)
    canary = Canary(share=0.3, hold="4d", stops=(rule,))
    ledger = rolled(canary, faults=FAILING, horizon="13d")
    (back,) = [fact for fact in ledger.of(Acted) if fact.action == "rollback"]
    began = next(f.at_us for f in ledger.of(Routed) if f.challenger)
    assert back.at_us - began >= 4 * us("3h")
    assert "4 times" in back.why
    assert NO in {f.answer for f in log(ledger, rule.words)}


def test_a_rule_that_is_agreed_on_afterwards_stops_by_what_was_known_before_the_meeting() -> None:
    rule = Beyond(minimum=50)
    asked = []
    for stop in (rule, AfterMeeting(of=rule, takes="36h")):
        ledger = rolled(Canary(share=0.3, hold="6d", stops=(stop,)), faults=FAILING, horizon="15d")
        asked.append(next(fact for fact in ledger.of(Acted) if fact.action == "rollback"))
    assert abs(asked[1].at_us - asked[0].at_us - us("36h")) <= us("2h")
    assert "before the meeting: " in asked[1].why
