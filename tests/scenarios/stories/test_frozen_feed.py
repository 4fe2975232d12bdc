"""A feed that stands still: valid values, seen by their distribution, learned at a price."""

from collections.abc import Callable

import pytest

from scenarios.frozen_feed import frozen_feed
from sim.clock import DAY_US
from sim.scenario import Scenario
from strategies import presets
from strategies.monitors import Contract, Shift
from tests.scenarios.stories.claims import (
    FEW,
    Paging,
    Watching,
    alarms,
    lag_us,
    loss,
    passes,
    played,
)

STORY = frozen_feed()


def each_value_is_valid_and_their_distribution_is_not(seed: int, world: Scenario = STORY) -> bool:
    year = played(world, Watching((Contract(), Shift())), seed)
    return not alarms(year, "contract") and lag_us(year, "shift") < 2 * DAY_US


def a_page_has_it_repaired_within_the_week(seed: int, world: Scenario = STORY) -> bool:
    calm = loss(played(world.calm(), presets.never(), seed), "8w", "16w")
    left = loss(played(world, presets.never(), seed), "8w", "16w")
    paged = loss(played(world, Paging((Shift(),)), seed), "8w", "16w")
    return left > 3 * calm and abs(paged - calm) < 1e-9


def who_learned_to_ignore_the_weather_goes_on(seed: int, world: Scenario = STORY) -> bool:
    left, trained = (played(world, s, seed) for s in (presets.never(), presets.scheduled()))
    return loss(trained, "16w", "18w") > 2 * loss(left, "16w", "18w")


CLAIMS = (
    each_value_is_valid_and_their_distribution_is_not,
    a_page_has_it_repaired_within_the_week,
    who_learned_to_ignore_the_weather_goes_on,
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
