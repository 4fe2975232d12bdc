"""Worlds that come back: what was forgotten has to be learned again."""

from collections.abc import Callable

import pytest

from scenarios.recurring_concept import recurring_concept
from sim.scenario import Scenario
from strategies import presets
from strategies.windows import Expanding
from tests.scenarios.stories.claims import FEW, loss, passes, played

STORY = recurring_concept()


def who_keeps_old_data_beats_who_forgets_it(seed: int, world: Scenario = STORY) -> bool:
    kept = loss(played(world, presets.scheduled(window=Expanding()), seed))
    forgot = loss(played(world, presets.scheduled(window="30d"), seed))
    return forgot > kept + 0.04


def and_the_launch_beats_both(seed: int, world: Scenario = STORY) -> bool:
    kept = loss(played(world, presets.scheduled(window=Expanding()), seed))
    return loss(played(world, presets.never(), seed)) < kept - 0.005


def the_last_month_is_worst_when_the_old_world_is_back(seed: int, world: Scenario = STORY) -> bool:
    left, forgot = (
        played(world, s, seed) for s in (presets.never(), presets.scheduled(window="30d"))
    )
    return loss(forgot, "9w", "11w") > 2 * loss(left, "9w", "11w")


CLAIMS = (
    who_keeps_old_data_beats_who_forgets_it,
    and_the_launch_beats_both,
    the_last_month_is_worst_when_the_old_world_is_back,
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
