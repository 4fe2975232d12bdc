"""The conformance check says in words what is wrong."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

import pytest

from sim.actions import Promote, Retrain
from strategies import presets
from strategies.check import check_strategy
from strategies.policy import Policy


class NoDecide:
    pass


class CountsItsCalls:
    def __init__(self) -> None:
        self.calls: list[int] = []

    def decide(self, view: Any) -> tuple[()]:
        self.calls.append(1)
        return ()


class RemembersInItsClass:
    calls: ClassVar[list[int]] = []

    def decide(self, view: Any) -> Any:
        self.calls.append(1)
        if len(self.calls) % 7 == 0 and not view.jobs:
            yield Retrain(why="every seventh call of my life")


class KeepsOneNoteForAllRuns:
    heartbeat = "1d"
    noted: ClassVar[dict[str, float]] = {}

    def decide(self, view: Any) -> Any:
        if view.now <= 1:
            self.noted.clear()
        if self.noted.get("last") == view.now:
            yield Retrain(why="somebody was here before me")
        self.noted["last"] = view.now


class AsksForTheImpossible:
    def decide(self, view: Any) -> Any:
        if view.now > 3:
            yield Promote("v9")


class FailsWhenATrainingFails:
    def decide(self, view: Any) -> Any:
        if view.reason == "training failed":
            raise KeyError("no plan for that")
        if not view.jobs:
            yield Retrain()


class HasABadMonitor:
    monitors = ("errors",)

    def decide(self, view: Any) -> tuple[()]:
        return ()


class RebuildsAsSoonAsATrainingFails:
    def decide(self, view: Any) -> Any:
        if view.reason == "training failed" or view.since_build > 7:
            yield Retrain(window=10)


@dataclass
class Thawed:
    every: str = "7d"

    def decide(self, view: Any) -> tuple[()]:
        return ()


@dataclass(frozen=True)
class FrozenAroundAList:
    notes: list[float] = field(default_factory=list)

    def decide(self, view: Any) -> tuple[()]:
        self.notes.append(view.now)
        return ()


@pytest.mark.parametrize(
    ("strategy", "words"),
    [
        (NoDecide(), "has no decide"),
        (Policy, "is a class: give an instance"),
        (CountsItsCalls(), "changed its own calls during a run"),
        (RemembersInItsClass(), "when the same seed was run again"),
        (KeepsOneNoteForAllRuns(), "when two runs took turns"),
        (AsksForTheImpossible(), "asked for the impossible"),
        (FailsWhenATrainingFails(), "raised KeyError"),
        (HasABadMonitor(), "it has no name"),
        (Thawed(), "not frozen"),
        (FrozenAroundAList(), "changed its own notes during a run"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_wrong_is_said_once(strategy: Any, words: str) -> None:
    found = check_strategy(strategy)
    assert len(found) == 1
    assert words in found[0]


def test_a_sound_strategy_has_nothing_said_of_it() -> None:
    assert check_strategy(presets.never()) == []
    assert check_strategy(RebuildsAsSoonAsATrainingFails()) == []
