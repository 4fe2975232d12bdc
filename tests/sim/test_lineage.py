"""The chain of artifacts: seven stages, each grown from those that it really came from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest

from sim.actions import Action, Promote, Retrain
from sim.clock import us
from sim.concepts import Linear
from sim.facts import Lineage
from sim.labels import Constant, Labels
from sim.ledger import Ledger
from sim.lineage import OWNER
from sim.run import run
from sim.scenario import Launch, Scenario
from sim.stream import Stream
from sim.traffic import Traffic
from sim.view import View
from tests.sim.laws.operators import released

STAGES = [
    "dataset snapshot",
    "training run",
    "evaluation report",
    "registry entry",
    "rollout note",
    "monitoring signals",
    "retraining trigger",
]


@dataclass(frozen=True)
class Script:
    """Does what it is told at the times it is told."""

    plan: tuple[tuple[str, Action], ...]
    heartbeat: str = "1h"

    def decide(self, view: View) -> list[Action]:
        if view.reason != "heartbeat":
            return []
        return [action for at, action in self.plan if us(at) == view.now_us]


def play(*plan: tuple[str, Action]) -> Ledger:
    scenario = Scenario(
        name="lineage",
        stream=Stream(concept=Linear(columns=3), traffic=Traffic(rate="40/h")),
        labels=Labels(delay=Constant(delay="5h")),
        launch=Launch(window="2d"),
        horizon="6d",
    )
    ledger = run(scenario, Script(plan), seed=1)
    assert not ledger.stopped
    return ledger


@pytest.fixture(scope="module")
def plain() -> Ledger:
    return play(("2d", Retrain("2d", why="it is time")), ("3d", Promote("v1", why="better")))


@pytest.fixture(scope="module")
def crossed() -> Ledger:
    """Two trainings are asked for at once; the first version goes out after the second is ready."""
    return play(
        ("2d", Retrain("2d", why="first")),
        ("2d", Retrain("1d", why="second")),
        ("4d", released("v1", 0.5)),
    )


def stage(ledger: Ledger, name: str, version: str) -> Lineage:
    return next(f for f in ledger.of(Lineage) if f.stage == name and f.version == version)


def trigger(ledger: Ledger, why: str) -> Lineage:
    return next(
        f
        for f in ledger.of(Lineage)
        if f.stage == "retraining trigger" and json.loads(f.content)["why"] == why
    )


@pytest.mark.parametrize("name", ["plain", "crossed"])
def test_every_parent_came_about_earlier(name: str, request: pytest.FixtureRequest) -> None:
    known: set[str] = set()
    ledger = request.getfixturevalue(name)
    for link in ledger.of(Lineage):
        assert set(link.parents) <= known
        assert link.digest not in known
        assert bool(link.parents) == bool(known)
        known.add(link.digest)


def test_after_one_retraining_all_seven_stages_are_there_in_order(plain: Ledger) -> None:
    links = plain.of(Lineage)
    assert [link.stage for link in links] == [*STAGES, *STAGES[:-1]]
    for above, below in pairwise(links):
        assert below.parents == (above.digest,)


def test_each_stage_has_its_owner(plain: Ledger) -> None:
    assert list(OWNER) == STAGES
    for link in plain.of(Lineage):
        assert link.owner == OWNER[link.stage]
        assert json.loads(link.content)


def test_the_training_run_holds_what_is_needed_to_repeat_it(plain: Ledger) -> None:
    snapshot = json.loads(stage(plain, "dataset snapshot", "v1").content)
    training = json.loads(stage(plain, "training run", "v1").content)
    assert snapshot["records"] > 0
    assert snapshot["window"] == "the last 2d"
    assert {"numpy", "scikit-learn", "river"} <= set(training["environment"])
    assert isinstance(training["random state"], int)


def test_equal_runs_have_equal_links(plain: Ledger) -> None:
    again = play(("2d", Retrain("2d", why="it is time")), ("3d", Promote("v1", why="better")))
    assert again.of(Lineage) == plain.of(Lineage)
    other = play(("2d", Retrain("2d", why="no reason")), ("3d", Promote("v1", why="better")))
    assert other.of(Lineage)[:6] == plain.of(Lineage)[:6]
    assert not {f.digest for f in other.of(Lineage)[6:]} & {f.digest for f in plain.of(Lineage)}


def test_a_snapshot_grows_from_the_trigger_that_asked_for_it(crossed: Ledger) -> None:
    for version, why in (("v1", "first"), ("v2", "second")):
        snapshot = stage(crossed, "dataset snapshot", version)
        assert trigger(crossed, why).digest in snapshot.parents


def test_a_rollout_note_grows_from_the_registry_entry_of_its_version(crossed: Ledger) -> None:
    note = stage(crossed, "rollout note", "v1")
    assert stage(crossed, "registry entry", "v1").digest in note.parents


def test_a_rollout_note_names_something_else_to_fall_back_on(plain: Ledger) -> None:
    for version in ("v0", "v1"):
        note = json.loads(stage(plain, "rollout note", version).content)
        assert note["fallback"] != version


def test_two_triggers_in_the_same_words_are_two_links() -> None:
    ledger = play(("2d", Retrain("2d", why="weekly")), ("3d", Retrain("2d", why="weekly")))
    links = ledger.of(Lineage)
    assert len({link.digest for link in links}) == len(links)


FIELDS = {
    "dataset snapshot": ["sources", "versions", "labels", "point in time", "features"],
    "training run": [
        *(
            "recipe",
            "code",
            "random state",
            "environment",
            "log",
            "better than the naive answer by",
        ),
    ],
    "evaluation report": [
        *("loss", "segments", "calibration", "shift checks", "regression suite", "limits"),
    ],
    "registry entry": ["input", "output", "data contract", "owner", "rollout rules"],
    "rollout note": [
        *("release", "success", "blast radius", "stop rules", "fallback", "conditions to widen"),
    ],
    "monitoring signals": ["monitors"],
    "retraining trigger": ["why", "window"],
}


@pytest.mark.parametrize("name", STAGES)
def test_each_stage_has_the_fields_that_the_field_asks_for(name: str, plain: Ledger) -> None:
    for link in plain.of(Lineage):
        if link.stage == name:
            content: dict[str, Any] = json.loads(link.content)
            assert [field for field in FIELDS[name] if field not in content] == []
