"""Whatever learns from outcomes lives as far in the past as they are late."""

from collections.abc import Callable

import pytest

from scenarios.labels_three_weeks_late import labels_three_weeks_late
from sim.clock import DAY_US
from sim.scenario import Scenario
from strategies import presets
from strategies.detectors import ADWIN
from strategies.monitors import Contract, OnErrors, Shift
from tests.scenarios.stories.claims import FEW, Watching, alarms, lag_us, loss, passes, played

STORY = labels_three_weeks_late()
PROMPT = labels_three_weeks_late(delay="1d")
EYES = Watching((Contract(), Shift(), OnErrors(detector=ADWIN())))


def nobody_knows_for_three_weeks(seed: int, world: Scenario = STORY) -> bool:
    year = played(world, EYES, seed)
    blind = not alarms(year, "contract") and not alarms(year, "shift")
    return blind and 21 * DAY_US < lag_us(year, "errors") < 28 * DAY_US


def a_weekly_training_repeats_the_old_model(seed: int, world: Scenario = STORY) -> bool:
    calm = loss(played(world.calm(), presets.never(), seed), "8w", "11w")
    left = loss(played(world, presets.never(), seed), "8w", "11w")
    trained = loss(played(world, presets.scheduled(), seed), "8w", "11w")
    return left > calm + 0.05 and abs(trained - left) < 0.02


def prompt_labels_would_save_more_than_half(seed: int, world: Scenario = STORY) -> bool:
    late, prompt = (
        loss(played(there, presets.on_alarm(), seed), "8w")
        - loss(played(STORY.calm(), presets.never(), seed), "8w")
        for there in (world, PROMPT)
    )
    return prompt < late / 2


CLAIMS = (
    nobody_knows_for_three_weeks,
    a_weekly_training_repeats_the_old_model,
    prompt_labels_would_save_more_than_half,
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
