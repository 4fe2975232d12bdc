"""What is served shapes what comes: who learns from it forgets everybody else."""

from collections.abc import Callable, Iterator

import pytest

from scenarios.filter_bubble import filter_bubble
from sim.actions import Fallback
from sim.clock import WEEK_US
from sim.scenario import Scenario
from sim.view import View
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

STORY = filter_bubble()
EYES = Watching((Shift(window=72), OnErrors(detector=ADWIN())))


class ShowsNothing:
    """Everybody gets the fallback, which shows nothing, and the inputs are watched."""

    heartbeat = "1h"
    monitors = (Shift(window=72),)

    def decide(self, view: View) -> Iterator[Fallback]:
        if not view.route.fallback and not view.changing:
            yield Fallback(True)


def inputs_move_and_the_launch_does_no_harm(seed: int, world: Scenario = STORY) -> bool:
    year = played(world, EYES, seed)
    harmless = all(life.harmless for life in lives(world, EYES, seed).values())
    return lag_us(year, "shift") < 3 * WEEK_US and harmless and not alarms(year, "errors", "6w")


def who_learns_inside_is_wrong_about_new_readers(seed: int, world: Scenario = STORY) -> bool:
    left, trained = (
        loss(played(world, s, seed), "22w", "23w") for s in (presets.never(), presets.scheduled())
    )
    return trained > left + 0.15


def it_is_our_own_doing(seed: int, world: Scenario = STORY) -> bool:
    shown, hidden = played(world, EYES, seed), played(world, ShowsNothing(), seed)
    return bool(alarms(shown, "shift")) and not alarms(hidden, "shift")


CLAIMS = (
    inputs_move_and_the_launch_does_no_harm,
    who_learns_inside_is_wrong_about_new_readers,
    it_is_our_own_doing,
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
