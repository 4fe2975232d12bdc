"""Another query: the claim is blind to it, and inputs against the new baseline are not."""

from collections.abc import Callable
from dataclasses import replace
from statistics import mean

import pytest

from scenarios.collected_again import collected_again
from sim.clock import us
from sim.scenario import Scenario
from strategies import presets
from strategies.monitors import Shift
from tests.scenarios.stories.claims import FEW, alarms, loss, passes, played, trainings

STORY = collected_again()


FORTNIGHTLY = replace(presets.scheduled(every="14d", window="60d"), monitors=(Shift(),))
"""Train every fortnight, and compare what comes in with what the champion learned from."""


def the_claim_is_blind_and_life_is_not(seed: int, world: Scenario = STORY) -> bool:
    year, calm = (played(w, FORTNIGHTLY, seed) for w in (world, world.calm()))
    old, new = (
        [b.claim for b in trainings(year) if (b.at_us > us("10w")) is later]
        for later in (False, True)
    )
    return mean(new) < mean(old) and loss(year, "11w") > loss(calm, "11w") + 0.04


def inputs_show_it_within_three_days_of_the_release(seed: int, world: Scenario = STORY) -> bool:
    year = played(world, FORTNIGHTLY, seed)
    early, late = alarms(year, "shift", "0", "10w"), alarms(year, "shift", "10w", "10w 3d")
    return not early and bool(late) and late[0].columns == ("x0",)


CLAIMS = (the_claim_is_blind_and_life_is_not, inputs_show_it_within_three_days_of_the_release)


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
