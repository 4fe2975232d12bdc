"""Two incidents in one week: the repair of one hides the other."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from scenarios.two_at_once import two_at_once
from sim.actions import Action, PageOwner
from sim.clock import DAY_US
from sim.scenario import Scenario
from sim.view import View
from strategies.monitors import Contract
from strategies.presets.contract import ContractGuard
from strategies.presets.never import Never
from strategies.presets.on_alarm import OnAlarm
from tests.scenarios.stories.claims import FEW, alarms, lag_us, loss, passes, played

STORY = two_at_once()


@dataclass(frozen=True, kw_only=True)
class RepairAndTrain:
    """Page for a broken contract, and train when errors say so."""

    trains: OnAlarm = field(default_factory=OnAlarm)
    heartbeat: str = "1d"

    @property
    def monitors(self) -> tuple[Any, ...]:
        return (Contract(), *self.trains.monitors)

    def decide(self, view: View) -> Iterator[Action]:
        for alarm in view.alarms:
            if alarm.monitor == "contract" and alarm.owner not in view.pages:
                yield PageOwner(alarm.owner, why=alarm.text)
        yield from self.trains.decide(view)


def excess(strategy: Any, seed: int, world: Scenario) -> float:
    calm = loss(played(world.calm(), Never(), seed), "10w")
    return loss(played(world, strategy, seed), "10w") - calm


def one_repair_hides_the_other_incident(seed: int, world: Scenario = STORY) -> bool:
    year = played(world, ContractGuard(), seed)
    green = lag_us(year, "contract") < DAY_US and not alarms(year, "contract", "8w")
    left, repaired = excess(Never(), seed, world), excess(ContractGuard(), seed, world)
    return green and 0.03 < repaired < left / 2


def a_training_alone_learns_the_broken_feed(seed: int, world: Scenario = STORY) -> bool:
    left, trained = excess(Never(), seed, world), excess(OnAlarm(), seed, world)
    return left > 0.1 and left - trained < 0.03


def who_repairs_and_trains_is_back(seed: int, world: Scenario = STORY) -> bool:
    both, repaired = excess(RepairAndTrain(), seed, world), excess(ContractGuard(), seed, world)
    return both < 0.03 < repaired


CLAIMS = (
    one_repair_hides_the_other_incident,
    a_training_alone_learns_the_broken_feed,
    who_repairs_and_trains_is_back,
)


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
