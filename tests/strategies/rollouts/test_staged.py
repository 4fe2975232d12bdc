"""Versions are let out in stages, judged by what is seen, and withdrawn by rules written before."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.actions import Promote, Release, Retrain, RolloutNote
from sim.clock import DAY_US, us
from sim.concepts import Linear
from sim.errors import Mistake
from sim.facts import Acted, Lineage, Routed
from sim.faults import CodeCrash
from sim.labels import Constant, Labels
from sim.ledger import Ledger
from sim.run import run
from sim.scenario import Service
from sim.stream import Stream
from sim.timeline import CHALLENGER, ERROR
from sim.traffic import Segments, Traffic
from strategies.judges import SequentialRatio, Threshold
from strategies.policy import Policy
from strategies.reading import reads, write
from strategies.rollouts import (
    Canary,
    Cap,
    Experiment,
    Flag,
    Gradual,
    Immediate,
    Review,
    Stage,
    Staged,
)
from strategies.triggers import OnSchedule
from strategies.verdict import UNKNOWN, YES
from strategies.windows import LastSpan
from tests.sim.laws.operators import released
from tests.strategies.worlds import days, log, played, world

ONCE = Policy(trigger=OnSchedule(every="7d"), window=LastSpan(span="7d"), heartbeat="1h")
FAILING = (CodeCrash(at="6d", requests=0.04),)


def rolled(rollout: Any, **kind: Any) -> Ledger:
    given: dict[str, Any] = {"drift": "", "horizon": "4w", **kind}
    return played(replace(ONCE, rollout=rollout), **given)


def routes(ledger: Ledger) -> list[tuple[float, str, float]]:
    """Return when who met a share of the users."""
    found = ledger.of(Routed)
    return [(round(f.at_us / DAY_US, 3), f.challenger or f.shadow or "-", f.share) for f in found]


def test_a_gradual_rollout_widens_on_the_days_that_everybody_agreed_on() -> None:
    ledger = rolled(Gradual(stops=()), horizon="22d")
    (day, version, share), *_ = first = routes(ledger)[1:5]
    assert (version, share) == ("v1", 0.01)
    assert [s for _, _, s in first] == [0.01, 0.05, 0.25, 0.5]
    steps = [at - day for at, _, _ in first]
    assert np.allclose(steps, [0, 2, 6, 9], atol=0.15)  # day 1, 3, 7 and 10
    last = ledger.of(Routed)[5]
    assert (last.champion, last.challenger) == ("v1", "")
    assert abs(last.at_us / DAY_US - day - 13) < 0.2  # day 14


def test_a_canary_that_fails_too_often_is_withdrawn_and_serves_nobody_afterwards() -> None:
    service = Service(rollback="6h")
    scenario = world(drift="", horizon="12d", faults=FAILING, service=service)
    policy = replace(ONCE, rollout=Canary(share=0.2, hold="3d"))
    ledger = run(scenario, policy, seed=0, outcomes=True)
    (back,) = [fact for fact in ledger.of(Acted) if fact.action == "rollback"]
    assert back.why.startswith("errors above 2 %")
    gone_us = back.at_us + us("6h")
    assert ledger.of(Routed)[-1].at_us == gone_us
    outcomes = ledger.outcomes
    assert outcomes is not None
    late = outcomes.served_us >= gone_us
    assert not np.isin(outcomes.arm[late], (CHALLENGER, ERROR)).any()
    between = ~late & (outcomes.served_us >= back.at_us)
    assert np.isin(outcomes.arm[between], (CHALLENGER, ERROR)).any()  # until then the old one


def test_a_dry_run_judges_and_withdraws_nothing() -> None:
    ledger = rolled(Canary(share=0.2, hold="3d", dry_run=True), faults=FAILING, horizon="12d")
    assert any(fact.answer == YES for fact in log(ledger, "errors above 2 %"))
    assert days(ledger, "rollback") == []
    assert ledger.of(Routed)[-1].champion == "v1"


@pytest.mark.parametrize(("second", "archived", "back"), [("queue", 0, 0), ("drop", 1, 0)])
def test_a_second_version_waits_its_turn_or_is_dropped(
    second: str, archived: int, back: int
) -> None:
    ledger = _two(Canary(share=0.2, hold="5d", stops=(), second=second))
    assert len(days(ledger, "archive")) == archived
    assert len(days(ledger, "rollback")) == back
    out = [fact.detail.split(",")[0] for fact in ledger.of(Acted) if fact.action == "release"]
    assert out == ["version=v1", "version=v2"][: 2 - archived]


def test_a_second_version_takes_the_place_of_the_first_if_that_was_agreed_on() -> None:
    ledger = _two(Canary(share=0.2, hold="5d", stops=(), second="replace"))
    assert [v for _, v, _ in routes(ledger)][:4] == ["-", "v1", "-", "v2"]
    assert len(days(ledger, "rollback")) == 1
    assert not any(fact.champion == "v1" for fact in ledger.of(Routed))


def test_where_the_newest_counts_it_goes_on_building_while_a_version_is_on_its_way() -> None:
    often = replace(ONCE, trigger=OnSchedule(every="2d"))
    for second, withdrawn in (("queue", False), ("replace", True)):
        canary = Canary(share=0.2, hold="3d", stops=(), second=second)
        ledger = played(replace(often, rollout=canary), drift="", horizon="14d")
        assert bool(days(ledger, "rollback")) == withdrawn
        assert (ledger.of(Routed)[-1].champion == "v0") == withdrawn  # none lasts three days


class _Twice:
    """Asks for a second training while the first version is on its way."""

    def __init__(self, policy: Policy) -> None:
        self.policy, self.heartbeat = policy, "1h"

    def decide(self, view: Any) -> Any:
        """Do what the policy does, and train once more on day 9."""
        if view.now_us == us("9d") and view.reason == "heartbeat":
            yield Retrain("7d", why="a second")
        yield from self.policy.decide(view)


def _two(rollout: Any) -> Ledger:
    policy = replace(ONCE, rollout=rollout)
    ledger = run(world(drift="", horizon="16d"), _Twice(policy), seed=0)
    assert not ledger.stopped, ledger.stopped
    return ledger


@pytest.mark.parametrize("cap", [Cap(users=50), Cap(requests=200)])
def test_no_more_people_meet_a_version_than_was_agreed_on(cap: Cap) -> None:
    """It is withdrawn at the very request that reaches the cap, two minutes before it is gone."""
    stream = Stream(concept=Linear(columns=4), traffic=Traffic(rate="100/h", entities=2_000))
    scenario = world(drift="", horizon="12d", stream=stream)
    policy = replace(ONCE, rollout=Canary(share=0.2, hold="4d", stops=(), cap=cap), heartbeat="1d")
    ledger = run(scenario, policy, seed=0, outcomes=True)
    (back,) = [fact for fact in ledger.of(Acted) if fact.action == "rollback"]
    assert back.why.startswith(cap.words)
    outcomes = ledger.outcomes
    assert outcomes is not None
    met_us = outcomes.served_us[outcomes.arm == CHALLENGER]
    before = met_us[met_us <= back.at_us]
    assert before[-1] == back.at_us
    assert met_us[-1] < back.at_us + us("2m")
    if cap.requests:
        assert len(before) == 200
    else:
        assert back.why.endswith("of 50 users have met it")


# -- too little is known ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("starved", "last", "back"), [("wait", "v0", 0), ("go on", "v1", 0), ("roll back", "v0", 1)]
)
def test_without_outcomes_it_waits_goes_on_or_goes_back(starved: str, last: str, back: int) -> None:
    late = Labels(delay=Constant(delay="300d"))
    canary = Canary(share=0.2, hold="1d", minimum=100, patience="3d", starved=starved, stops=())
    scenario = world(drift="", horizon="13d", labels=late)
    ledger = run(scenario, _Shown(canary), seed=0)
    assert not ledger.stopped, ledger.stopped
    assert ledger.of(Routed)[-1].champion == last
    assert len(days(ledger, "rollback")) == back


class _Shown:
    """Trains on what was known at the launch, then lets the rollout do its work."""

    def __init__(self, rollout: Any) -> None:
        self.rollout, self.heartbeat = rollout, "1h"

    def decide(self, view: Any) -> Any:
        """Train once."""
        version = view.route.challenger or view.candidate
        if view.now_us == us("1d") and view.reason == "heartbeat":
            yield Retrain(10_000)
        elif version and not view.changing and len(view.versions) < 3 and view.previous is None:
            yield from self.rollout.step(view, version)


def test_a_stage_waits_for_its_judge_and_says_what_it_rests_on() -> None:
    judge = SequentialRatio(margin=0.1)
    ledger = rolled(Canary(share=0.3, hold="1d", judge=judge, stops=()), horizon="16d")
    (yes,) = [f for f in log(ledger, "stage 1") if f.answer == YES and f.about == "v1"]
    assert yes.threshold == -0.1
    assert yes.records >= 100
    assert "not worse by 10.00%" in yes.why


def test_the_error_that_is_promised_is_shared_among_the_stages() -> None:
    seen: list[float] = []

    class Spy(SequentialRatio):
        """Tells its alpha."""

        def judge(self, evidence: Any) -> Any:
            seen.append(self.alpha)
            return super().judge(evidence)

    plan = Gradual(judge=Spy(alpha=0.04), stops=())
    rolled(plan, horizon="12d")
    assert set(seen) == {0.01}


def test_what_is_judged_is_health_or_an_effect_and_never_both() -> None:
    assert {stage.purpose for stage in Gradual().stages} == {"health"}
    assert {stage.purpose for stage in Experiment().stages} == {"effect"}
    mixed = (
        Stage(share=0.05, judge=Threshold()),
        Stage(share=0.5, judge=Threshold(), purpose="effect"),
    )
    with pytest.raises(Mistake, match="health and effect never share a verdict"):
        Staged(stages=mixed)
    with pytest.raises(Mistake, match="nobody sees has no effect"):
        Stage(unseen=True, purpose="effect")


def test_nothing_is_judged_where_nobody_is_left_to_compare_with() -> None:
    with pytest.raises(Mistake, match="leaves nothing to compare"):
        Stage(share=1.0, judge=Threshold())


# -- flags -----------------------------------------------------------------------------------


def test_a_flag_is_shipped_switched_off_and_switched_on_by_segment_in_seconds() -> None:
    groups = Segments(names=("old", "new"), shares=(0.5, 0.5))
    stream = Stream(concept=Linear(columns=4), traffic=Traffic(rate="100/h"), segments=groups)
    flag = Flag(segments=("new", "old"), hold="1d", stops=())
    ledger = rolled(flag, stream=stream, horizon="11d")
    switched = [(f.share, f.segments) for f in ledger.of(Routed)][1:4]
    assert switched == [(0.0, ()), (0.5, ("new",)), (0.5, ("old", "new"))]
    asked = [f.at_us for f in ledger.of(Acted) if f.action == "release"]
    took = [f.at_us - at for f, at in zip(ledger.of(Routed)[1:4], asked, strict=False)]
    assert took == [us("2h"), us("5s"), us("5s")]  # one deployment, then flags


# -- notes -----------------------------------------------------------------------------------


def notes(ledger: Ledger, version: str) -> list[dict[str, str]]:
    found = [f for f in ledger.of(Lineage) if (f.stage, f.version) == ("rollout note", version)]
    return [json.loads(f.content) for f in found]


def test_the_note_is_written_before_the_first_stage_and_never_again() -> None:
    ledger = rolled(Gradual(), horizon="24d")
    (note,) = notes(ledger, "v1")
    assert note["stop rules"] == ("quality more than 3 points below the champion; errors above 2 %")
    assert note["blast radius"] == "50 % of users before everybody"
    assert note["conditions to widen"].startswith("1. 1 % for 2d; 2. 5 % for 4d")
    assert (note["owner"], note["success"]) == ("product", "quality")
    written = next(f.at_us for f in ledger.of(Lineage) if f.content == json.dumps(note))
    assert written < next(f.at_us for f in ledger.of(Routed) if f.challenger == "v1")


@pytest.mark.parametrize("field", list(RolloutNote.__dataclass_fields__))
def test_a_release_whose_note_says_nothing_of_something_is_refused(field: str) -> None:
    whole = released("v0", 0.1).note
    assert whole is not None
    assert whole.gaps == []
    assert replace(whole, **{field: " "}).gaps == [field]
    assert replace(whole, owner="nobody").gaps == ["owner"]


class _Careless:
    """Releases with the notes that it is given, one after another."""

    heartbeat = "1h"

    def __init__(self, *given: RolloutNote | None) -> None:
        self.given = given

    def decide(self, view: Any) -> Any:
        """Train, then release an hour apart."""
        hour = view.now_us // us("1h")
        if hour == 24 and view.reason == "heartbeat":
            yield Retrain(1_000)
        elif 30 <= hour < 30 + len(self.given) and view.reason == "heartbeat":
            yield Release("v1", 0.01 * (hour - 29), note=self.given[hour - 30])


def test_a_note_that_lacks_has_gaps_or_changes_stops_the_release() -> None:
    note = released("v1", 0.1).note
    assert note is not None
    for given, complaint in (
        ((None,), "release.note is None: v1 was not released before; write a RolloutNote first"),
        ((replace(note, stop_rules=""),), "release.note says nothing of stop_rules: complete it"),
        ((note, replace(note, stop_rules="none after all")), "a note never changes"),
    ):
        ledger = run(world(horizon="3d"), _Careless(*given), seed=0)
        assert complaint in ledger.stopped
    assert not run(world(horizon="3d"), _Careless(note, note, None), seed=0).stopped


def test_a_promotion_without_a_note_says_that_nothing_was_agreed_on() -> None:
    class Hasty:
        heartbeat = "1d"

        def decide(self, view: Any) -> Any:
            if view.candidate:
                yield Promote(view.candidate)
            elif view.now_us == us("2d"):
                yield Retrain(1_000)

    (note,) = notes(run(world(horizon="4d"), Hasty(), seed=0), "v1")
    assert note["stop rules"] == "none were written"
    (agreed,) = notes(played(replace(ONCE, rollout=Immediate()), horizon="9d"), "v1")
    assert agreed["fallback"] == "the champion, which is kept"


# -- looking back ----------------------------------------------------------------------------


def test_a_review_says_on_what_share_of_the_labels_it_rests() -> None:
    review = Review(after="5d", minimum=200, settled="3d")
    once = replace(ONCE, trigger=OnSchedule(every="15d"))
    ledger = played(
        replace(once, rollout=Canary(share=0.2, hold="1d", stops=(), review=review)),
        drift="",
        delay="24h",
        horizon="28d",
    )
    (verdict,) = [f for f in log(ledger, "review") if f.about == "v1"]
    assert verdict.answer == YES
    assert "96% of what was answered, have come" in verdict.why  # labels take a day of 25
    baseline = [f for f in log(ledger, "baseline") if f.about == "v1"]
    assert len(baseline) == 1
    assert baseline[0].at_us >= verdict.at_us


def test_a_review_with_too_few_labels_knows_nothing() -> None:
    review = Review(after="2d", minimum=10**6)
    ledger = rolled(Canary(share=0.2, hold="1d", stops=(), review=review), horizon="14d")
    (verdict,) = [f for f in log(ledger, "review") if f.about == "v1"]
    assert verdict.answer == UNKNOWN
    assert "too few" in verdict.why


def test_every_part_of_a_rollout_can_be_said_in_yaml() -> None:
    text = """
trigger: {kind: OnSchedule, every: 7d}
rollout:
  kind: Staged
  stages:
    - {kind: Stage, share: 0.05, minimum: 200, judge: {kind: SequentialRatio, margin: 0.02}}
    - {kind: Stage, share: 0.5, hold: 3d}
  stops:
    - {kind: Worse, points: 0.05}
    - {kind: Repeated, of: {kind: Beyond, metric: errors, most: 0.01}, times: 3}
  cap: {kind: Cap, users: 1000}
  starved: go on
  second: replace
  dry_run: true
  owner: model
  review: {kind: Review, after: 28d}
"""
    policy = reads(text)
    assert isinstance(policy.rollout, Staged)
    assert policy.rollout.stages[0].judge == SequentialRatio(margin=0.02)
    assert reads(write(policy)).digest == policy.digest
