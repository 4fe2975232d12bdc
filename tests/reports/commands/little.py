"""A little world and people who act in it strangely, as a file of a user's."""

from __future__ import annotations

from pathlib import Path

from reports.cli import main

WORLD = '''
from dataclasses import dataclass
from sim.actions import Promote, Release, Retrain
from sim.artifacts import Learned
from sim.concepts import Linear
from sim.faults import Drop
from sim.labels import Labels, Constant
from sim.scenario import Launch, Scenario
from sim.stream import Stream
from sim.traffic import Traffic
from strategies.monitors import Contract


def world(*, share: float = 1.0, horizon: str = "20d", delay: str = "1d",
          column: str = "x0") -> Scenario:
    """A feed goes missing."""
    return Scenario(
        name="little-world", story="A feed goes missing.\\nNobody is told.", horizon=horizon,
        stream=Stream(concept=Linear(columns=3), traffic=Traffic(rate="60/h")),
        faults=(Drop(at="8d", columns=(column,), share=share, name="gone"),),
        labels=Labels(delay=Constant(delay=delay)), launch=Launch(window="7d"),
    )


class CannotFit:
    def fit(self, x, y): raise ValueError("no patience for this")
    def predict(self, x): return x
    def get_params(self, deep=True): return {}


def unfit() -> Scenario:
    from dataclasses import replace
    return replace(world(), artifact=Learned(estimator=CannotFit()))


@dataclass(frozen=True, kw_only=True)
class Watchful:
    """Looks, and does nothing."""

    heartbeat: str = "0"
    limit: float = 0.01

    @property
    def monitors(self):
        return (Contract(limit=self.limit),)

    def decide(self, view):
        return ()


class Raises:
    def decide(self, view):
        raise RuntimeError("no idea")


class NoAction:
    def decide(self, view):
        return ["retrain"]


class Unknown:
    def decide(self, view):
        yield Promote("v9")


class TooMuch:
    def decide(self, view):
        yield Release("v0", 1.4)


class Endless:
    def decide(self, view):
        while True:
            yield Retrain()


class Loops:
    def decide(self, view):
        while True:
            pass


class Interrupts:
    def decide(self, view):
        raise KeyboardInterrupt


class Chatty:
    heartbeat = "0"
    monitors = ()

    def decide(self, view):
        return ()


print("a plug-in may say something when it is loaded")
'''

STORY = """\
extends: base.yaml
faults:
  - {kind: Drop, at: 'uniform(3d, 6d)', columns: [x0]}
"""
BASE = """\
story: A feed goes missing.
horizon: 9d
stream: {concept: {kind: Linear, columns: 3}, traffic: {rate: 60/h}}
"""


def run(strategy: str, *more: str, scenario: str = "my.py:world") -> int:
    return main(["run", scenario, "--strategy", strategy, "--seed", "7", *more])


def files(folder: Path) -> set[str]:
    return {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}
