"""The same alarm, with an owner and without."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from scenarios.hand_off_to_nobody import hand_off_to_nobody
from sim.clock import DAY_US, HOUR_US
from sim.facts import Ended, Onset
from sim.ledger import Ledger
from sim.scenario import Scenario
from strategies import presets
from tests.scenarios.stories.claims import FEW, lag_us, loss, passes, played

STORY = hand_off_to_nobody()


def owned(world: Scenario) -> Scenario:
    """Return the same world in which the data owner stayed."""
    return replace(world, people=replace(world.people, nobody=()))


def broken_days(year: Ledger) -> float:
    """Return for how many days the feed was broken, 0 if it never was."""
    onsets, ends = year.of(Onset), year.of(Ended)
    return (ends[0].at_us - onsets[0].at_us) / DAY_US if onsets and ends else 0.0


def the_alarm_is_as_quick_as_with_an_owner(seed: int, world: Scenario = STORY) -> bool:
    lags = [lag_us(played(w, presets.contract(), seed), "contract") for w in (world, owned(world))]
    return max(lags) < 6 * HOUR_US and lags[0] == lags[1]


def the_repair_is_not(seed: int, world: Scenario = STORY) -> bool:
    nobody, somebody = (
        broken_days(played(w, presets.contract(), seed)) for w in (world, owned(world))
    )
    return nobody > 6 and 0 < somebody < 2


def it_costs_three_times_as_much(seed: int, world: Scenario = STORY) -> bool:
    calm = loss(played(world.calm(), presets.contract(), seed), "12w")
    nobody, somebody = (
        loss(played(w, presets.contract(), seed), "12w") - calm for w in (world, owned(world))
    )
    return nobody > 0.02 and nobody > 3 * somebody


CLAIMS = (
    the_alarm_is_as_quick_as_with_an_owner,
    the_repair_is_not,
    it_costs_three_times_as_much,
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
