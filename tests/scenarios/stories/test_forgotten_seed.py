"""The best of twenty by luck: it claims more than it lives to, and cannot be built again."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import mean, stdev
from typing import ClassVar

import pytest

from reports.measures import lived
from scenarios.forgotten_seed import forgotten_seed
from sim.actions import Action, Archive, Promote, Retrain
from sim.facts import TrainingBegun
from sim.ledger import Ledger
from sim.scenario import Scenario
from sim.view import View
from strategies.recall import at_rest
from tests.scenarios.stories.claims import FEW, MANY, passes, played, trainings

STORY = forgotten_seed()


@dataclass(frozen=True, kw_only=True)
class BestOf:
    """Every week train *runs* times on the same labels, and let out the one that claims best."""

    runs: int = 20
    heartbeat: ClassVar[str] = "1d"

    def decide(self, view: View) -> Iterator[Action]:
        """Choose, or train when it is time."""
        ready = [card for card in view.versions if card.stage == "candidate"]
        if len(ready) == self.runs and not view.changing:
            best = min(ready, key=lambda card: card.claim)
            yield Promote(best.name, why=f"the best of {self.runs}")
            yield from (Archive(card.name) for card in ready if card is not best)
        elif at_rest(view) and view.since_build >= 7 and view.now > 14:
            for _ in range(self.runs):
                yield Retrain(window=1_500)


def optimism(year: Ledger) -> float:
    """Return by how much versions lived to more error than they claimed, on average."""
    served = [version for version in lived(year) if version.loss is not None][1:]
    return mean(version.loss - version.claim for version in served if version.loss is not None)


def the_best_of_twenty_live_to_more_than_they_claim(seed: int, world: Scenario = STORY) -> bool:
    return 0.015 < optimism(played(world, BestOf(), seed)) < 0.05


def no_champion_can_be_built_again(seed: int, world: Scenario = STORY) -> bool:
    year = played(world, BestOf(), seed)
    snapshots = {begun.snapshot for begun in year.of(TrainingBegun)[:20]}
    return len(snapshots) == 1 and len({built.claim for built in trainings(year)[:20]}) > 5


CLAIMS = (the_best_of_twenty_live_to_more_than_they_claim, no_champion_can_be_built_again)


def test_one_run_a_week_lives_to_what_it_claims() -> None:
    gaps = [optimism(played(STORY, BestOf(runs=1), seed)) for seed in MANY]
    assert abs(mean(gaps)) < 4.5 * stdev(gaps) / len(gaps) ** 0.5


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
