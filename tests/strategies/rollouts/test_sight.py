"""What a stage can see, against simulated canaries."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from statistics import NormalDist

import numpy as np
import pytest

from reports.cli import main
from sim.labels import Constant, Labels
from sim.run import run
from sim.traffic import Segments
from strategies.judges import Arm, Evidence
from strategies.judges.fixed_sample import needed
from strategies.rollouts import Canary, Flag, ShadowFirst, Stage, Staged
from strategies.rollouts.sight import sights, smallest_drop
from tests.strategies.rollouts.test_staged import ONCE
from tests.strategies.worlds import world

TIMES = 4_000


@pytest.mark.parametrize(
    ("challenger", "champion", "base"),
    [(1_100, 108_900, 0.8), (400, 7_600, 0.8), (2_000, 2_000, 0.8), (800, 15_200, 0.94)],
)
def test_the_smallest_drop_is_found_four_times_in_five(
    challenger: int, champion: int, base: float
) -> None:
    drop, generator = smallest_drop(challenger, champion, base), np.random.default_rng(7)
    new = generator.binomial(challenger, base - drop, TIMES) / challenger
    old = generator.binomial(champion, base, TIMES) / champion
    both = (new * challenger + old * champion) / (challenger + champion)
    error = np.sqrt(both * (1 - both) * (1 / challenger + 1 / champion))
    found = ((old - new) / error > NormalDist().inv_cdf(0.95)).mean()
    # the normal law stands for the binomial one: that is worth about two points here
    assert abs(found - 0.8) < 4.5 * sqrt(0.16 / TIMES) + 0.02


def test_three_points_from_eighty_per_cent_need_about_eleven_hundred_canary_requests() -> None:
    assert abs(smallest_drop(1_100, 108_900, 0.8) - 0.03) < 1e-3
    whole = needed(0.03, 0.8, share=0.01)
    assert smallest_drop(0.01 * whole, 0.99 * whole, 0.8) == pytest.approx(0.03, rel=1e-3)


def test_too_few_outcomes_show_nothing() -> None:
    assert smallest_drop(0, 100, 0.8) != smallest_drop(0, 100, 0.8)  # NaN
    assert smallest_drop(2, 100, 0.8) != smallest_drop(2, 100, 0.8)


def test_a_stage_has_the_requests_of_its_share_and_the_labels_that_come_in_time() -> None:
    scenario = world(rate="100/h", labels=Labels(delay=Constant(delay="12h"), coverage=0.5))
    (seen,) = sights(Canary(share=0.05, hold="2d").staged, scenario)
    assert seen.requests == pytest.approx(100 * 48 * 0.05)
    assert seen.labels == pytest.approx(100 * 36 * 0.05 * 0.5)
    (late,) = sights(Canary(share=0.05, hold="6h").staged, scenario)
    assert late.labels == 0
    assert late.drop != late.drop
    (patient,) = sights(Canary(share=0.05, hold="6h", minimum=300).staged, scenario)
    assert patient.labels == pytest.approx(300)  # it waits for them
    (shadow,) = sights(ShadowFirst(hold="2d").staged, scenario)
    assert shadow.labels == pytest.approx(100 * 36 * 0.5)
    (proxy,) = sights(Canary(share=0.05, hold="6h", metric="completed").staged, scenario)
    assert proxy.labels == pytest.approx(100 * 6 * 0.05)


def test_a_flag_sees_the_users_of_its_segments() -> None:
    plain = world(rate="100/h")
    groups = Segments(names=("old", "new"), shares=(0.75, 0.25))
    scenario = replace(plain, stream=replace(plain.stream, segments=groups))
    off, new, both = sights(Flag(segments=("new", "old"), hold="1d").staged, scenario)
    assert off.requests == 0
    assert new.requests == pytest.approx(100 * 24 * 0.25 * 0.5)
    assert both.requests == pytest.approx(100 * 24 * 0.5)


def test_people_who_come_back_tell_less_and_how_much_less_is_said() -> None:
    """Simulated people, a rate of their own each, judged over people as judges do."""
    plain = world(rate="400/h")
    stream = replace(plain.stream, traffic=replace(plain.stream.traffic, entities=2_400))
    scenario = replace(plain, stream=stream, labels=Labels(delay=Constant(delay="0")))
    plan, likeness, times = Canary(share=0.25, hold="2d").staged, 0.2, 1_500
    (seen,) = sights(plan, scenario, base=0.8, likeness=likeness)
    assert seen.visits == pytest.approx(8)
    assert seen.drop > 1.4 * sights(plan, scenario, base=0.8)[0].drop
    generator, size, found = np.random.default_rng(7), 1 / likeness - 1, 0
    for _ in range(times):
        arms = []
        for people, rate in ((1_800, 0.8), (600, 0.8 - seen.drop)):
            count = generator.poisson(8, people)
            good = generator.binomial(count, generator.beta(rate * size, (1 - rate) * size, people))
            arms.append(Arm(count[count > 0], good[count > 0].astype(np.float64)))
        evidence = Evidence(arms[0], arms[1])
        found += evidence.difference / evidence.error < -NormalDist().inv_cdf(0.95)
    assert abs(found / times - 0.8) < 4.5 * sqrt(0.16 / times) + 0.02


def test_show_takes_the_base_rate_from_the_launch(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "level-2", "--scenario", "calm-year"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "what the version of the launch claims" in told
    assert main(["show", "level-2", "--scenario", "calm-year", "--base", "0.6"]) == 0
    assert "smallest drop from 60% (as asked)" in " ".join(capsys.readouterr().out.split())
    assert main(["show", "level-2", "--scenario", "calm-year", "--likeness", "0.2"]) == 0
    assert "alike by 0.2" in " ".join(capsys.readouterr().out.split())
    assert main(["show", "level-2", "--scenario", "calm-year", "--base", "80"]) == 2
    assert "--base is 80.0" in capsys.readouterr().err


def test_what_is_promised_is_what_comes() -> None:
    """The number that is told beside the number of requests that a run then brings."""
    plan = Staged(stages=(Stage(share=0.2, hold="2d"),), stops=())
    scenario = world(drift="", horizon="12d")
    ledger = run(scenario, replace(ONCE, rollout=plan), seed=0)
    told, met = sights(plan, scenario)[0].requests, ledger.timeline.count[:, 1].sum()
    assert abs(met - told) < 0.15 * told  # whose share of users that is, luck decides
