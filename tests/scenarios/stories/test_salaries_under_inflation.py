"""A number whose unit changes: no input says so, and old data is old money."""

from collections.abc import Callable

import pytest

from scenarios.salaries_under_inflation import salaries_under_inflation
from sim.scenario import Scenario
from strategies import presets
from strategies.monitors import Contract, Shift
from tests.scenarios.stories.claims import FEW, Watching, alarms, loss, passes, played

STORY = salaries_under_inflation()
EYES = Watching((Contract(), Shift(window=168, minimum=1_000)))
THREE_MONTHS = presets.scheduled(every="28d", window="84d")
HALF_A_YEAR = presets.scheduled(every="28d", window="182d")


def excess(strategy: object, seed: int, world: Scenario) -> float:
    calm = loss(played(world.calm(), presets.never(), seed), "44w")
    return loss(played(world, strategy, seed), "44w") - calm


def errors_double_and_no_input_says_so(seed: int, world: Scenario = STORY) -> bool:
    year = played(world, EYES, seed)
    return not alarms(year) and loss(year, "50w") > 1.9 * loss(year, "0", "4w")


def three_months_keep_four_fifths_away(seed: int, world: Scenario = STORY) -> bool:
    left = excess(presets.never(), seed, world)
    return left > 0.5 and excess(THREE_MONTHS, seed, world) < left / 5


def half_a_year_leaves_twice_as_much(seed: int, world: Scenario = STORY) -> bool:
    half, quarter = (excess(s, seed, world) for s in (HALF_A_YEAR, THREE_MONTHS))
    return half > 2 * quarter and half > 0.2


CLAIMS = (
    errors_double_and_no_input_says_so,
    three_months_keep_four_fifths_away,
    half_a_year_leaves_twice_as_much,
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
