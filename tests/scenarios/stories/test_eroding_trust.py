"""A dip of ten days: quality is back the day after, business is not for months."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from scenarios.eroding_trust import eroding_trust
from sim.clock import us
from sim.facts import Alarm
from sim.people import SOMEBODY
from sim.scenario import Scenario
from strategies import presets
from tests.scenarios.stories.claims import FEW, passes, played

STORY = eroding_trust()
BEGINS, ENDS = us("8w"), us("8w") + us("10d")


def figure(name: str, seed: int, world: Scenario) -> NDArray[np.float64]:
    """Return a business figure of a year, hour by hour."""
    return played(world, presets.never(), seed).timeline.of_business(name)


def completed(seed: int, world: Scenario, start: str, stop: str) -> float:
    """Return the share of tasks that users completed."""
    timeline = played(world, presets.never(), seed).timeline
    ticks = slice(us(start) // timeline.tick_us, us(stop) // timeline.tick_us)
    return float(timeline.of_vital("completed")[ticks].sum() / timeline.count[ticks].sum())


def quality_is_back_and_retention_is_not(seed: int, world: Scenario = STORY) -> bool:
    calm = world.calm()
    dip = completed(seed, world, "8w", "9w") < completed(seed, calm, "8w", "9w") - 0.1
    back = completed(seed, world, "9w 4d", "11w") > completed(seed, calm, "9w 4d", "11w") - 0.01
    week = slice(us("17w") // us("1h"), us("18w") // us("1h"))
    lost = 1 - figure("retention", seed, world)[week] / figure("retention", seed, calm)[week]
    return dip and back and float(lost.mean()) > 0.02


def most_of_the_bill_comes_after_the_end(seed: int, world: Scenario = STORY) -> bool:
    lost = figure("revenue", seed, world.calm()) - figure("revenue", seed, world)
    during = lost[BEGINS // us("1h") : ENDS // us("1h")].sum()
    return bool(during > 0 and lost[ENDS // us("1h") :].sum() > during)


def somebody_suspects_it_while_it_lasts(seed: int, world: Scenario = STORY) -> bool:
    raised = played(world, presets.never(), seed).of(Alarm)
    return any(a.monitor == SOMEBODY and BEGINS <= a.at_us < BEGINS + us("9d") for a in raised)


CLAIMS = (quality_is_back_and_retention_is_not, most_of_the_bill_comes_after_the_end)


@pytest.mark.deep
def test_somebody_suspects_it_while_it_lasts() -> None:
    assert passes(somebody_suspects_it_while_it_lasts)


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
