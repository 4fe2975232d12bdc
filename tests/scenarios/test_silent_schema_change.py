"""The opening story does what it tells."""

from functools import cache
from typing import Any

import numpy as np
import pytest

from scenarios.silent_schema_change import Migration, silent_schema_change
from sim.actions import Fallback
from sim.clock import DAY_US, HOUR_US, WEEK_US, us
from sim.errors import Mistake
from sim.facts import Alarm, Ended
from sim.ledger import Ledger
from sim.run import run
from strategies import presets

SEEDS = range(30)


class TheRuleBefore:
    """Everybody gets the fallback, as before the launch."""

    heartbeat = "1h"

    def decide(self, view: Any) -> Any:
        if not view.route.fallback and not view.changing:
            yield Fallback(True)


@cache
def played(strategy: Any, seed: int, horizon: str = "26w", calm: bool = False) -> Ledger:
    scenario = silent_schema_change(horizon=horizon)
    return run(scenario.calm() if calm else scenario, strategy, seed=seed)


def quality(ledger: Ledger, from_week: int, to_week: int) -> float:
    ticks = slice(from_week * 168, to_week * 168)
    timeline = ledger.timeline
    return 1.0 - float(timeline.loss[ticks].sum() / timeline.count[ticks].sum())


def test_the_launch_lifts_engagement_by_twelve_percent() -> None:
    before, seeds = TheRuleBefore(), range(10)
    lifts = [
        quality(played(presets.never(), seed, "6w"), 0, 6)
        / quality(played(before, seed, "6w"), 0, 6)
        for seed in seeds
    ]
    assert np.mean(lifts) == pytest.approx(1.12, abs=0.004)
    assert min(lifts) > 1.10


def test_a_contract_sees_it_within_six_hours_whatever_the_luck() -> None:
    lags_us = [
        played(presets.contract(), seed, "7w").of(Alarm)[0].at_us - 6 * WEEK_US for seed in SEEDS
    ]
    assert 0 < min(lags_us) <= max(lags_us) < 6 * HOUR_US


def test_a_contract_is_silent_where_nothing_happens() -> None:
    for seed in SEEDS:
        assert played(presets.contract(), seed, "7w", calm=True).of(Alarm) == []


def test_whoever_is_paged_repairs_it_within_two_days() -> None:
    for seed in SEEDS:
        ledger = played(presets.contract(), seed, "7w")
        (ended,) = ledger.of(Ended)
        assert ended.why == "repaired by data"
        assert ended.at_us < 6 * WEEK_US + 2 * DAY_US


def test_with_nobody_watching_the_lag_is_six_weeks() -> None:
    for seed in range(3):
        (alarm,) = played(presets.nobody_watching(), seed).of(Alarm)
        assert alarm.at_us == 12 * WEEK_US


@pytest.mark.parametrize("seed", range(3))
def test_quality_slides_over_weeks_and_stays_down_while_the_feed_is_broken(seed: int) -> None:
    left, calm = played(presets.never(), seed), played(presets.never(), seed, calm=True)
    slide = [quality(calm, w, w + 2) - quality(left, w, w + 2) for w in range(0, 26, 2)]
    assert slide[:3] == [0.0, 0.0, 0.0]
    assert 0.005 < slide[3] < 0.03 < slide[4] < slide[5]
    assert all(0.04 < lost < 0.07 for lost in slide[5:])


def test_the_season_moves_quality_by_a_third_of_what_the_feed_does() -> None:
    calm = played(presets.never(), 0, calm=True)
    assert 0.01 < quality(calm, 0, 4) - quality(calm, 16, 20) < 0.03


def test_a_migration_begins_with_its_pilot_and_ends_with_everybody() -> None:
    fault = Migration(at="2d", width="4d", until="9d", columns=("x0",), pilot=0.2)
    days = np.array([0, 1, 2, 4, 6, 8, 9, 10]) * DAY_US
    expected = [0.0, 0.0, 0.2, 0.6, 1.0, 1.0, 0.0, 0.0]
    assert np.asarray(fault.ramp(days)) == pytest.approx(expected)
    assert fault.ramp(days[:2]) == 0.0
    repaired = np.asarray(fault.ramp(days, us("4d")))
    assert repaired == pytest.approx([0.0, 0.0, 0.2, 0.0, 0.0, 0.0, 0.0, 0.0])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"share": 1.4}, r"schema change\.share is 1\.4"),
        ({"pilot": -0.1}, r"schema change\.pilot is -0\.1"),
        ({"columns": 9}, r"silent_schema_change\.columns is 9"),
        ({"width": "-3d"}, r"schema change\.width is '-3d'"),
    ],
)
def test_a_parameter_out_of_range_is_named(given: dict[str, Any], words: str) -> None:
    with pytest.raises(Mistake, match=words):
        silent_schema_change(**given)
