"""A banned column: whoever prepares loses what it knew, and whoever waits loses the model."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest
from scipy.stats import norm  # type: ignore[import-untyped]

from scenarios.column_banned import column_banned
from sim.actions import Action, Promote, Quarantine, Retrain
from sim.concepts import Linear
from sim.facts import Announced
from sim.scenario import Scenario
from sim.timeline import FALLBACK
from sim.view import View
from strategies import presets
from strategies.recall import at_rest
from tests.scenarios.stories.claims import FEW, loss, passes, played

STORY = column_banned()
WAITS = presets.scheduled(every="45d")


@dataclass(frozen=True, kw_only=True)
class Prepares:
    """A week before the day of a rule that was announced, build a version without its columns."""

    ready: float = 77.0
    heartbeat: ClassVar[str] = "1d"

    def decide(self, view: View) -> Iterator[Action]:
        """Do without the columns, train, and let out what is ready."""
        rules = [fact for fact in view.history if isinstance(fact, Announced)]
        if view.candidate and not view.changing:
            yield Promote(view.candidate, why="built without what will be banned")
        elif rules and view.now >= self.ready and not view.route.quarantined and at_rest(view):
            yield Quarantine(rules[0].columns, why=rules[0].text)
            yield Retrain(window="60d", why=rules[0].text)


def what_it_knew() -> float:
    """Return by how much the least error grows without the column, by integration."""
    concept = STORY.stream.concept
    assert isinstance(concept, Linear)
    weight = abs(float(concept.weights[2]))
    rest = np.linspace(-6, 6, 20_001)
    misled = norm.cdf(-np.abs(rest - concept.threshold) / weight)
    share = np.trapezoid(norm.pdf(rest, scale=np.sqrt(1 - weight**2)) * misled, rest)
    return float(share) * (1 - 2 * concept.noise)


def who_prepares_loses_what_the_column_knew(seed: int, world: Scenario = STORY) -> bool:
    year, calm = (played(w, Prepares(), seed) for w in (world, world.calm()))
    lost = loss(year, "12w") - loss(calm, "12w")
    return abs(lost - what_it_knew()) < 0.008 and not year.timeline.count[:, FALLBACK].any()


def who_waits_loses_more_than_twice_as_much(seed: int, world: Scenario = STORY) -> bool:
    calm = loss(played(world.calm(), Prepares(), seed), "12w", "13w")
    prepares, waits = (
        loss(played(world, s, seed), "12w", "13w") - calm for s in (Prepares(), WAITS)
    )
    return prepares > 0.02 and waits > 2 * prepares


CLAIMS = (who_prepares_loses_what_the_column_knew, who_waits_loses_more_than_twice_as_much)


def test_the_column_knew_between_two_and_six_points() -> None:
    assert 0.02 < what_it_knew() < 0.06


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
