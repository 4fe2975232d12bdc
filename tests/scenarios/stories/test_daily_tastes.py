"""Where tastes change daily, the cadence is the quality."""

from collections.abc import Callable

import pytest

from scenarios.daily_tastes import daily_tastes
from sim.scenario import Scenario
from strategies import presets
from tests.scenarios.stories.claims import FEW, loss, passes, played

STORY = daily_tastes()
DAILY, MONTHLY = (
    presets.scheduled(every="1d", window="5d"),
    presets.scheduled(every="28d", window="30d"),
)


def a_training_a_day_keeps_up(seed: int, world: Scenario = STORY) -> bool:
    calm = loss(played(world.calm(), DAILY, seed), "2w", "14w")
    daily, monthly = (loss(played(world, s, seed), "2w", "14w") - calm for s in (DAILY, MONTHLY))
    return daily < 0.05 and monthly > max(3 * daily, 0.1)


def a_training_a_month_is_hardly_better_than_a_coin(seed: int, world: Scenario = STORY) -> bool:
    return loss(played(world, MONTHLY, seed), "6w", "14w") > 0.4


CLAIMS = (a_training_a_day_keeps_up, a_training_a_month_is_hardly_better_than_a_coin)


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
