"""A gate on claims lets the leak through, and life pays; a leap that is too good can be refused."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar

import pytest

from reports.measures import lived
from scenarios.leak_that_passes import leak_that_passes
from sim.actions import Action, Archive, Promote, Retrain
from sim.ledger import Ledger
from sim.scenario import Scenario
from sim.view import View
from strategies.recall import at_rest
from tests.scenarios.stories.claims import FEW, loss, passes, played

STORY = leak_that_passes()


@dataclass(frozen=True, kw_only=True)
class Gate:
    """Train every four weeks; let out what claims to be no worse, but for a leap of *too_good*."""

    too_good: float = 0.0
    heartbeat: ClassVar[str] = "4w"

    def decide(self, view: View) -> Iterator[Action]:
        """Judge the candidate by its claim, or train."""
        card = view.versions[-1]
        if view.candidate and not view.changing:
            champion = view.champion.claim
            passes = self.too_good * champion <= card.claim <= champion + 0.02
            yield Promote(card.name) if passes else Archive(card.name)
        elif at_rest(view) and view.since_build >= 28:
            yield Retrain(window="60d")


def first_and_best(year: Ledger) -> tuple[float, float, float, float]:
    """Return claim and loss of the first version, and of the one that claims least."""
    served = [version for version in lived(year) if version.loss is not None]
    best = min(served, key=lambda version: version.claim)
    assert served[0].loss is not None
    assert best.loss is not None
    return served[0].claim, served[0].loss, best.claim, best.loss


def the_version_that_claims_least_lives_worst(seed: int, world: Scenario = STORY) -> bool:
    claim, life, best_claim, best_life = first_and_best(played(world, Gate(), seed))
    return best_claim < claim / 2 and best_life > life + 0.05


def who_refuses_a_leap_loses_nothing(seed: int, world: Scenario = STORY) -> bool:
    calm = loss(played(world.calm(), Gate(), seed), "16w")
    lets_pass, refuses = (loss(played(world, g, seed), "16w") for g in (Gate(), Gate(too_good=0.7)))
    return lets_pass > calm + 0.05 and refuses < calm + 0.01


CLAIMS = (the_version_that_claims_least_lives_worst, who_refuses_a_leap_loses_nothing)


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
