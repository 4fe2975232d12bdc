"""A policy decides by its parts, remembers nothing and writes down what its parts say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from sim.actions import Action, Note, Promote, Retrain
from sim.cards import VersionCard
from sim.clock import DAY_US
from sim.errors import Mistake, Refused
from sim.facts import Acted, Built, Decided
from sim.ledger import Ledger
from sim.run import run
from sim.view import View
from sim.world import World
from strategies.check import check_strategy
from strategies.detectors import ADWIN
from strategies.monitors import OnErrors
from strategies.policy import Policy
from strategies.responses import PageOwners
from strategies.rollouts import ShadowFirst
from strategies.triggers import AnyOf, Cooldown, OnDrift, OnSchedule, Performance
from strategies.verdict import NO, PEOPLE, UNKNOWN, YES, Verdict
from strategies.windows import LastSpan, SinceTheAlarm
from tests.strategies.worlds import days, late_loss, log, played, world

WEEKLY = Policy(trigger=OnSchedule(every="7d"), window=LastSpan(span="7d"))
WATCHFUL = Policy(
    monitors=(OnErrors(detector=ADWIN()),),
    trigger=Cooldown(of=AnyOf(of=(OnDrift(), Performance(worse_by=0.1)))),
    window=SinceTheAlarm(wait_for=500),
    responses=(PageOwners(),),
)


@dataclass(frozen=True, kw_only=True)
class Saying:
    """A gate that says what it is told to say."""

    answer: str
    waits_for: str = ""

    @property
    def words(self) -> str:
        """Its answer."""
        return f"a gate that says {self.answer}"

    def admits(self, view: View, version: VersionCard) -> Verdict:
        """Say it."""
        return Verdict(self.words, self.answer, "by 0.1", 0.3, 0.2, 77, self.waits_for)


@dataclass(frozen=True, kw_only=True)
class WeeklyByHand:
    """Rebuilds by the calendar, in its own words."""

    def decide(self, view: View) -> Iterator[Action]:
        """Promote what is ready, else train when it is time."""
        if view.candidate and not view.changing:
            yield Promote(view.candidate)
        elif not view.jobs and not view.candidate and view.since_build >= 7:
            yield Retrain("7d")


def test_a_policy_by_the_calendar_does_what_a_strategy_by_hand_does() -> None:
    mine = [fact for fact in played(WEEKLY).facts if not isinstance(fact, Decided)]
    theirs = played(WeeklyByHand()).facts
    told = [[(f.at_us, f.kind) for f in facts] for facts in (mine, theirs)]
    assert told[0] == told[1]


def test_a_sound_policy_passes_the_conformance_check() -> None:
    for policy in (Policy(), WEEKLY, WATCHFUL):
        assert check_strategy(policy) == []


def test_how_far_is_looked_ahead_changes_nothing() -> None:
    digests = {run(world(), WATCHFUL, seed=2, block=b).digest() for b in (None, 7, 1_000)}
    assert len(digests) == 1


def test_a_watchful_policy_recovers_from_a_drift() -> None:
    assert late_loss(played(WATCHFUL)) < 0.2 < late_loss(played(Policy()))


@pytest.mark.parametrize("heartbeat", ["1h", "1d"])
def test_a_part_that_says_the_same_again_is_not_written_down_again(heartbeat: str) -> None:
    ledger = played(replace(WATCHFUL, heartbeat=heartbeat))
    said: dict[tuple[str, str], tuple[str, str]] = {}
    for fact in ledger.of(Decided):
        now = (fact.answer, fact.waits_for)
        assert said.get((fact.part, fact.about)) != now
        said[fact.part, fact.about] = now
    assert len(ledger.of(Decided)) < 60


def test_every_training_follows_a_yes_of_the_trigger_with_value_and_reason() -> None:
    ledger = played(WEEKLY)
    asked = days(ledger, "retrain")
    yes = [fact for fact in log(ledger, "every 7d") if fact.answer == YES]
    assert [fact.at_us / DAY_US for fact in yes] == asked == [7.0, 14.0, 21.0, 28.0]
    assert all(fact.value == fact.threshold == 7.0 for fact in yes)


def test_a_version_that_a_gate_refuses_is_put_away_and_never_serves() -> None:
    ledger = played(replace(WEEKLY, gates=(Saying(answer=YES), Saying(answer=NO))))
    assert len(ledger.of(Built)) == 5
    assert days(ledger, "promote") == []
    assert len(days(ledger, "archive")) == 4
    said = [fact for fact in log(ledger, "a gate") if fact.about == "v1"]
    assert [(fact.answer, fact.value, fact.threshold, fact.records) for fact in said] == [
        ("yes", 0.3, 0.2, 77),
        ("no", 0.3, 0.2, 77),
    ]
    why = next(fact.why for fact in ledger.of(Acted) if fact.action == "archive")
    assert why == "not admitted (a gate that says no: by 0.1)"


def test_a_gate_that_cannot_tell_and_waits_for_nothing_does_not_open() -> None:
    ledger = played(replace(WEEKLY, gates=(Saying(answer=UNKNOWN),)))
    assert days(ledger, "promote") == []
    assert len(days(ledger, "archive")) == 4


def test_a_gate_that_waits_for_people_holds_the_version_and_all_further_trainings() -> None:
    ledger = played(replace(WEEKLY, gates=(Saying(answer=UNKNOWN, waits_for=PEOPLE),)))
    assert days(ledger, "retrain") == [7.0]
    assert days(ledger, "archive") == days(ledger, "promote") == []


def test_a_version_in_shadow_is_promoted_when_labels_show_it_no_worse() -> None:
    shadow = ShadowFirst(hold="3d", minimum=300)
    ledger = played(replace(WEEKLY, rollout=shadow), drift="")
    first, promoted = days(ledger, "shadow")[0], days(ledger, "promote")[0]
    assert 3.0 <= promoted - first < 4.2
    (yes,) = [
        f for f in log(ledger, "stage 1: unseen for 3d") if f.answer == YES and f.about == "v1"
    ]
    assert yes.records >= 300
    assert yes.value is not None
    assert yes.threshold == -0.01 <= yes.value


def test_a_version_in_shadow_that_is_worse_is_withdrawn() -> None:
    """It learned from the last three hours alone: 300 records of four columns, and a month's
    champion knows better; with no margin it has to be as good."""
    tiny = replace(WEEKLY, window=LastSpan(span="14h"), rollout=ShadowFirst(hold="2d", worse_by=0))
    ledger = played(tiny, drift="")
    assert days(ledger, "promote") == []
    assert any(fact.answer == NO for fact in log(ledger, "stage 1: unseen for 2d"))


def test_notes_are_kept_if_they_are_news_and_refused_if_they_are_no_answer() -> None:
    stage = World(world(), seed=0, heartbeat="1d")
    view = stage.advance()
    assert view is not None
    stage.act(
        [Note("p", YES, "a"), Note("p", YES, "b"), Note("p", NO, "c"), Note("p", NO, about="v0")]
    )
    assert [(f.why, f.about) for f in view.history if isinstance(f, Decided)] == [
        ("a", ""),
        ("c", ""),
        ("", "v0"),
    ]
    assert view.decided["p", ""].answer == NO
    with pytest.raises(Refused, match=r"note\.answer is 'perhaps'"):
        stage.act([Note("p", "perhaps")])


def test_the_decision_log_survives_being_written_and_read(tmp_path: Any) -> None:
    ledger = played(replace(WEEKLY, gates=(Saying(answer=NO),)))
    ledger.write(tmp_path)
    assert Ledger.read(tmp_path).digest() == ledger.digest()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"trigger": "weekly"}, r"policy\.trigger is 'weekly'"),
        ({"window": "30d"}, r"policy\.window is '30d'"),
        ({"gates": [1]}, r"policy\.gates is \[1\]: give a tuple"),
        ({"gates": (1,)}, r"policy\.gates\[0\] is 1"),
        ({"heartbeat": "often"}, r"policy\.heartbeat is 'often'"),
    ],
)
def test_what_cannot_stand_in_a_policy_is_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(Mistake, match=said):
        Policy(**given)


def test_a_policy_says_what_is_otherwise_than_usual_and_reads_back() -> None:
    names = {c.__name__: c for c in (Policy, OnSchedule, LastSpan, Saying)}
    policy = replace(WEEKLY, gates=(Saying(answer=NO),))
    assert eval(repr(policy), names) == policy
    assert policy.digest != WEEKLY.digest
    assert replace(policy, gates=()).digest == WEEKLY.digest
