"""Better on the average, twice as often wrong for a few."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from scenarios.segment_regression import segment_regression
from sim.clock import DAY_US
from sim.monitoring import LabelsSeen
from sim.scenario import Scenario
from strategies import presets
from strategies.detectors import ADWIN
from strategies.monitors import OnErrors
from strategies.policy import Policy
from tests.scenarios.stories.claims import FEW, alarms, loss, passes, played, trainings

STORY = segment_regression()
TEAM = presets.on_alarm(window="14d", wait="14d")


@dataclass(frozen=True, kw_only=True)
class OfSegment(OnErrors):
    """The errors of one segment."""

    place: int

    def read(self, seen: LabelsSeen) -> Any:
        assert seen.segment is not None
        return np.where(seen.segment == self.place, super().read(seen), np.nan)


def team_that_looks() -> Policy:
    """Return the same team, which has the terminals' errors in sight."""
    team = presets.on_alarm(window="14d", wait="14d")
    terminals = OfSegment(name="terminals", place=1, detector=ADWIN())
    return replace(team, monitors=(*team.monitors, terminals))


def it_is_better_and_twice_as_often_wrong_for_a_few(seed: int, world: Scenario = STORY) -> bool:
    year, left = played(world, TEAM, seed), played(world, presets.never(), seed)
    better = loss(year, "12w") < min(loss(left, "12w") - 0.05, loss(year, "0", "6w") + 0.03)
    return better and loss(year, "12w", "", "terminal") > 2 * loss(year, "0", "6w", "terminal")


def errors_on_all_say_nothing_more(seed: int, world: Scenario = STORY) -> bool:
    year = played(world, TEAM, seed)
    return len(trainings(year)) >= 1 and not alarms(year, "errors", "12w")


def errors_of_the_segment_show_it_in_four_weeks(seed: int, world: Scenario = STORY) -> bool:
    year = played(world, team_that_looks(), seed)
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
