"""Policies that differ in nothing but luck, played for years: how often are they told apart?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from itertools import combinations
from math import sqrt
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from reports.comparison import Decided, Stein, until
from reports.intervals import ALPHA
from scenarios.technical_debt import technical_debt
from sim.actions import Action, Promote, Retrain
from sim.run import run
from sim.setting import source_of
from sim.view import View
from sim.workshop import Fits
from tests.reports.comparison.equals import settles

LIMIT = 3.0
GROUPS, POLICIES, SEEDS = 72, 8, 100
"""28 pairs a group, whose seeds are its own: 2,016 comparisons."""
Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Whim:
    """Rebuilds on a whim: a coin that what it has seen so far and its *salt* decide.

    What is seen is another in each year, so that two of them are two draws of one policy.
    """

    salt: int
    heartbeat: str = "8h"

    def decide(self, view: View) -> Iterator[Action]:
        told = f"{self.salt} {view.now_us} {view.labels_arrived}".encode()
        if view.candidate and not view.changing:
            yield Promote(view.candidate, why="it is there")
        elif not view.jobs and not view.candidate and blake2b(told).digest()[0] < 80:
            yield Retrain(window="1d", why="a whim")


def world() -> Any:
    """Code in which every other rebuild breaks something: a tiny year of three days."""
    return technical_debt(
        rate="4/h", horizon="3d", refactor="5h", speed=0.0, base=0.2, regress=0.5, regression=0.12
    )


@cache
def losses(groups: int, seeds: int) -> Floats:
    """Return the loss a request of each policy in each year (groups × policies × seeds)."""
    found = np.zeros((groups, POLICIES, seeds))
    scenario = world()
    for seed in range(groups * seeds):
        source, fits = source_of(scenario, seed), Fits()
        for salt in range(POLICIES):
            timeline = run(scenario, Whim(salt=salt), seed=seed, source=source, fits=fits).timeline
            group, place = divmod(seed, seeds)
            found[group, salt, place] = timeline.loss.sum() / timeline.count.sum()
    return found


def wrong(rule: str, lost: Floats) -> tuple[float, float]:
    """Return the share of pairs that are told apart, with its standard error over groups."""
    asked = until(rule, seeds=30, most=SEEDS)
    shares = [
        np.mean([
            settles(asked, one - other, ALPHA, level=float(group.mean()))
            for one, other in combinations(group, 2)
        ])
        for group in lost
    ]  # fmt: skip
    return float(np.mean(shares)), float(np.std(shares, ddof=1)) / sqrt(len(shares))


def test_they_live_different_years_and_come_out_alike() -> None:
    lost = losses(1, 40)[0]
    apart = [one - other for one, other in combinations(lost, 2)]
    assert all(len(np.unique(pair)) > 20 for pair in apart)
    means = lost.mean(axis=1) - lost.mean()
    assert np.abs(means).max() < 4.5 * lost.std() / sqrt(40)


@pytest.mark.deep
@pytest.mark.parametrize("rule", ["", "ci < 5%", "decided"])
def test_2000_comparisons_of_simulated_years_without_a_difference(rule: str) -> None:
    share, error = wrong(rule, losses(GROUPS, SEEDS))
    print(f"\n{rule or 'fixed'}: {share:.4f} ± {error:.4f} of pairs of equals were told apart")
    assert share <= ALPHA + LIMIT * max(error, sqrt(ALPHA * (1 - ALPHA) / (GROUPS * 28)))
    asked = until(rule, seeds=30, most=SEEDS)
    if isinstance(asked, Stein):
        group = losses(GROUPS, SEEDS)[0]
        wanted = asked.wanted(group[0] - group[1], ALPHA, float(group.mean()))
        assert 30 < wanted < SEEDS, "the rule had something to choose"
    if isinstance(asked, Decided):
        assert asked.next(30) < SEEDS, "it looks more than once"
