"""The same year played by others: nobody, presets, and whoever knew everything beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reports.result import Result
from sim import hindsight as planning
from sim.run import one_thread, run
from sim.setting import source_of
from sim.workshop import Fits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.scenario import Scenario

NOBODY, HINDSIGHT = "never", "hindsight"
WINDOWS = ("7d", "30d")
COMPARED = (
    NOBODY,
    "contract",
    "weekly",
    "performance",
    "drift",
    "hybrid",
    "level-0",
    "level-2",
)
"""Who plays the year besides."""


@dataclass(frozen=True)
class Other:
    """A policy by *name*, and what its year came to."""

    name: str
    words: str
    result: Result

    @property
    def cost(self) -> float:
        """What the year cost, losses included."""
        return self.result.money.total


def others(scenario: Scenario, seed: int) -> Iterator[Other]:
    """Play the year and its calm twin under each of `COMPARED`; luck and fits are shared."""
    from strategies import catalogue

    fits, known = Fits(), catalogue()
    with one_thread():
        source, calm_source = source_of(scenario, seed), source_of(scenario.calm(), seed)
    for name in COMPARED:
        strategy = known[name]()
        story = getattr(strategy, "story", "") or (type(strategy).__doc__ or "").split("\n")[0]
        mine, calm = (
            run(world, strategy, seed=seed, fits=fits, source=drawn, outcomes=True)
            for world, drawn in ((scenario, source), (scenario.calm(), calm_source))
        )
        yield Other(name, str(story), Result(mine, calm))
    if not planning.unknown(scenario):
        best = planning.hindsight(
            scenario, seed=seed, windows=WINDOWS, source=source, fits=fits, outcomes=True
        )
        unmoved = run(scenario.calm(), known[NOBODY](), seed=seed, outcomes=True)
        yield Other(
            HINDSIGHT, "the best schedule of builds, which nobody can know", Result(best, unmoved)
        )


def played(scenario: Scenario, strategy: Any, seed: int) -> Result:
    """Play a game again as a run, beside its calm twin: the same moves, where they are possible."""
    mine = run(scenario, strategy, seed=seed, outcomes=True)
    return Result(mine, run(scenario.calm(), strategy, seed=seed, outcomes=True))
