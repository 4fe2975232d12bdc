"""What benchmarks of sweeps share: tiny years, workers that are warm, how a sweep is timed."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.engine import scenario
from reports.sweeps import Sweep, sweep
from reports.sweeps.sweep import WARM
from sim.actions import Promote, Retrain
from sim.artifacts import Parametric
from sim.clock import DAY_US
from sim.concepts import Moving
from sim.labels import Constant, Labels
from sim.losses import Expected
from sim.scenario import Launch, Scenario, Service, Training
from sim.stream import Stream
from sim.sweeps import Kept, Processes
from sim.traffic import Traffic
from strategies import presets

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sim.actions import Action
    from sim.sweeps import Engine
    from sim.view import View

ROUNDS = 3


@dataclass(frozen=True, kw_only=True)
class Rebuild:
    """Rebuild every *period* days, and look up every day."""

    period: int = 30
    heartbeat: str = "1d"

    def decide(self, view: View) -> list[Action]:
        """Serve what is ready, else build when it is time."""
        if view.candidate:
            return [Promote(view.candidate)]
        if view.reason == "heartbeat" and view.now_us % (self.period * DAY_US) == 0:
            return [Retrain(1)]
        return []


def tiny() -> Scenario:
    """Return 100 days of code that rots."""
    return Scenario(
        name="tiny",
        stream=Stream(
            concept=Moving(speed=1.0, step="1d"), traffic=Traffic(rate="1/d", arrivals="even")
        ),
        artifact=Parametric(slope=0.01),
        loss=Expected(),
        labels=Labels(delay=Constant(delay="0s")),
        training=Training(fixed="0s", cost=5.0),
        service=Service(deploy="0s", rollback="0s", flag="0s"),
        launch=Launch(window="5d"),
        horizon="100d",
        tick="1d",
    )


def asked_for(worlds: Sequence[Any], operators: Sequence[Any], seeds: int) -> Sweep:
    """Return the sweep over so many seeds."""
    return Sweep.of(worlds, operators, range(seeds))


@contextmanager
def pool(workers: int) -> Iterator[Engine]:
    """Give processes that have played already."""
    kept = Kept(Processes(workers=workers, warm=WARM))
    for _ in range(2):
        sweep(asked_for([tiny(), scenario(20_000)], [presets.never()], 4), engine=kept)
    yield kept
    kept.close()


def least_s(asked: Sweep, engine: Engine) -> float:
    """Return the seconds of a sweep, the least of a few."""
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        sweep(asked, engine=engine)
        taken.append(time.perf_counter() - start)
    return min(taken)
