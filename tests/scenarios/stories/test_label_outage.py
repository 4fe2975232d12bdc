"""No labels, no errors: green until the news is back."""

from collections.abc import Callable, Iterator

import pytest

from scenarios.label_outage import label_outage
from sim.actions import PageOwner
from sim.clock import DAY_US, WEEK_US
from sim.facts import Paged
from sim.scenario import Scenario
from sim.view import View
from strategies import presets
from strategies.detectors import ADWIN
from strategies.monitors import Contract, OnErrors, Shift
from tests.scenarios.stories.claims import FEW, Watching, alarms, lag_us, loss, passes, played

STORY = label_outage()
EYES = Watching((Contract(), Shift(), OnErrors(detector=ADWIN())))


class CountsLabels:
    """Once a day, page the data owner if no label has come since yesterday."""

    heartbeat = "1d"

    def decide(self, view: View) -> Iterator[PageOwner]:
        if view.now > 3 and not view.ticks("1d").labels.sum() and "data" not in view.pages:
            yield PageOwner("data", why="no label since yesterday")


def errors_are_green_until_the_labels_are_back(seed: int, world: Scenario = STORY) -> bool:
    year = played(world, EYES, seed)
    blind = not alarms(year, "contract") and not alarms(year, "shift")
    return blind and 5 * WEEK_US < lag_us(year, "errors", "rival's sale") < 6 * WEEK_US


def no_training_helps_until_then(seed: int, world: Scenario = STORY) -> bool:
    left, trained, calm = (
        played(there, strategy, seed)
        for there, strategy in (
            (world, presets.never()),
            (world, presets.scheduled()),
            (world.calm(), presets.never()),
        )
    )
    lost = loss(left, "7w", "12w") - loss(calm, "7w", "12w")
    helps = loss(left, "7w", "12w") - loss(trained, "7w", "12w")
    return lost > 0.15 and helps < 0.02 and loss(trained, "14w") < loss(calm, "14w") + 0.02


def who_counts_labels_knows_in_two_days(seed: int, world: Scenario = STORY) -> bool:
    pages = played(world, CountsLabels(), seed).of(Paged)
    return bool(pages) and 0 < pages[0].at_us - 6 * WEEK_US <= 2 * DAY_US


CLAIMS = (
    errors_are_green_until_the_labels_are_back,
    no_training_helps_until_then,
    who_counts_labels_knows_in_two_days,
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
