"""Two incidents in one week: the repair of one hides the other."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from scenarios.two_at_once import two_at_once
from sim.clock import DAY_US
from sim.scenario import Scenario
from strategies import presets
from strategies.monitors import Contract
from strategies.policy import Policy
from strategies.responses import PageOwners
from tests.scenarios.stories.claims import FEW, alarms, lag_us, loss, passes, played

STORY = two_at_once()


def repair_and_train() -> Policy:
    """Page for a broken contract, and train when errors say so."""
    trains = presets.on_alarm()
    pages = PageOwners(monitors=("contract",))
    return replace(trains, monitors=(Contract(), *trains.monitors), responses=(pages,))


def excess(strategy: Any, seed: int, world: Scenario) -> float:
    calm = loss(played(world.calm(), presets.never(), seed), "10w")
    return loss(played(world, strategy, seed), "10w") - calm


def one_repair_hides_the_other_incident(seed: int, world: Scenario = STORY) -> bool:
    year = played(world, presets.contract(), seed)
    green = lag_us(year, "contract") < DAY_US and not alarms(year, "contract", "8w")
    left, repaired = excess(presets.never(), seed, world), excess(presets.contract(), seed, world)
    return green and 0.03 < repaired < left / 2


def a_training_alone_learns_the_broken_feed(seed: int, world: Scenario = STORY) -> bool:
    left, trained = excess(presets.never(), seed, world), excess(presets.on_alarm(), seed, world)
    return left > 0.1 and left - trained < 0.03


def who_repairs_and_trains_is_back(seed: int, world: Scenario = STORY) -> bool:
    both, repaired = (
        excess(repair_and_train(), seed, world),
        excess(presets.contract(), seed, world),
    )
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
