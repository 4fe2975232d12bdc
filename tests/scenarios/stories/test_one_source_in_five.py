"""One carrier in five weighs in pounds: too few to see for those who look at all five."""

from collections.abc import Callable

import pytest

from scenarios.one_source_in_five import one_source_in_five
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

STORY = one_source_in_five()
FINE = Shift(limit=0.025, window=72, minimum=1_000, name="fine")
EYES = Watching((Contract(), Shift(), FINE))


def only_a_fine_limit_sees_it_within_five_days(seed: int, world: Scenario = STORY) -> bool:
    year = played(world, EYES, seed)
    blind = not alarms(year, "contract") and not alarms(year, "shift")
    return blind and lag_us(year, "fine") < 5 * DAY_US


def a_page_has_it_repaired_within_two_weeks(seed: int, world: Scenario = STORY) -> bool:
    calm = loss(played(world.calm(), presets.never(), seed), "8w")
    left = loss(played(world, presets.never(), seed), "8w")
    paged = loss(played(world, Paging((FINE,)), seed), "8w")
    return left - calm > 0.01 and abs(paged - calm) < 1e-9


def a_training_on_both_units_makes_it_worse(seed: int, world: Scenario = STORY) -> bool:
    left, trained = (played(world, s, seed) for s in (presets.never(), presets.scheduled()))
    return loss(trained, "12w") > loss(left, "12w") + 0.005


CLAIMS = (
    only_a_fine_limit_sees_it_within_five_days,
    a_page_has_it_repaired_within_two_weeks,
    a_training_on_both_units_makes_it_worse,
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
