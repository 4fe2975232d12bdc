"""Behind a backlog the same alarm rests on older posts, and comes weeks later."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from scenarios.review_backlog import review_backlog
from sim.clock import DAY_US, us
from sim.scenario import Scenario
from strategies.detectors import ADWIN
from strategies.monitors import OnErrors
from tests.scenarios.stories.claims import FEW, Watching, alarms, passes, played

STORY = review_backlog()
ERRORS = Watching((OnErrors(detector=ADWIN()),))


def without_campaign(world: Scenario) -> Scenario:
    """Return the same world in which the queue keeps up."""
    kept = tuple(drift for drift in world.stream.drifts if drift.label != "campaign")
    return replace(world, stream=replace(world.stream, drifts=kept))


def seen(world: Scenario, seed: int) -> tuple[float, float]:
    """Return days from the new kind of abuse to the alarm about it, and how old its evidence is."""
    told = [a for a in alarms(played(world, ERRORS, seed), "errors") if a.evidence_us >= us("12w")]
    if not told:
        return float("inf"), 0.0
    return (told[0].at_us - us("12w")) / DAY_US, (told[0].at_us - told[0].evidence_us) / DAY_US


def a_queue_that_keeps_up_shows_it_within_a_week(seed: int, world: Scenario = STORY) -> bool:
    return seen(without_campaign(world), seed)[0] < 7


def behind_the_backlog_it_comes_weeks_later(seed: int, world: Scenario = STORY) -> bool:
    (late, old), (early, _) = seen(world, seed), seen(without_campaign(world), seed)
    return old > 14 and early + 14 < late < float("inf")


CLAIMS = (a_queue_that_keeps_up_shows_it_within_a_week, behind_the_backlog_it_comes_weeks_later)


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
