"""The proxy improves and users complete less; a rule about users, agreed before, ends it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar

import pytest

from scenarios.offline_up_users_down import offline_up_users_down
from sim.actions import Action, Promote, Retrain, Rollback
from sim.clock import us
from sim.facts import Acted
from sim.ledger import Ledger
from sim.scenario import Scenario
from sim.view import View
from strategies.recall import at_rest
from tests.scenarios.stories.claims import FEW, passes, played, seen_loss

STORY = offline_up_users_down()


@dataclass(frozen=True, kw_only=True)
class Monthly:
    """Train every four weeks; with *by_users*, 3 points less completed in a week end a release."""

    by_users: bool = False
    heartbeat: ClassVar[str] = "1d"

    def decide(self, view: View) -> Iterator[Action]:
        """Go back if users say so; else let out what is ready, or train."""
        halted = any(isinstance(f, Acted) and f.action == "rollback" for f in view.history)
        if halted:
            return
        if self.by_users and view.previous and self._fall(view) > 0.03:
            yield Rollback(why="users complete less")
        elif view.candidate and not view.changing:
            yield Promote(view.candidate)
        elif at_rest(view) and view.since_build >= 28:
            yield Retrain(window="28d")

    def _fall(self, view: View) -> float:
        first_month = view.ticks("52w").until(us("28d"))
        return first_month.vital("completed") - view.ticks("7d").vital("completed")


def completed(year: Ledger, start: str, stop: str = "") -> float:
    """Return the share of tasks that users completed."""
    timeline = year.timeline
    last = us(stop) // timeline.tick_us if stop else None
    ticks = slice(us(start) // timeline.tick_us, last)
    return float(timeline.of_vital("completed")[ticks].sum() / timeline.count[ticks].sum())


def the_proxy_improves_and_users_complete_less(seed: int, world: Scenario = STORY) -> bool:
    year = played(world, Monthly(), seed)
    proxy = seen_loss(year, "8w 1d") < 0.67 * seen_loss(year, "0", "8w")
    return proxy and completed(year, "8w 1d") < completed(year, "0", "8w") - 0.03


def the_users_rule_gets_it_back(seed: int, world: Scenario = STORY) -> bool:
    left, ruled = (played(world, Monthly(by_users=by), seed) for by in (False, True))
    before = completed(left, "0", "8w")
    lost = completed(left, "9w 3d") < before - 0.03
    return lost and completed(ruled, "9w 3d") > before - 0.01


CLAIMS = (the_proxy_improves_and_users_complete_less, the_users_rule_gets_it_back)


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
