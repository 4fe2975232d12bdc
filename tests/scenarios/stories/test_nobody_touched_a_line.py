"""From 94 % to 80 % in steps that nobody notices."""

from collections.abc import Callable

import numpy as np
import pytest

from scenarios.nobody_touched_a_line import nobody_touched_a_line
from sim.scenario import Scenario
from strategies import presets
from tests.scenarios.stories.claims import FEW, loss, passes, played

STORY = nobody_touched_a_line()
WEEKS = 52


def it_slides_from_94_to_80_percent(seed: int, world: Scenario = STORY) -> bool:
    year = played(world, presets.never(), seed)
    first, last = 1 - loss(year, "0", "3w"), 1 - loss(year, "49w")
    return abs(first - 0.94) < 0.015 and abs(last - 0.80) < 0.02


def and_no_week_startles_anybody(seed: int, world: Scenario = STORY) -> bool:
    timeline = played(world, presets.never(), seed).timeline
    wrong, count = (
        a.sum(axis=1)[: WEEKS * 168].reshape(WEEKS, 168).sum(axis=1)
        for a in (timeline.loss, timeline.count)
    )
    share = wrong / count
    error = np.sqrt(share * (1 - share) / count)
    steps = np.diff(share) / np.hypot(error[1:], error[:-1])
    return bool(steps.max() < 4.5 and share[-1] > share[0] + 0.1)


def a_weekly_training_keeps_92_percent(seed: int, world: Scenario = STORY) -> bool:
    kept = played(world, presets.scheduled(), seed)
    months = [loss(kept, f"{week}w", f"{week + 4}w") for week in range(0, WEEKS, 4)]
    gained = loss(played(world, presets.never(), seed), "26w") - loss(kept, "26w")
    return max(months) < 0.08 and gained > 0.05


CLAIMS = (
    it_slides_from_94_to_80_percent,
    and_no_week_startles_anybody,
    a_weekly_training_keeps_92_percent,
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
