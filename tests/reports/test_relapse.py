"""A recovery that does not last is not told as if it did."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from reports.result import Result
from sim.actions import Action, Promote, Retrain, Rollback
from sim.clock import us
from sim.concepts import Linear
from sim.drift import ConceptDrift
from sim.faults import Fault, NullBurst
from sim.labels import Constant, Labels
from sim.run import run
from sim.scenario import Scenario
from sim.stream import Stream
from sim.traffic import Traffic
from sim.view import View


@dataclass(frozen=True)
class Mended:
    """Rebuilds in week 6; in week 10, if *undone*, goes back to the version before."""

    undone: bool
    heartbeat: str = "1d"

    def decide(self, view: View) -> list[Action]:
        if view.reason != "heartbeat":
            return []
        plan: dict[int, Action] = {us("6w"): Retrain("1w"), us("6w 1d"): Promote("v1")}
        if self.undone:
            plan[us("10w")] = Rollback()
        return [plan[view.now_us]] if view.now_us in plan else []


def finding(*, undone: bool, faults: tuple[Fault, ...] = ()) -> str:
    drift = ConceptDrift(at="4w", to=Linear(rule="b"))
    scenario = Scenario(
        name="relapse",
        stream=Stream(concept=Linear(), traffic=Traffic(rate="100/h"), drifts=(drift,)),
        labels=Labels(delay=Constant(delay="1d")),
        horizon="20w",
        faults=faults,
    )
    mine, calm = (run(world, Mended(undone), seed=1) for world in (scenario, scenario.calm()))
    return Result(mine, calm).finding


def test_a_recovery_that_lasts_is_told_as_one() -> None:
    assert finding(undone=False).endswith("well again after 2w 1d")


def test_a_recovery_that_is_undone_is_told_as_not_for_good() -> None:
    assert finding(undone=True).endswith("well again after 2w 1d, but not for good")


@pytest.mark.parametrize("undone", [True, False])
def test_so_it_is_after_two_incidents(undone: bool) -> None:
    before = NullBurst(at="1w", until="2w", columns=("x0", "x1", "x2"))
    told = finding(undone=undone, faults=(before,))
    assert told.startswith("2 incidents")
    assert ("not for good" in told) is undone
