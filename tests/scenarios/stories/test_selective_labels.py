"""Who learns from its own yes alone: the claim shines, and every second version lends to all."""

from collections.abc import Callable

import pytest

from reports.measures import Lived, lived
from scenarios.selective_labels import selective_labels
from sim.scenario import Scenario
from strategies import presets
from tests.scenarios.stories.claims import FEW, loss, passes, played

STORY = selective_labels()
WITHOUT = selective_labels(audit=1.0)
SOME = selective_labels(audit=0.1)
ON_LOANS = presets.scheduled(every="8w", window="28d")


def first(seed: int, world: Scenario) -> Lived:
    return lived(played(world, ON_LOANS, seed))[1]


def the_claim_shines_and_the_life_does_not(seed: int, world: Scenario = STORY) -> bool:
    version = first(seed, world)
    return version.claim < 0.12 and version.loss is not None and version.loss > 0.35


def the_launch_left_alone_is_better(seed: int, world: Scenario = STORY) -> bool:
    left, trained = (loss(played(world, s, seed)) for s in (presets.never(), ON_LOANS))
    return left < 0.08 and trained > left + 0.1


def one_refused_in_ten_halves_the_damage(seed: int, world: Scenario = STORY) -> bool:
    none, some = first(seed, world).loss, first(seed, SOME).loss
    assert none is not None
    assert some is not None
    return some - 0.06 < (none - 0.06) / 2


CLAIMS = (
    the_claim_shines_and_the_life_does_not,
    the_launch_left_alone_is_better,
    one_refused_in_ten_halves_the_damage,
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
    assert not any(holds(seed, WITHOUT) for seed in FEW)
