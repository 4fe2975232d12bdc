"""Features move and nobody is harmed: the alarm is right, and needless."""

from collections.abc import Callable

import pytest

from reports.measures import alarms as judged
from scenarios.virtual_drift import virtual_drift
from sim.clock import DAY_US
from sim.scenario import Scenario
from strategies import presets
from strategies.detectors import ADWIN
from strategies.monitors import OnErrors, Shift
from tests.scenarios.stories.claims import (
    FEW,
    Watching,
    alarms,
    lag_us,
    lives,
    loss,
    passes,
    played,
)

STORY = virtual_drift()
EYES = Watching((Shift(), OnErrors(detector=ADWIN(delta=0.0001))))


def inputs_alarm_within_four_days_and_errors_stay_silent(
    seed: int, world: Scenario = STORY
) -> bool:
    year = played(world, EYES, seed)
    return lag_us(year, "shift") < 4 * DAY_US and not alarms(year, "errors", "5w")


def the_alarm_is_needless(seed: int, world: Scenario = STORY) -> bool:
    year, calm = played(world, EYES, seed), played(world.calm(), EYES, seed)
    verdicts = {one.alarm.monitor: one.verdict for one in judged(year, calm)}
    harmless = all(incident.harmless for incident in lives(world, EYES, seed).values())
    return harmless and verdicts.get("shift") == "needless"


def a_training_for_it_gains_nothing(seed: int, world: Scenario = STORY) -> bool:
    left, trained = (
        loss(played(world, s, seed), "6w") for s in (presets.never(), presets.scheduled())
    )
    return abs(left - trained) < 0.005 and bool(lives(world, presets.never(), seed))


CLAIMS = (
    inputs_alarm_within_four_days_and_errors_stay_silent,
    the_alarm_is_needless,
    a_training_for_it_gains_nothing,
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
