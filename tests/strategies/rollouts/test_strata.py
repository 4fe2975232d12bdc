"""Stages are judged together with those before them, each compared within itself."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from sim.clock import DAY_US
from sim.concepts import Linear
from sim.errors import Mistake
from sim.facts import Routed
from sim.ledger import Ledger
from sim.run import run
from sim.stream import Stream
from sim.timeline import CHALLENGER, CHAMPION
from sim.traffic import Segments, Traffic
from sim.users import Users
from strategies.judges import Arm, Combined, Evidence, Paired, SequentialRatio, combined
from strategies.judges.verdict import INCONCLUSIVE, PROMOTE, ROLL_BACK, Verdict
from strategies.rollouts import Flag, Gradual, Stage, Staged
from tests.strategies.rollouts.test_staged import ONCE
from tests.strategies.worlds import log, world

PLAN = Gradual(shares=(0.1, 0.3, 1.0), days=(1, 3, 5), stops=())


@dataclass(frozen=True)
class Spy:
    """Keeps what it is shown, and says always the same; of some *worse* metric the contrary."""

    says: str = PROMOTE
    alpha: float = 0.06
    worse: int = 0
    shown: list[Any] = field(default_factory=list, compare=False, repr=False)
    alphas: list[float] = field(default_factory=list, compare=False, repr=False)

    def judge(self, evidence: Any) -> Verdict:
        """Look."""
        self.shown.append(evidence)
        self.alphas.append(self.alpha)
        odd = bool(self.worse) and len(self.shown) % self.worse == 0
        answer = ROLL_BACK if odd else self.says
        return Verdict(answer, 0.0, -1.0, 1.0, evidence.fewest, "as always")


def let_out(plan: Any, **kind: Any) -> Ledger:
    stream = Stream(concept=Linear(columns=4), traffic=Traffic(rate="100/h", entities=900))
    scenario = world(**{"drift": "", "horizon": "14d", "stream": stream, **kind})
    ledger = run(scenario, replace(ONCE, rollout=plan), seed=0, outcomes=True)
    assert not ledger.stopped, ledger.stopped
    return ledger


def legs(ledger: Ledger) -> list[tuple[int, int, int]]:
    """Return stage, start and end of what the first challenger went through."""
    routes = ledger.of(Routed)
    return [
        (now.stage, now.at_us, then.at_us)
        for now, then in pairwise(routes)
        if now.challenger == "v1"
    ]


def test_a_stage_is_judged_with_those_before_it_each_within_itself() -> None:
    spy = Spy()
    ledger = let_out(replace(PLAN, judge=spy))
    assert ledger.outcomes is not None
    alone, both = (s for s in spy.shown if s.source == "labels" and s.fewest > 0)
    assert isinstance(alone, Evidence)
    assert isinstance(both, Combined)
    (_, first_us, second_us), (_, _, end_us) = legs(ledger)
    assert [(p.champion.where.stage, p.champion.where.since_us) for p in both.parts] == [
        (0, first_us),
        (1, second_us),
    ]
    first, second = both.parts
    assert first.champion.where.until_us == second_us
    assert end_us - DAY_US < second.champion.where.until_us < end_us  # what is old enough
    served_us, arm = ledger.outcomes.served_us, ledger.outcomes.arm
    for part in both.parts:
        where = part.champion.where
        inside = (served_us >= where.since_us) & (served_us < where.until_us)
        for side, which in ((part.champion, CHAMPION), (part.challenger, CHALLENGER)):
            assert isinstance(side, Arm)
            assert side.requests == (inside & (arm == which)).sum()
    told = [1 / (1 / p.champion.entities + 1 / p.challenger.entities) for p in both.parts]
    gap = np.average([p.difference for p in both.parts], weights=told)
    assert both.difference == pytest.approx(gap)
    assert isinstance(first.challenger, Arm)
    assert isinstance(second.challenger, Arm)
    people = np.union1d(np.array(first.challenger.who), np.array(second.challenger.who))
    assert both.fewest == len(people)


def test_the_promise_is_shared_among_stages_and_metrics() -> None:
    spy = Spy()
    let_out(replace(PLAN, judge=spy, also=("completed",)), users=Users())
    assert spy.alphas == pytest.approx([0.015] * len(spy.alphas))
    assert {s.source for s in spy.shown} == {"labels", "proxy"}


def test_one_metric_that_is_worse_is_enough_and_is_named() -> None:
    ledger = let_out(replace(PLAN, judge=Spy(worse=2), also=("completed",)), users=Users())
    assert "v1" not in {fact.champion for fact in ledger.of(Routed)}
    said = [f.why for f in log(ledger, "stage 1") if f.answer == "no"]
    assert said[0].startswith("completed: as always")


def test_what_cannot_be_measured_is_said_and_nothing_goes_on() -> None:
    ledger = let_out(replace(PLAN, judge=Spy(), also=("completed",), patience="3d"))
    assert "v1" not in {fact.champion for fact in ledger.of(Routed)}
    assert "completed is not known of both" in log(ledger, "stage 1")[-1].why
    with pytest.raises(Mistake, match=r"staged.also is \('quality',\): give other metrics"):
        replace(PLAN, also=("quality",))


def test_an_experiment_a_shadow_and_another_segment_are_judged_alone() -> None:
    health, effect = Spy(), Spy()
    shadow = Stage(unseen=True, share=0.0, hold="1d", judge=health)
    canary = Stage(share=0.2, hold="1d", judge=health)
    let_out(Staged(stages=(shadow, canary), stops=()))
    assert [type(shown) for shown in health.shown if shown.fewest][:2] == [Paired, Evidence]
    trial = Stage(share=0.5, hold="2d", judge=effect, purpose="effect")
    let_out(Staged(stages=(Stage(share=0.2, hold="1d"), trial), stops=()))
    assert all(isinstance(shown, Evidence) for shown in effect.shown)
    groups = Segments(names=("old", "new"), shares=(0.5, 0.5))
    stream = Stream(
        concept=Linear(columns=4), traffic=Traffic(rate="100/h", entities=900), segments=groups
    )
    flagged = Spy()
    let_out(Flag(segments=("new", "old"), judge=flagged, stops=()), stream=stream)
    assert all(isinstance(shown, Evidence) for shown in flagged.shown)
    assert len(flagged.shown) > 1


def test_stages_before_do_not_speak_for_one_of_which_nothing_is_known() -> None:
    """Labels take three days: of the second stage, a day long, none has come when it is over."""
    spy = Spy()
    plan = replace(PLAN, shares=(0.3, 0.5, 1.0), days=(1, 6, 7), judge=spy)
    ledger = let_out(plan, delay="3d", horizon="21d")
    (_, _, second_us), (_, _, end_us) = legs(ledger)
    assert end_us - second_us > 3 * DAY_US
    waited = [f for f in log(ledger, "stage 2") if f.about == "v1" and f.answer == "unknown"]
    assert waited
    assert INCONCLUSIVE not in {f.answer for f in waited}


def test_two_small_stages_see_together_what_neither_sees() -> None:
    judge, parts = SequentialRatio(margin=0.03), []
    for stage in range(2):
        arms, first = [], 1_500 * stage
        for people, good in ((1_000, 800), (500, 370)):
            ones, who = np.ones(people, dtype=np.int64), np.arange(first, first + people)
            arms.append(Arm(ones, (np.arange(people) < good).astype(np.float64), who=who))
            first += people
        parts.append(Evidence(arms[0], arms[1]))
    assert [judge.judge(part).answer for part in parts] == [INCONCLUSIVE, INCONCLUSIVE]
    assert judge.judge(combined(parts)).answer == ROLL_BACK
