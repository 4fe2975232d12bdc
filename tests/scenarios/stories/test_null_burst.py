"""Empty values: seen at once where they enter; a training on the gap outlives it."""

from collections.abc import Callable

import pytest

from scenarios.null_burst import null_burst
from sim.clock import DAY_US
from sim.scenario import Scenario
from strategies import presets
from strategies.detectors import ADWIN
from strategies.monitors import Contract, OnErrors
from tests.scenarios.stories.claims import FEW, Watching, lag_us, loss, passes, played

STORY = null_burst()
BOTH = Watching((Contract(), OnErrors(detector=ADWIN())))


def a_contract_sees_it_days_before_the_errors_do(seed: int, world: Scenario = STORY) -> bool:
    year = played(world, BOTH, seed)
    return lag_us(year, "contract") < DAY_US and lag_us(year, "errors") > 4 * DAY_US


def who_is_paged_mends_it_before_it_hurts(seed: int, world: Scenario = STORY) -> bool:
    calm = loss(played(world.calm(), presets.never(), seed), "5w", "8w")
    left, paged = (
        loss(played(world, s, seed), "5w", "8w") for s in (presets.never(), presets.contract())
    )
    return left > calm + 0.06 and paged < calm + 0.02


def a_training_on_the_gap_is_no_repair(seed: int, world: Scenario = STORY) -> bool:
    left, trained = played(world, presets.never(), seed), played(world, presets.on_alarm(), seed)
    helps = loss(left, "5w", "8w") - loss(trained, "5w", "8w")
    harms = loss(trained, "8w", "10w") - loss(left, "8w", "10w")
    return helps < 0.02 and harms > 0.002


CLAIMS = (
    a_contract_sees_it_days_before_the_errors_do,
    who_is_paged_mends_it_before_it_hurts,
    a_training_on_the_gap_is_no_repair,
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
