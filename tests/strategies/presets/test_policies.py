"""What each policy among the presets is known for, through runs of small worlds."""

from __future__ import annotations

from typing import Any

import pytest

import scenarios
from sim.clock import DAY_US
from sim.errors import Mistake
from sim.facts import Built, Decided, Onset
from sim.faults import CodeCrash
from sim.people import People, Suspicion
from sim.run import run
from sim.timeline import CHALLENGER
from strategies import catalogue
from strategies.beside import Beside
from strategies.check import all_at_once, check_strategy
from strategies.diagnosis import NOT_READY, level, look_first, way_back
from strategies.gates import Reproducible
from strategies.phased import Phase, Phased
from strategies.policy import Policy
from strategies.presets.cadences import (
    always,
    cost_aware,
    data,
    drift,
    hybrid,
    monthly,
    performance,
    weekly,
)
from strategies.presets.journey import journey
from strategies.presets.maturity import level_0, level_1, level_2, unwritten, when_needed
from strategies.presets.organisation import assembly_line, feedback_loop, guarded_hybrid
from strategies.presets.watching import stage_by_stage
from strategies.responses import InvestigateFirst
from strategies.triggers import OnFinding, Performance
from strategies.verdict import YES
from tests.strategies.worlds import days, late_loss, log, played

SUSPICIOUS = People(suspicion=Suspicion(notices=0.05, false_per_year=0.0, window="4d"))
NAMED: dict[str, Any] = {
    name: make for name, make in catalogue().items() if not isinstance(make, type)
}


def first(ledger: Any, verb: str = "promote", after: float = 14.0) -> float:
    """Return the first day after the drift on which something was done."""
    return next((day for day in days(ledger, verb) if day > after), float("inf"))


@pytest.mark.parametrize("name", sorted(NAMED))
def test_every_preset_is_sound_by_the_name_that_it_bears(name: str) -> None:
    preset = NAMED[name]()
    assert check_strategy(preset) == []
    assert isinstance(preset, Phased) or preset.name == name
    assert (NAMED[name].__doc__ or "").split("\n")[0].endswith(".")


@pytest.mark.parametrize("name", sorted(NAMED))
@pytest.mark.parametrize(
    "scenario", ["silent-schema-change", "content-fatigue", "technical-debt", "pipeline-ranking"]
)
def test_presets_get_through_stories_of_models_code_and_content(scenario: str, name: str) -> None:
    """A piece of each, for speed; the deep test plays them all to the end."""
    story = scenarios.catalogue()[scenario](horizon="8w")
    assert run(story, NAMED[name](), seed=0).stopped == ""


@pytest.mark.deep
@pytest.mark.parametrize("name", sorted(NAMED))
@pytest.mark.parametrize("scenario", sorted(scenarios.catalogue()))
def test_every_preset_gets_through_every_story(scenario: str, name: str) -> None:
    assert run(scenarios.catalogue()[scenario](), NAMED[name](), seed=0).stopped == ""


def test_cadences_rebuild_as_often_as_they_say() -> None:
    assert len(days(played(always(), drift=""), "retrain")) == 34
    assert days(played(weekly(), drift=""), "retrain") == [7, 14, 21, 28]
    assert days(played(monthly(), drift=""), "retrain") == [30]


def test_performance_and_drift_rest_while_nothing_happens_and_cost_is_what_always_pays() -> None:
    for quiet in (performance(), drift(), cost_aware(cost=1_000.0)):
        assert len(days(played(quiet, drift=""), "retrain")) <= 1


def test_drift_and_performance_are_quicker_than_the_month() -> None:
    quick, slower, slow = (first(played(p)) for p in (drift(), performance(), monthly()))
    assert max(quick, slower) < slow - 10


def test_data_rebuilds_with_the_traffic_and_not_with_the_drift() -> None:
    half, whole = (len(days(played(data(), rate=rate), "retrain")) for rate in ("50/h", "100/h"))
    assert half == 3
    assert whole == 6


def test_hybrid_answers_a_button_that_is_pressed_wrongly_but_releases_nothing_worse() -> None:
    nervous = People(suspicion=Suspicion(false_per_year=200))
    ledger = played(hybrid(), drift="", people=nervous)
    assert first(ledger, "retrain", after=0) < 5
    pressed = [f for f in log(ledger, "somebody raises") if f.answer == YES]
    assert pressed


def test_cost_aware_rebuilds_the_sooner_the_cheaper_a_training_is() -> None:
    cheap, dear = (first(played(cost_aware(cost=cost))) for cost in (50.0, 2_000.0))
    assert cheap < dear


def test_when_needed_waits_for_a_crisis_and_then_for_a_meeting() -> None:
    assert days(played(when_needed()), "retrain") == []
    ledger = played(when_needed(), people=SUSPICIOUS)
    asked, out = first(ledger, "retrain"), first(ledger)
    assert asked > 14
    assert out - asked >= 5


def test_the_unwritten_rule_costs_its_meeting_while_people_meet_the_version() -> None:
    failing = (CodeCrash(at="14d", requests=0.06),)
    back, met = [], []
    for meeting in ("0s", "5d"):
        ledger = played(unwritten(meeting=meeting), faults=failing)
        back.append(days(ledger, "rollback")[0])
        met.append(int(ledger.timeline.count[: int(24 * back[-1]), CHALLENGER].sum()))
    assert back[1] - back[0] == pytest.approx(5.0, abs=0.5)
    assert met[1] > 1.5 * met[0]


def test_the_higher_the_level_the_sooner_a_better_version_serves() -> None:
    served = [first(played(p)) for p in (level_0(), level_1(), level_2())]
    assert served[0] > served[1] > served[2]
    assert late_loss(played(level_2())) < 0.2


def test_levels_are_those_that_check_names() -> None:
    assert [level(p)[0] for p in (level_0(), level_1(), level_2())] == [0, 1, 2]
    assert level(Policy())[0] == 0
    assert level(weekly())[0] == 1
    assert level(guarded_hybrid())[0] == 2


def test_the_way_back_counts_who_looks_and_what_is_built_twice() -> None:
    policy = Policy(
        trigger=OnFinding(),
        candidates=3,
        gates=(Reproducible(),),
        responses=(InvestigateFirst(when=Performance(worse_by=0.1, last="2d")),),
    )
    hours = [step.takes_us * 24 / DAY_US for step in way_back(policy)]
    assert hours == [48 + 4, 3, 3, 2]  # labels and a look; trainings; once more; the deployment
    assert level(policy)[0] == 1
    stages = way_back(stage_by_stage())
    assert stages[0].what == "labels over 3d show it"
    assert level(stage_by_stage())[0] == 1


def test_the_way_back_is_the_sum_of_what_a_policy_waits_for() -> None:
    steps = {step.what: step.takes_us / DAY_US for step in way_back(level_1())}
    assert steps["the next turn comes"] == 30
    assert steps["product signs"] == 3
    assert way_back(Policy()) == []
    total = [sum(s.takes_us for s in way_back(p)) for p in (level_0(), level_1(), level_2())]
    assert total == sorted(total, reverse=True)


def test_one_looks_first_where_something_watches() -> None:
    assert look_first(weekly()) == NOT_READY
    assert look_first(level_2()) == "the input layer: contract of data"


def test_an_assembly_line_is_validated_late_and_watches_nothing_in_between() -> None:
    line = assembly_line(every="14d", takes="10d")
    ledger = played(line, drift="20d")
    assert days(ledger, "retrain")[0] == 14
    assert days(ledger, "promote")[0] >= 24
    assert line.monitors == ()


def test_a_feedback_loop_shows_every_version_unseen_first() -> None:
    ledger = played(feedback_loop())
    shadowed, promoted = days(ledger, "shadow"), days(ledger, "promote")
    assert promoted
    assert shadowed[0] < promoted[0]


def test_guard_rails_hold_the_budget_and_sign_only_what_is_not_pre_approved() -> None:
    ledger = played(guarded_hybrid(budget=2))
    assert len(days(ledger, "retrain")) == 2
    built = [fact.at_us / DAY_US for fact in ledger.of(Built)[1:]]
    waits = [out - ready for ready, out in zip(built, days(ledger, "promote"), strict=True)]
    signed = [fact.answer != YES for fact in log(ledger, "product signs") if fact.about == "v1"]
    assert (waits[0] > 4) == any(signed)


def test_a_policy_in_phases_is_one_after_the_other() -> None:
    phased = Phased(
        phases=(Phase(begins="0", policy=Policy()), Phase(begins="15d", policy=weekly()))
    )
    assert days(played(phased, drift=""), "retrain") == [15, 22, 29]
    assert phased.heartbeat == "1d"


def test_the_journey_sees_before_it_acts() -> None:
    ledger = played(journey(manual="10d", automated="20d", mature="30d"))
    assert all(day >= 10 for day in days(ledger, "retrain"))
    assert {m.name for m in journey().monitors} == {"contract", "errors"}


def test_phases_that_do_not_begin_at_the_launch_are_refused() -> None:
    with pytest.raises(Mistake, match=r"phased\.phases"):
        Phased(phases=(Phase(begins="1d", policy=Policy()),))


def test_what_others_would_have_done_is_written_down_and_changes_nothing() -> None:
    alone = played(Policy())
    both = played(Beside(policy=Policy(), others=(weekly(),)))
    said = [(f.at_us / DAY_US, f.part, f.answer) for f in both.of(Decided) if "would" in f.part]
    assert said[0] == (7.0, "weekly would retrain", YES)
    assert days(both, "retrain") == []
    assert both.timeline.loss.tobytes() == alone.timeline.loss.tobytes()


@pytest.mark.parametrize("name", ["level-0", "level-2", "feedback-loop", "guarded-hybrid"])
def test_what_a_ban_forbids_is_put_away_and_not_asked_for(name: str) -> None:
    """Versions that hold a banned column are waiting, or on their way out, when it comes."""
    year = run(all_at_once(), NAMED[name](), seed=0)
    assert year.stopped == ""
    assert [fact for fact in year.of(Onset) if fact.incident == "ban"]
