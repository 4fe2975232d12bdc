"""A season looks like a drift: each alarm about it is false, each training waste or worse."""

from collections.abc import Callable

import pytest

from scenarios.season_like_drift import season_like_drift
from sim.scenario import Scenario
from strategies import presets
from strategies.detectors import ADWIN
from strategies.monitors import OnErrors, Shift
from tests.scenarios.stories.claims import FEW, Watching, alarms, loss, passes, played, trainings

STORY = season_like_drift()
WITHOUT = season_like_drift(season=0.0, shift=0.0)
EYES = Watching((OnErrors(detector=ADWIN()), Shift(window=168)))


def errors_and_inputs_alarm_for_nothing(seed: int, world: Scenario = STORY) -> bool:
    year = played(world, EYES, seed)
    nothing = world.incidents == ()
    return nothing and len(alarms(year, "errors")) >= 3 and bool(alarms(year, "shift"))


def a_training_since_the_alarm_is_worse_than_nothing(seed: int, world: Scenario = STORY) -> bool:
    left, trained = played(world, presets.never(), seed), played(world, presets.on_alarm(), seed)
    return loss(trained) > loss(left) + 0.01 and len(trainings(trained)) >= 3


def fifty_trainings_gain_nothing_on_more_errors(seed: int, world: Scenario = STORY) -> bool:
    left, weekly = played(world, presets.never(), seed), played(world, presets.scheduled(), seed)
    worse_in_june = loss(left, "22w", "30w") > loss(left, "0", "8w") + 0.05
    return worse_in_june and loss(left) - loss(weekly) < 0.005 and len(trainings(weekly)) >= 50


CLAIMS = (
    errors_and_inputs_alarm_for_nothing,
    a_training_since_the_alarm_is_worse_than_nothing,
    fifty_trainings_gain_nothing_on_more_errors,
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
