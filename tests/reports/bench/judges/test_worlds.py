"""The worlds of the bench: what judges are shown is what happened, and nothing else."""

from __future__ import annotations

from math import log, sqrt

import numpy as np
import pytest

from reports.bench.judges.shadow import Shadow
from reports.bench.judges.strata import Strata
from reports.bench.judges.worlds import (
    CANARY,
    DAYS,
    DIFFER,
    FULL,
    GRADUAL,
    HALF,
    SHADOW,
    Family,
    Stage,
    World,
)
from strategies.judges import Arm, Combined, Evidence, MannWhitney, Paired, combined

FAMILIES = [
    Family(rollout=HALF, requests=3_000),
    Family(rollout=GRADUAL, requests=3_000, visits=10, likeness=0.2, late=1.0),
]


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: str(family.name))
@pytest.mark.parametrize("effect", [0.0, -0.03, 0.03])
def test_evidence_is_that_of_whoever_counts_entity_by_entity(family: Family, effect: float) -> None:
    world, looks = World(family, 3), family.looks(1.0)
    for stage in family.rollout.stages:
        seen = world.seen(effect, stage, looks)
        treated = world.place < stage.share
        ones = world.outcomes(effect, treated)
        for look, day in enumerate(looks.tolist()):
            told = (world.served >= stage.start) & (world.served < stage.stop)
            told &= world.known_at <= day
            arms = []
            for arm in (False, True):
                mine = told & (treated[world.who] == arm)
                _, place = np.unique(world.who[mine], return_inverse=True)
                total = np.zeros(place.max(initial=-1) + 1)
                np.add.at(total, place, ones[mine])
                arms.append(Arm(np.bincount(place), total))
            plain, found = Evidence(arms[0], arms[1]), seen.at(look)
            assert (found.fewest, found.entities) == (plain.fewest, plain.entities)
            if plain.fewest < 2:
                continue
            assert found.difference == pytest.approx(plain.difference, abs=1e-12)
            assert found.error == pytest.approx(plain.error, rel=1e-9)
            if plain.fewest >= 100:
                ranks = MannWhitney(entities=100)
                assert ranks.judge(found).low == pytest.approx(ranks.judge(plain).low, abs=1e-12)


@pytest.mark.parametrize(("visits", "likeness"), [(1, 0.0), (8, 0.2)])
def test_stages_together_are_those_of_whoever_knows_who_came_in_which(
    visits: int, likeness: float
) -> None:
    family = Family(rollout=GRADUAL, requests=5_000, visits=visits, likeness=likeness, late=0.3)
    world, looks, stages = World(family, 4), family.looks(1.0), GRADUAL.stages
    strata, several = Strata(world, -0.03, looks), 0
    for look, day in enumerate(looks.tolist()):
        parts = []
        for stage in (s for s in stages if s.start < day - 1e-9):
            treated = world.place < stage.share
            ones = world.outcomes(-0.03, treated)
            told = (world.served >= stage.start) & (world.served < stage.stop)
            told &= world.known_at <= day
            arms = []
            for arm in (False, True):
                mine = told & (treated[world.who] == arm)
                who, place = np.unique(world.who[mine], return_inverse=True)
                total = np.bincount(place, ones[mine], len(who)).astype(np.float64)
                arms.append(Arm(np.bincount(place, minlength=len(who)), total, who=who))
            parts.append(Evidence(arms[0], arms[1]))
        found = strata.at(look)
        if len(parts) == 1:
            assert isinstance(found, Evidence)
            continue
        plain = combined(parts)
        assert isinstance(found, Combined)
        assert (found.fewest, found.entities) == (plain.fewest, plain.entities)
        several += len(found.parts) > 1
        if len(found.parts):
            assert found.difference == pytest.approx(plain.difference, abs=1e-12)
            assert found.error == pytest.approx(plain.error, rel=1e-9)
            assert found.apart == plain.apart
        if found.fewest >= 100:
            ranks = MannWhitney(entities=100)
            assert ranks.judge(found).low == pytest.approx(ranks.judge(plain).low, abs=1e-12)
    assert several > 3


@pytest.mark.parametrize("effect", [0.0, -0.03])
@pytest.mark.parametrize(("visits", "likeness"), [(1, 0.0), (8, 0.2)])
def test_a_shadow_is_seen_as_differences_of_whoever_came(
    visits: int, likeness: float, effect: float
) -> None:
    family = Family(rollout=SHADOW, requests=4_000, visits=visits, likeness=likeness, late=0.3)
    world, looks = World(family, 4), family.looks(0.5)
    better, shadow = world.better(effect), Shadow(world, effect, looks)
    assert set(better.tolist()) == {-1, 0, 1}
    for look, day in enumerate(looks.tolist()):
        mine = world.known_at <= day
        who, place = np.unique(world.who[mine], return_inverse=True)
        total = np.bincount(place, better[mine], len(who)).astype(np.float64)
        plain = Paired(Arm(np.bincount(place, minlength=len(who)), total))
        found = shadow.at(look)
        assert (found.fewest, found.entities) == (plain.fewest, plain.entities)
        if plain.fewest >= 100:
            assert found.difference == pytest.approx(plain.difference, abs=1e-12)
            assert found.error == pytest.approx(plain.error, rel=1e-9)
            ranks = MannWhitney(entities=100)
            assert ranks.judge(found).low == pytest.approx(ranks.judge(plain).low, abs=1e-12)
    assert world.met(looks).max() == 0


@pytest.mark.parametrize("likeness", [0.0, 0.2])
def test_a_shadow_differs_as_often_as_is_said_and_by_the_effect(likeness: float) -> None:
    gaps, apart = [], []
    for seed in range(200):
        world = World(Family(rollout=SHADOW, visits=20, likeness=likeness, requests=4_000), seed)
        apart.append(np.abs(world.better(0.0)).mean())
        gaps.append(world.better(-0.03).mean())
    assert abs(np.mean(apart) - DIFFER) < 4.5 * np.std(apart) / sqrt(200)
    assert abs(np.mean(gaps) + 0.03) < 4.5 * np.std(gaps) / sqrt(200)


@pytest.mark.parametrize("effect", [0.0, -0.03, -0.005, 0.03])
def test_the_effect_is_the_one_that_is_known(effect: float) -> None:
    gaps = []
    for seed in range(200):
        family = Family(rollout=HALF, visits=20, likeness=0.2, requests=4_000)
        world = World(family, seed)
        gaps.append(world.seen(effect, family.rollout.stages[0], np.array([DAYS])).at(0).difference)
    assert abs(np.mean(gaps) - effect) < 4.5 * np.std(gaps) / sqrt(len(gaps))


@pytest.mark.parametrize("likeness", [0.0, 0.05, 0.2])
def test_visits_of_one_person_are_as_alike_as_the_family_says(likeness: float) -> None:
    found = []
    for seed in range(60):
        world = World(Family(rollout=HALF, visits=20, likeness=likeness), seed)
        ones = world.outcomes(0.0, np.zeros(len(world.place), dtype=np.bool_))
        came = np.bincount(world.who)
        good = np.bincount(world.who, weights=ones * 1.0)
        mean, k = good.sum() / came.sum(), len(came)
        between = float((came * (good / came - mean) ** 2).sum()) / (k - 1)
        inside = float((good - good**2 / came).sum()) / (came.sum() - k)
        size = (came.sum() - (came**2).sum() / came.sum()) / (k - 1)
        found.append((between - inside) / (between + (size - 1) * inside))
    assert abs(np.mean(found) - likeness) < 4.5 * np.std(found) / sqrt(len(found))


def test_a_late_request_counts_once_most_of_its_age_are_known() -> None:
    family = Family(rollout=CANARY, late=1.0)
    world = World(family, 1)
    waited = world.known_at - world.served
    assert family.maturity == pytest.approx(log(20))
    assert (waited >= family.maturity - 1e-9).all()
    later = float((waited > family.maturity + 1e-9).mean())
    assert abs(later - 0.05) < 4.5 * sqrt(0.05 * 0.95 / family.requests)


def test_who_meets_the_challenger_once_stays_with_it_and_is_counted_once() -> None:
    family = Family(rollout=GRADUAL, requests=4_000, visits=5)
    world, looks = World(family, 2), family.looks(2.0)
    shares = [stage.share for stage in GRADUAL.stages]
    assert shares == sorted(shares)
    met = world.met(looks)
    for look in (3, 11, len(looks) - 1):
        people: set[int] = set()
        for stage in GRADUAL.stages:
            when = (world.served >= stage.start) & (world.served < stage.stop)
            when &= (world.served <= looks[look]) & (world.place[world.who] < stage.share)
            people |= set(world.who[when].tolist())
        assert met[look] == len(people)


def test_a_full_release_is_compared_with_a_past_of_its_own_luck() -> None:
    family = Family(rollout=FULL, requests=4_000)
    gaps = []
    for seed in range(200):
        evidence = World(family, seed).seen(0.0, Stage(1.0, 0.0, DAYS), np.array([DAYS])).at(0)
        assert evidence.champion.entities == evidence.challenger.entities == 4_000
        gaps.append(evidence.difference)
    theory = 2 * 0.8 * 0.2 / 4_000
    assert abs(np.var(gaps) / theory - 1) < 4.5 * sqrt(2 / 200)
