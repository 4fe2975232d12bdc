"""A Friday's release: days without anybody; what needs nobody halves the harm."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from scenarios.released_on_a_friday import released_on_a_friday
from sim.actions import Action, Fallback
from sim.clock import DAY_US
from sim.errors import Mistake
from sim.facts import Answered, Ended, Onset
from sim.ledger import Ledger
from sim.scenario import Scenario
from sim.view import View
from strategies import presets
from strategies.policy import Policy
from tests.scenarios.stories.claims import FEW, loss, passes, played

STORY, TUESDAY = released_on_a_friday(), released_on_a_friday(day="Tuesday")


PAGES = presets.contract()


@dataclass(frozen=True, kw_only=True)
class Switch:
    """Page, and let the fallback answer until whoever was paged has answered."""

    pages: Policy = PAGES
    heartbeat: str = "0"

    @property
    def monitors(self) -> tuple[Any, ...]:
        """Those of who pages."""
        return self.pages.monitors

    def decide(self, view: View) -> Iterator[Action]:
        """Fall back at the alarm, and come back with the answer."""
        yield from self.pages.decide(view)
        if view.alarms and not view.route.fallback:
            yield Fallback(True, why=view.alarms[0].text)
        elif view.route.fallback and any(isinstance(fact, Answered) for fact in view.news):
            yield Fallback(False, why="mended")


def broken_days(year: Ledger) -> float:
    """Return for how many days the feed was broken, 0 if it never was."""
    onsets, ends = year.of(Onset), year.of(Ended)
    return (ends[0].at_us - onsets[0].at_us) / DAY_US if onsets and ends else 0.0


def friday_costs_days_and_tuesday_hours(seed: int, world: Scenario = STORY) -> bool:
    friday, tuesday = (played(w, presets.contract(), seed) for w in (world, TUESDAY))
    return broken_days(friday) > 2 and 0 < broken_days(tuesday) < 1


def a_switch_halves_the_harm(seed: int, world: Scenario = STORY) -> bool:
    calm = loss(played(world.calm(), presets.contract(), seed), "4w 5d", "5w 1d")
    waits, switches = (
        loss(played(world, s, seed), "4w 5d", "5w 1d") - calm
        for s in (presets.contract(), Switch())
    )
    return waits > 0.1 and switches < waits / 2


CLAIMS = (friday_costs_days_and_tuesday_hours, a_switch_halves_the_harm)


def test_nobody_releases_on_a_sunday() -> None:
    with pytest.raises(Mistake, match=r"released_on_a_friday\.day is 'Sunday'"):
        released_on_a_friday(day="Sunday")


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
