"""An adversary: what is left alone loses the race, what trains wins back half and never all."""

from collections.abc import Callable

import pytest

from scenarios.the_adversary import the_adversary
from sim.scenario import Scenario
from strategies import presets
from tests.scenarios.stories.claims import FEW, loss, passes, played

STORY = the_adversary()


def left_alone_the_cost_doubles(seed: int, world: Scenario = STORY) -> bool:
    calm = loss(played(world.calm(), presets.never(), seed), "11w")
    return loss(played(world, presets.never(), seed), "11w") > 2 * calm


def training_wins_back_more_than_half_and_never_all(seed: int, world: Scenario = STORY) -> bool:
    calm = loss(played(world.calm(), presets.scheduled(), seed), "11w")
    left, trained = (
        loss(played(world, s, seed), "11w") - calm for s in (presets.never(), presets.scheduled())
    )
    return 0.02 < trained < left / 2


CLAIMS = (left_alone_the_cost_doubles, training_wins_back_more_than_half_and_never_all)


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
