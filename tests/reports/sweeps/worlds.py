"""Small worlds and operators for sweeps, as a user's file."""

FILE = '''
from dataclasses import dataclass
from sim.actions import Promote, Retrain
from sim.concepts import Linear
from sim.faults import Drop
from sim.labels import Constant, Labels
from sim.scenario import Launch, Scenario
from sim.stream import Stream
from sim.traffic import Traffic


def world(*, rate: str = "20/h") -> Scenario:
    """A feed goes missing."""
    return Scenario(
        name="little", story="A feed goes missing.", horizon="8d",
        stream=Stream(concept=Linear(columns=3), traffic=Traffic(rate=rate)),
        faults=(Drop(at="4d", columns=("x0",), name="gone"),),
        labels=Labels(delay=Constant(delay="1d")), launch=Launch(window="3d"),
    )


@dataclass(frozen=True, kw_only=True)
class Often:
    """Trains again and again."""

    every: int = 2
    heartbeat: str = "1d"

    def decide(self, view):
        if view.candidate:
            return [Promote(view.candidate, why="ready")]
        if view.now_us // 86_400_000_000 % self.every == 0 and not view.jobs:
            return [Retrain("3d", why="its day")]
        return []


@dataclass(frozen=True, kw_only=True)
class Broken:
    """Raises."""

    heartbeat: str = "1d"

    def decide(self, view):
        raise ValueError("no idea")


@dataclass(frozen=True, kw_only=True)
class Sleeper:
    """Never answers."""

    heartbeat: str = "1d"

    def decide(self, view):
        while True:
            pass
'''

TINY = '''
from dataclasses import dataclass
from sim.actions import Promote, Retrain
from sim.artifacts import Parametric
from sim.clock import DAY_US
from sim.concepts import Moving
from sim.labels import Constant, Labels
from sim.losses import Expected
from sim.scenario import Launch, Scenario, Service, Training
from sim.stream import Stream
from sim.traffic import Traffic


def rot(*, slope: float = 0.01) -> Scenario:
    """Twenty days of code that rots."""
    return Scenario(
        name="rot", story="Code rots.", horizon="20d", tick="1d",
        stream=Stream(
            concept=Moving(speed=1.0, step="1d"), traffic=Traffic(rate="1/d", arrivals="even")
        ),
        artifact=Parametric(slope=slope), loss=Expected(),
        labels=Labels(delay=Constant(delay="0s")),
        training=Training(fixed="0s", failure=0.3, cost=5.0),
        service=Service(deploy="0s", rollback="0s", flag="0s"),
        launch=Launch(window="5d"),
    )


@dataclass(frozen=True, kw_only=True)
class Rebuild:
    """Rebuild every *period* days."""

    period: int = 10
    heartbeat: str = "1d"

    def decide(self, view):
        if view.candidate:
            return [Promote(view.candidate, why="ready")]
        if view.reason == "heartbeat" and view.now_us % (self.period * DAY_US) == 0:
            return [Retrain(1, why="its day")]
        return []
'''
