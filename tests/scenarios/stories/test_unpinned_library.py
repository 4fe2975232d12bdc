"""Another default: the claim tells, whoever compares loses nothing, and the lineage says why."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import mean
from typing import ClassVar

import pytest

from scenarios.unpinned_library import unpinned_library
from sim.actions import Action, Archive, Promote, Retrain
from sim.clock import us
from sim.facts import Lineage
from sim.scenario import Scenario
from sim.view import View
from strategies import presets
from strategies.recall import at_rest
from tests.scenarios.stories.claims import FEW, loss, passes, played, trainings

STORY = unpinned_library()


@dataclass(frozen=True, kw_only=True)
class Compares:
    """Train every week; let out what claims to be no worse than what serves by *margin*."""

    margin: float = 0.02
    heartbeat: ClassVar[str] = "7d"

    def decide(self, view: View) -> Iterator[Action]:
        """Compare what is ready, or train."""
        if view.candidate and not view.changing:
            worse = view.versions[-1].claim - view.champion.claim
            yield Archive(view.candidate) if worse > self.margin else Promote(view.candidate)
        elif at_rest(view) and view.since_build >= 7:
            yield Retrain(window="30d")


def the_claim_tells_and_life_agrees(seed: int, world: Scenario = STORY) -> bool:
    year, calm = (played(w, presets.scheduled(), seed) for w in (world, world.calm()))
    after = [built.claim for built in trainings(year) if built.at_us >= us("9w")]
    before = [built.claim for built in trainings(year) if built.at_us < us("9w")]
    return mean(after) > mean(before) + 0.05 and loss(year, "10w") > loss(calm, "10w") + 0.05


def who_compares_loses_nothing(seed: int, world: Scenario = STORY) -> bool:
    calm = loss(played(world.calm(), presets.scheduled(), seed), "10w")
    blind, careful = (
        loss(played(world, s, seed), "10w") for s in (presets.scheduled(), Compares())
    )
    return blind > calm + 0.05 and careful < calm + 0.01


def the_lineage_says_what_has_changed(seed: int, world: Scenario = STORY) -> bool:
    runs = [
        fact for fact in played(world, Compares(), seed).of(Lineage) if fact.stage == "training run"
    ]
    changed = [run for run in runs if "environment (new default)" in run.content]
    return bool(changed) and all(run.at_us >= us("9w") for run in changed)


CLAIMS = (
    the_claim_tells_and_life_agrees,
    who_compares_loses_nothing,
    the_lineage_says_what_has_changed,
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
