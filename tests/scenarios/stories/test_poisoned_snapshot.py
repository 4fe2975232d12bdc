"""Poisoned storage: inputs and claims look well, a rollback mends it and a training does not."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest

from scenarios.poisoned_snapshot import poisoned_snapshot
from sim.actions import Action, Promote, Retrain, Rollback
from sim.clock import us
from sim.facts import Acted
from sim.scenario import Scenario
from sim.view import View
from strategies.detectors import ADWIN
from strategies.monitors import Contract, OnErrors, Shift
from strategies.recall import at_rest
from tests.scenarios.stories.claims import FEW, alarms, loss, passes, played, trainings

STORY = poisoned_snapshot()


@dataclass(frozen=True, kw_only=True)
class Weekly:
    """Train every week on the last; with *careful*, an alarm ends in a rollback and a halt."""

    careful: bool = False
    heartbeat: ClassVar[str] = "7d"
    monitors: ClassVar[tuple[Any, ...]] = (Contract(), Shift(), OnErrors(detector=ADWIN()))

    def decide(self, view: View) -> Iterator[Action]:
        """Go back if errors say so; else let out what is ready, or train."""
        halted = any(isinstance(f, Acted) and f.action == "rollback" for f in view.history)
        if self.careful and any(a.monitor == "errors" for a in view.alarms) and not halted:
            yield Rollback(why="errors rose after the release")
        elif halted:
            return
        elif view.candidate and not view.changing:
            yield Promote(view.candidate)
        elif at_rest(view) and view.since_build >= 7:
            yield Retrain(window="7d")


def claims_look_well_and_lived_error_doubles(seed: int, world: Scenario = STORY) -> bool:
    year = played(world, Weekly(), seed)
    before, while_it_lasts = (
        [b.claim for b in trainings(year) if us(start) < b.at_us < us(stop)]
        for start, stop in (("0", "6w"), ("6w", "14w"))
    )
    doubled = loss(year, "6w 1d", "14w") > 2 * loss(year, "0", "5w")
    mean = sum(before) / len(before)
    return doubled and sum(while_it_lasts) / len(while_it_lasts) < mean + 0.03


def only_errors_see_it(seed: int, world: Scenario = STORY) -> bool:
    year = played(world, Weekly(), seed)
    feed = [*alarms(year, "contract"), *alarms(year, "shift")]
    return not feed and bool(alarms(year, "errors", "6w", "8w"))


def a_rollback_mends_it(seed: int, world: Scenario = STORY) -> bool:
    calm = loss(played(world.calm(), Weekly(), seed), "7w", "14w")
    trains, goes_back = (
        loss(played(world, Weekly(careful=careful), seed), "7w", "14w") for careful in (False, True)
    )
    return trains > calm + 0.05 and goes_back < calm + 0.02


CLAIMS = (claims_look_well_and_lived_error_doubles, only_errors_see_it, a_rollback_mends_it)


@pytest.mark.parametrize("holds", CLAIMS)
def test_it_holds(holds: Callable[..., bool]) -> None:
    assert all(holds(seed) for seed in FEW)


@pytest.mark.deep
@pytest.mark.parametrize("holds", CLAIMS)
def test_it_holds_over_thirty_seeds(holds: Callable[..., bool]) -> None:
    assert passes(holds)


@pytest.mark.parametrize("holds", CLAIMS)
def test_it_is_not_so_where_nothing_happens(holds: Callable[..., bool]) -> None:
    assert not any(holds(seed, STORY.calm()) for seed in FEW)
