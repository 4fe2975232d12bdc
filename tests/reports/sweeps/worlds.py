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
