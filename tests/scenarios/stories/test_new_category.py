"""A new name for an old colour: unknown at once, and learned when labels come."""

from collections.abc import Callable

import pytest

from scenarios.new_category import new_category
from sim.clock import DAY_US
from sim.scenario import Scenario
from strategies import presets
from strategies.detectors import ADWIN
from strategies.monitors import Contract, OnErrors
from tests.scenarios.stories.claims import FEW, Watching, lag_us, loss, passes, played

STORY = new_category()
BOTH = Watching((Contract(), OnErrors(detector=ADWIN())))


def a_contract_sees_it_two_weeks_before_the_errors_do(seed: int, world: Scenario = STORY) -> bool:
    year = played(world, BOTH, seed)
    return lag_us(year, "contract") < DAY_US / 2 and 14 * DAY_US < lag_us(year, "errors") < 1e15


def a_page_helps_nobody_and_a_training_does(seed: int, world: Scenario = STORY) -> bool:
    calm, left, paged, trained = (
        loss(played(there, strategy, seed), "14w")
        for there, strategy in (
            (world.calm(), presets.never()),
            (world, presets.never()),
            (world, presets.contract()),
            (world, presets.on_alarm()),
        )
    )
    return left > calm + 0.1 and paged == left and trained < calm + 0.02


CLAIMS = (
    a_contract_sees_it_two_weeks_before_the_errors_do,
    a_page_helps_nobody_and_a_training_does,
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
