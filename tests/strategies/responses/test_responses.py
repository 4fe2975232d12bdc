"""What is done besides rebuilding, through runs of small worlds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.errors import Mistake
from sim.facts import Alarm, Labelled, Routed
from sim.faults import Drop
from strategies.check import check_strategy
from strategies.gates import Frozen
from strategies.monitors import Contract
from strategies.policy import Policy
from strategies.responses import AskLabelsWhen, FallBackWhile, PageOwners, QuarantineBroken
from strategies.triggers import OnDrift, OnSchedule
from strategies.verdict import UNKNOWN
from tests.strategies.worlds import days, log, played

ASKS = AskLabelsWhen(when=OnDrift(layer="input"), share=0.5, last="2d", rest="20d")
EVERY = (FallBackWhile(when=OnDrift(layer="input")), PageOwners(), QuarantineBroken(), ASKS)
BROKEN = Drop(at="9d", columns=("x1",), fixed_by="data")


def watching(*responses: Any, **more: Any) -> Policy:
    return Policy(monitors=(Contract(),), responses=responses, **more)


@pytest.mark.parametrize("response", EVERY, ids=lambda response: type(response).__name__)
def test_every_response_is_sound_and_says_in_words_what_it_does(response: Any) -> None:
    assert check_strategy(watching(response)) == []
    assert response.words


def test_owners_are_called_once_for_each_time_that_something_breaks() -> None:
    ledger = played(watching(PageOwners()), drift="", faults=(BROKEN,))
    assert days(ledger, "page") == [pytest.approx(9 + 1 / 24)]


def test_owners_of_other_layers_are_left_in_peace() -> None:
    ledger = played(watching(PageOwners(layer="performance")), drift="", faults=(BROKEN,))
    assert days(ledger, "page") == []
    assert ledger.of(Alarm)


def test_the_fallback_answers_while_an_alarm_is_open() -> None:
    ledger = played(
        watching(FallBackWhile(when=OnDrift(layer="input"))), drift="", faults=(BROKEN,)
    )
    assert days(ledger, "fallback") == [pytest.approx(9 + 1 / 24)]
    assert ledger.of(Routed)[-1].fallback


def test_people_are_asked_for_labels_once_in_a_while() -> None:
    ledger = played(watching(ASKS), drift="", faults=(BROKEN,))
    asked = days(ledger, "ask for labels")
    assert asked[0] == pytest.approx(9 + 1 / 24)
    assert (np.diff(asked) >= 20).all()
    assert all(told.records > 0 for told in ledger.of(Labelled))


def test_a_broken_column_is_in_quarantine_until_its_repair_is_reported() -> None:
    ledger = played(watching(PageOwners(), QuarantineBroken()), drift="", faults=(BROKEN,))
    apart = [fact.quarantined for fact in ledger.of(Routed)]
    assert apart == [(), ("x1",), ()]
    assert len(days(ledger, "quarantine")) == 2


def test_a_freeze_holds_versions_back_until_the_layer_has_been_quiet() -> None:
    """The feed breaks on day 6 and is repaired within a day of office hours."""
    early = Drop(at="6d 20h", columns=("x1",), fixed_by="data")
    frozen = watching(PageOwners(), trigger=OnSchedule(every="7d"), gates=(Frozen(quiet="2d"),))
    ledger = played(frozen, drift="", faults=(early,))
    last = max(alarm.at_us for alarm in ledger.of(Alarm)) / 86_400e6
    assert 6.8 < last < 7
    assert days(ledger, "promote")[0] >= last + 2
    assert UNKNOWN in [fact.answer for fact in log(ledger, "the input layer has been quiet")]


def test_responses_that_make_no_sense_are_refused() -> None:
    with pytest.raises(Mistake, match=r"fall_back_while\.when is 3"):
        FallBackWhile(when=3)  # type: ignore[arg-type]
    with pytest.raises(Mistake, match=r"frozen\.layer is 'outputs'"):
        Frozen(layer="outputs")
    with pytest.raises(Mistake, match=r"page_owners\.owner is 'boss'"):
        PageOwners(owner="boss")
