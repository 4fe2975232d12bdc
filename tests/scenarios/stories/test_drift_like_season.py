"""A drift that looks like season: the calendar tells them apart, a year back."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from scenarios.drift_like_season import drift_like_season
from sim.actions import Action, Promote, Retrain
from sim.clock import WEEK_US
from sim.scenario import Scenario
from sim.view import View
from strategies import presets
from strategies.detectors import ADWIN
from strategies.monitors import OnErrors
from tests.scenarios.stories.claims import FEW, Watching, alarms, loss, passes, played, trainings

STORY = drift_like_season()


@dataclass(frozen=True)
class LastYear:
    """Train if the last four weeks were worse by *limit* than the same weeks of last year."""

    limit: float = 0.03
    heartbeat: str = "28d"

    def decide(self, view: View) -> Iterator[Action]:
        if view.candidate and not view.changing:
            yield Promote(view.candidate, why="ready")
        elif view.now_us >= 56 * WEEK_US and not view.jobs and view.since_build >= 28:
            then = view.ticks("56w").until(view.now_us - 52 * WEEK_US)
            if view.ticks("28d").error() > then.error() + self.limit:
                yield Retrain(window="56d", why="worse than last year")


def it_is_no_worse_than_any_spring_for_eight_weeks(seed: int, world: Scenario = STORY) -> bool:
    year = played(world, presets.never(), seed)
    silent = loss(year, "74w", "82w") < loss(year, "68w", "74w") + 0.02
    return silent and loss(year, "92w") > loss(year, "40w", "52w") + 0.05


def errors_cried_wolf_the_year_before(seed: int, world: Scenario = STORY) -> bool:
    year = played(world, Watching((OnErrors(detector=ADWIN()),)), seed)
    return len(alarms(year, "errors", "0", "52w")) >= 2 and len(world.incidents) == 1


def the_same_weeks_of_last_year_tell(seed: int, world: Scenario = STORY) -> bool:
    calm, acted = played(world.calm(), LastYear(), seed), played(world, LastYear(), seed)
    built = [version.at_us / WEEK_US for version in trainings(acted)]
    lost = loss(played(world, presets.never(), seed), "92w") - loss(calm, "92w")
    mended = loss(acted, "92w") - loss(calm, "92w") < lost / 2
    return not trainings(calm) and bool(built) and 74 < built[0] < 74 + 17 and mended


CLAIMS = (
    it_is_no_worse_than_any_spring_for_eight_weeks,
    errors_cried_wolf_the_year_before,
    the_same_weeks_of_last_year_tell,
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
