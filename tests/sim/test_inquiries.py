"""Looking into a matter: who finds what, how long it takes, how often it is wrong."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from math import sqrt
from typing import Any

import pytest

from sim.actions import (
    Acknowledge,
    Action,
    Investigate,
    Retrain,
)
from sim.clock import DAY_US, us
from sim.drift import ConceptDrift
from sim.facts import Found
from sim.faults import (
    CostChange,
    Drop,
    LabelOutage,
    Outage,
    PoisonedLabels,
    TrainingTrouble,
)
from sim.losses import Costs
from sim.people import CAUSES, People
from sim.run import run
from sim.stream import Stream
from sim.traffic import Traffic
from tests.sim.by_hand import CLASSES, Plan, Script, played, scenario

BROKEN = Drop(at="2d", columns=("x0",), fixed_by="data")
SURE = People(mistaken=0.0)
TURNED = ConceptDrift(at="3d", to=replace(CLASSES, distance=1.0))
AMISS = [
    ((BROKEN,), (), "feed", ("x0",)),
    ((LabelOutage(at="3d", until="9d"),), (), "labels", ()),
    ((PoisonedLabels(at="3d"),), (), "labels", ()),
    ((TrainingTrouble(at="3d"),), (), "training", ()),
    ((Outage(at="3d", share=0.1),), (), "service", ()),
    ((CostChange(at="3d", to=Costs()),), (), "rule", ()),
    ((), (TURNED,), "world", ()),
    ((), (), "nothing", ()),
]


def found(action: Action, *faults: Any, **more: Any) -> Found:
    return played({7: (action,)}, *faults, **{"people": SURE, **more}).of(Found)[0]


@pytest.mark.parametrize(("faults", "drifts", "cause", "columns"), AMISS)
def test_who_looks_finds_what_is_amiss(
    faults: tuple[Any, ...], drifts: tuple[Any, ...], cause: str, columns: tuple[str, ...]
) -> None:
    fact = found(Investigate(), *faults, drifts=drifts)
    assert (fact.cause, fact.columns) == (cause, columns)


def test_only_what_is_looked_into_is_found() -> None:
    assert found(Investigate(column="x0"), BROKEN).cause == "feed"
    assert found(Investigate(column="x1"), BROKEN).cause == "nothing"
    assert found(Investigate(layer="input"), Outage(at="3d", share=0.1)).cause == "nothing"
    assert found(Investigate(layer="output"), Outage(at="3d", share=0.1)).cause == "service"


def test_a_change_that_the_champion_has_learned_is_amiss_no_more() -> None:
    plan: Plan = {5: (Retrain("2d"),), 12: (Investigate(),)}
    ledger = played(plan, drifts=(TURNED,), people=SURE)
    assert ledger.of(Found)[0].cause == "nothing"


def test_looking_takes_working_hours_and_one_thing_after_another() -> None:
    people = People(mistaken=0.0, sigma=0.0, looks="4h")
    plan: Plan = {7: (Investigate(layer="input"), Investigate(layer="output"))}
    first, second = played(plan, people=people).of(Found)
    opens_us = 7 * DAY_US + us("9h")
    assert (first.at_us, second.at_us) == (opens_us + us("4h"), opens_us + us("8h"))


def test_a_wrong_cause_is_named_as_often_as_people_err() -> None:
    """Over days and seeds, the right one comes with chance 0.7, the six others with 0.05 each."""
    people = People(mistaken=0.3, looks="1h", sigma=0.0, office=False)
    plan: Plan = {day: (Investigate(),) for day in range(3, 20)}
    named: Counter[str] = Counter()
    for seed in range(30):
        ledger = played(plan, BROKEN, seed=seed, people=people, stream=_slow())
        named.update(fact.cause for fact in ledger.of(Found))
    total = sum(named.values())
    assert total == 30 * 17
    assert abs(named["feed"] / total - 0.7) < 4.5 * sqrt(0.7 * 0.3 / total)
    for cause in set(CAUSES) - {"feed"}:
        assert abs(named[cause] / total - 0.05) < 4.5 * sqrt(0.05 * 0.95 / total)


def test_the_same_question_in_the_same_hour_gets_the_same_answer() -> None:
    people = People(mistaken=0.5, looks="1h")
    alone = played({7: (Investigate(),)}, BROKEN, people=people)
    beside = played({3: (Retrain("5d"),), 7: (Investigate(),)}, BROKEN, people=people)
    assert alone.of(Found) == beside.of(Found)


def _slow() -> Stream:
    return Stream(concept=CLASSES, traffic=Traffic(rate="2/h"))


@pytest.mark.parametrize(
    ("action", "said"),
    [
        (Investigate(owner="boss"), "investigate.owner is 'boss'"),
        (Investigate(layer="inputs"), "did you mean 'input'"),
        (Investigate(layer="input", column="x0"), "layer and column are given; name one"),
        (Investigate(column="x9"), "investigate.column is 'x9'"),
        (Investigate(segment="young"), "investigate.segment is 'young'"),
        (Acknowledge("errors"), "acknowledge.monitor is 'errors'"),
    ],
)
def test_what_nobody_can_look_into_is_refused(action: Action, said: str) -> None:
    assert said in run(scenario(), Script(plan={5: (action,)}), seed=1).stopped
