"""Better on the average, twice as often wrong for a few."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from scenarios.segment_regression import segment_regression
from sim.clock import DAY_US
from sim.monitoring import LabelsSeen
from sim.scenario import Scenario
from strategies.detectors import ADWIN
from strategies.monitors import OnErrors
from strategies.presets.never import Never
from strategies.presets.on_alarm import OnAlarm
from tests.scenarios.stories.claims import FEW, alarms, loss, passes, played, trainings

STORY = segment_regression()
TEAM = OnAlarm(window="14d", wait="14d")


@dataclass(frozen=True, kw_only=True)
class OfSegment(OnErrors):
    """The errors of one segment."""

    place: int

    def read(self, seen: LabelsSeen) -> Any:
        assert seen.segment is not None
        return np.where(seen.segment == self.place, super().read(seen), np.nan)


@dataclass(frozen=True, kw_only=True)
class TeamThatLooks(OnAlarm):
    """The same team, which has the terminals' errors in sight."""

    @property
    def monitors(self) -> tuple[OnErrors, ...]:
        return (*super().monitors, OfSegment(name="terminals", place=1, detector=ADWIN()))


def it_is_better_and_twice_as_often_wrong_for_a_few(seed: int, world: Scenario = STORY) -> bool:
    year, left = played(world, TEAM, seed), played(world, Never(), seed)
    better = loss(year, "12w") < min(loss(left, "12w") - 0.05, loss(year, "0", "6w") + 0.03)
    return better and loss(year, "12w", "", "terminal") > 2 * loss(year, "0", "6w", "terminal")


def errors_on_all_say_nothing_more(seed: int, world: Scenario = STORY) -> bool:
    year = played(world, TEAM, seed)
    return len(trainings(year)) >= 1 and not alarms(year, "errors", "12w")


def errors_of_the_segment_show_it_in_four_weeks(seed: int, world: Scenario = STORY) -> bool:
    year = played(world, TeamThatLooks(window="14d", wait="14d"), seed)
    released = [version.at_us for version in trainings(year)]
    seen = [a.at_us for a in alarms(year, "terminals", "6w") if a.at_us > released[0]]
    return bool(seen) and seen[0] - released[0] < 28 * DAY_US


CLAIMS = (
    it_is_better_and_twice_as_often_wrong_for_a_few,
    errors_on_all_say_nothing_more,
    errors_of_the_segment_show_it_in_four_weeks,
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
