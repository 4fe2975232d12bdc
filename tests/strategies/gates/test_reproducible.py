"""A version that is built again has to come out the same."""

from __future__ import annotations

import pytest
from sklearn.linear_model import SGDClassifier

from sim.artifacts import Learned
from sim.clock import us
from sim.errors import Mistake
from sim.facts import Built, Rebuilt
from sim.faults import ForgottenSeed
from sim.scenario import Training
from strategies.gates import BeatsNaive, InARow, Reproducible, SkippedFor
from strategies.gates.gate import Gate
from strategies.policy import Policy
from strategies.triggers import OnSchedule
from strategies.verdict import NO, UNKNOWN, YES
from strategies.windows import LastSpan
from tests.strategies.worlds import days, log, played

SHALLOW = Learned(estimator=SGDClassifier(max_iter=20, tol=None, random_state=0))
FORGOTTEN = ForgottenSeed(at="1d")


def weekly(*gates: Gate) -> Policy:
    return Policy(trigger=OnSchedule(every="7d"), window=LastSpan(span="7d"), gates=gates)


def test_a_sound_version_is_built_twice_and_let_out() -> None:
    ledger = played(weekly(Reproducible()), drift="", training=Training(fixed="5h"))
    said = log(ledger, Reproducible().words)
    assert [fact.answer for fact in said[:2]] == [UNKNOWN, YES]
    assert said[1].records > 1_000
    assert days(ledger, "promote")[0] == pytest.approx(7 + 10 / 24)
    assert len(days(ledger, "rebuild")) == len(days(ledger, "retrain"))


def test_a_version_of_a_forgotten_seed_is_put_away_and_the_log_says_by_how_much() -> None:
    ledger = played(weekly(Reproducible()), drift="", artifact=SHALLOW, faults=(FORGOTTEN,))
    refused = [fact for fact in log(ledger, Reproducible().words) if fact.answer == NO]
    assert len(refused) == len(ledger.of(Built)) - 1
    assert all(fact.value is not None and fact.value > 0 for fact in refused)
    assert "records are answered otherwise" in refused[0].why
    assert days(ledger, "promote") == []


def test_a_tolerance_lets_it_pass() -> None:
    lenient = Reproducible(differs=0.5)
    ledger = played(weekly(lenient), drift="", artifact=SHALLOW, faults=(FORGOTTEN,))
    assert days(ledger, "promote")


def test_nothing_is_built_again_that_another_gate_refuses() -> None:
    ledger = played(weekly(BeatsNaive(margin=0.9), Reproducible()), drift="")
    assert days(ledger, "rebuild") == []
    assert days(ledger, "archive")


def test_gates_made_of_gates_ask_as_well() -> None:
    for gate in (
        SkippedFor(gate=Reproducible(), when=(BeatsNaive(margin=0.9),)),
        InARow(gate=Reproducible()),
    ):
        ledger = played(weekly(gate), drift="")
        again = ledger.of(Rebuilt)
        assert len(again) == len(days(ledger, "retrain")), gate
        assert again[0].at_us == us("7d") + 2 * us("1h")


def test_a_share_above_one_is_refused() -> None:
    with pytest.raises(Mistake, match=r"reproducible\.differs is 2"):
        Reproducible(differs=2)
