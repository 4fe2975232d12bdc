"""A week like no other: to wait is better than to learn it."""

from collections.abc import Callable

import pytest

from scenarios.the_bad_retrain import the_bad_retrain
from sim.scenario import Scenario
from strategies import presets
from tests.scenarios.stories.claims import FEW, loss, passes, played

STORY = the_bad_retrain()
WEEKLY = presets.scheduled(window="7d")


def to_wait_is_better_than_to_learn_it(seed: int, world: Scenario = STORY) -> bool:
    waits, learns = (loss(played(world, s, seed), "10w", "14w") for s in (presets.never(), WEEKLY))
    return learns > waits + 0.05


def the_sale_lives_on_in_the_model(seed: int, world: Scenario = STORY) -> bool:
    waits, learns = (
        loss(played(world, s, seed), "11w 2d", "12w 2d") for s in (presets.never(), WEEKLY)
    )
    return learns > waits + 0.1


def the_first_version_is_right_again_at_once(seed: int, world: Scenario = STORY) -> bool:
    year = played(world, presets.never(), seed)
    during, before = loss(year, "10w", "11w 2d"), loss(year, "0", "10w")
    return during > before + 0.3 and loss(year, "11w 2d", "12w 2d") < before + 0.02


CLAIMS = (
    to_wait_is_better_than_to_learn_it,
    the_sale_lives_on_in_the_model,
    the_first_version_is_right_again_at_once,
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
