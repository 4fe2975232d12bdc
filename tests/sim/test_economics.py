"""Staleness against building costs: the engine finds theory's rates and best periods.

The cases are in tests/data/economics.json, copied unchanged from the project's ground truth.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.actions import Action, Promote, Retrain
from sim.artifacts import Parametric
from sim.clock import DAY_US
from sim.concepts import Moving
from sim.facts import Built, TrainingFailed
from sim.labels import Constant, Labels
from sim.losses import Chance, Expected
from sim.run import run
from sim.scenario import Launch, Scenario, Service, Training
from sim.stream import Stream
from sim.traffic import Traffic
from sim.view import View

TRUTH = json.loads((Path(__file__).parents[1] / "data" / "economics.json").read_text())
CASES: list[dict[str, float]] = TRUTH["linear_staleness"]["cases"]
PERIODS = range(1, 61)
CYCLES = 3
LIMIT = 4.0


@dataclass(frozen=True)
class Every:
    """Builds a version every *period* days and serves it at once."""

    period: int
    window: Any = 1
    heartbeat: str = "1d"

    def decide(self, view: View) -> list[Action]:
        if view.candidate:
            return [Promote(view.candidate)]
        if view.reason == "heartbeat" and view.now_us % (self.period * DAY_US) == 0:
            return [Retrain(self.window)]
        return []


def world(case: dict[str, float], days: int, **more: Any) -> Scenario:
    given: dict[str, Any] = {
        "stream": Stream(
            concept=Moving(speed=1.0, step="1d"), traffic=Traffic(rate="1/d", arrivals="even")
        ),
        "artifact": Parametric(slope=case["c"]),
        "loss": Expected(),
        "labels": Labels(delay=Constant(delay="0s")),
        "training": Training(fixed="0s", cost=case["K"]),
        "service": Service(deploy="0s", rollback="0s", flag="0s"),
        "launch": Launch(window="5d"),
        "horizon": f"{days}d",
        "tick": "1d",
        **more,
    }
    return Scenario(name="staleness", **given)


def formula(case: dict[str, float], period: int) -> float:
    return (case["K"] + case["c"] * period * (period - 1) / 2) / period


def played(case: dict[str, float], period: int, **more: Any) -> float:
    """Return loss and cost a day of building every *period* days, the build at 0 included."""
    days = CYCLES * period
    ledger = run(world(case, days, **more), Every(period), seed=1)
    assert not ledger.stopped
    builds = ledger.of(Built)
    assert [built.at_us for built in builds] == [k * period * DAY_US for k in range(CYCLES)]
    assert ledger.requests["total"] == days
    return float(ledger.timeline.loss.sum() + case["K"] * len(builds)) / days


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"K={case['K']}")
def test_every_rate_equals_its_formula_and_the_best_period_is_exact(
    case: dict[str, float],
) -> None:
    rates = {period: played(case, period) for period in PERIODS}
    for period, rate in rates.items():
        assert rate == pytest.approx(formula(case, period), abs=1e-9)
    best = min(rates, key=lambda period: rates[period])
    assert best == case["best_T"]
    assert rates[best] == pytest.approx(case["rate"], abs=1e-9)
    assert best == pytest.approx(sqrt(2 * case["K"] / case["c"]), abs=1.5)


def test_drawn_failures_have_the_expected_rate() -> None:
    case = {"K": 8.0, "c": 0.02}
    for period in (5, 20, 40):
        days = CYCLES * period
        scenario = world(case, days, loss=Chance())
        losses = np.array(
            [run(scenario, Every(period), seed=seed).timeline.loss.sum() for seed in range(40)]
        )
        chance = np.minimum(case["c"] * np.tile(np.arange(period), CYCLES), 1.0)
        error = sqrt((chance * (1 - chance)).sum() / len(losses))
        assert abs(losses.mean() - chance.sum()) < LIMIT * error
        rate = (losses.mean() + case["K"] * CYCLES) / days
        assert rate == pytest.approx(formula(case, period), abs=LIMIT * error / days)


def test_a_version_serves_when_it_is_trained_and_deployed_and_no_sooner() -> None:
    """The latency trap: what was built at t is as old as t, and serves from t + 3 days."""
    case, period = CASES[0], 10
    slow: dict[str, Any] = {
        "training": Training(fixed="2d"),
        "service": Service(deploy="1d", flag="0s", rollback="0s"),
    }
    ledger = run(world(case, 4 * period, **slow), Every(period), seed=1, outcomes=True)
    built = [0] * (period + 3) + [10] * period + [20] * period + [30] * (period - 3)
    ages = np.arange(4 * period) - np.array(built)
    assert ledger.outcomes is not None
    assert ledger.outcomes.loss == pytest.approx(case["c"] * ages, abs=1e-12)


def test_a_window_of_one_day_holds_the_request_of_one_day_ago() -> None:
    """Intervals are half open: [now - 1 d, now)."""
    ledger = run(world(CASES[0], 10), Every(5, window="1d"), seed=1)
    assert [built.at_us for built in ledger.of(Built)] == [0, 5 * DAY_US]


def test_worst_is_the_most_that_a_stale_version_loses() -> None:
    capped = world(CASES[0], 40, artifact=Parametric(base=0.1, slope=0.04, worst=0.5))
    ledger = run(capped, Every(1_000), seed=1, outcomes=True)
    assert ledger.outcomes is not None
    expected = np.minimum(0.1 + 0.04 * np.arange(40), 0.5)
    assert ledger.outcomes.loss == pytest.approx(expected, abs=1e-12)


def test_a_build_fails_or_not_by_its_own_hour_and_not_by_those_before_it() -> None:
    """Luck is keyed by the hour and the job's number within it: DEFINITIONS, 'Luck'."""
    for seed in range(12):
        shaky = world(CASES[0], 12, training=Training(fixed="0s", failure=0.5))
        often, seldom = (run(shaky, Every(period), seed=seed) for period in (5, 10))
        at_10 = [
            any(built.at_us == 10 * DAY_US for built in ledger.of(Built))
            for ledger in (often, seldom)
        ]
        assert at_10[0] == at_10[1]


def test_failures_come_as_often_as_they_should_and_cost_as_much_as_successes() -> None:
    shaky = world(CASES[0], 301, training=Training(fixed="0s", failure=0.3, cost=2.0))
    built = 0
    for seed in range(2):
        ledger = run(shaky, Every(1), seed=seed)
        done, failed = ledger.of(Built)[1:], ledger.of(TrainingFailed)
        assert len(done) + len(failed) == 300
        assert [fact.cost for fact in done] == [2.0] * len(done)
        assert [fact.cost for fact in failed] == [2.0] * len(failed)
        assert ledger.of(Built)[0].cost == 0.0
        built += len(done)
    assert abs(built - 0.7 * 600) < 4.5 * sqrt(600 * 0.21)


def test_a_parametric_version_can_be_launched_without_a_single_record() -> None:
    ledger = run(world(CASES[0], 3, launch=Launch(window="12h")), Every(1_000), seed=1)
    assert ledger.requests["total"] == 3
