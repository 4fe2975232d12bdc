"""Where the world is slow, two trainings a year are nearly as good as twelve; none is not."""

from collections.abc import Callable

import pytest

from scenarios.regulatory_classifier import regulatory_classifier
from sim.scenario import Scenario
from strategies import presets
from tests.scenarios.stories.claims import FEW, loss, passes, played, trainings

STORY = regulatory_classifier()
TWICE, MONTHLY = (presets.scheduled(every=every, window="182d") for every in ("182d", "30d"))


def twice_a_year_is_nearly_as_good_for_a_sixth(seed: int, world: Scenario = STORY) -> bool:
    twice, monthly, never = (played(world, s, seed) for s in (TWICE, MONTHLY, presets.never()))
    near = loss(twice) < loss(monthly) + 0.01
    cheap = 5 * len(trainings(twice)) <= len(trainings(monthly))
    return near and cheap and loss(never, "52w") > loss(twice, "52w") + 0.01


CLAIMS = (twice_a_year_is_nearly_as_good_for_a_sixth,)


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
