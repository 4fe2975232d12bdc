"""Skew: the layer of inputs sees it, trainings don't, and the owner of the service mends it."""

from collections.abc import Callable

import pytest

from scenarios.training_serving_skew import training_serving_skew
from sim.clock import DAY_US, HOUR_US, us
from sim.facts import Ended
from sim.scenario import Scenario
from strategies import presets
from strategies.detectors import ADWIN
from strategies.monitors import Contract, OnErrors
from tests.scenarios.stories.claims import (
    FEW,
    Watching,
    alarms,
    lag_us,
    loss,
    passes,
    played,
    trainings,
)

STORY = training_serving_skew()
BOTH = Watching((Contract(owner="platform"), OnErrors(detector=ADWIN())))


AT_THE_SERVICE = presets.contract(owner="platform")
"""The contract is checked by those who own the service."""


def a_contract_sees_it_at_once_and_errors_days_later(seed: int, world: Scenario = STORY) -> bool:
    year = played(world, BOTH, seed)
    errors = [alarm.at_us - us("6w 10h") for alarm in alarms(year, "errors", "6w 10h")]
    return (
        lag_us(year, "contract") < 6 * HOUR_US and bool(errors) and DAY_US < errors[0] < 7 * DAY_US
    )


def training_is_no_repair(seed: int, world: Scenario = STORY) -> bool:
    year = played(world, presets.scheduled(), seed)
    claims = [built.claim for built in trainings(year) if built.at_us > us("7w")]
    return loss(year, "7w") > max(claims) + 0.15


def who_owns_the_service_mends_it_in_three_days(seed: int, world: Scenario = STORY) -> bool:
    ended = played(world, AT_THE_SERVICE, seed).of(Ended)
    return [end.why for end in ended] == ["repaired by platform"] and ended[0].at_us < us(
        "6w 3d 10h"
    )


CLAIMS = (
    a_contract_sees_it_at_once_and_errors_days_later,
    training_is_no_repair,
    who_owns_the_service_mends_it_in_three_days,
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
