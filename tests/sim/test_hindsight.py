"""The best schedule of builds, against every other schedule played by the engine."""

from __future__ import annotations

from functools import cache
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from river import linear_model

from sim.artifacts import Online
from sim.clock import us
from sim.concepts import Linear
from sim.drift import ConceptDrift, CovariateShift
from sim.errors import Mistake
from sim.facts import Built, Paged, Routed, TrainingBegun, TrainingFailed
from sim.faults import Ban, NullBurst, Outage, SignOffRule, TrainingTrouble
from sim.hindsight import Hindsight, best_plan, hindsight, unknown
from sim.labels import Constant, Labels
from sim.ledger import Ledger
from sim.prices import Prices
from sim.run import run
from sim.scenario import Launch, Scenario, Service, Training, batch
from sim.selection import Selective
from sim.setting import source_of
from sim.stream import Stream
from sim.traffic import Traffic
from sim.workshop import Fits

GRID = 5


def world(**otherwise: Any) -> Scenario:
    """Return twelve days in which the rule turns twice; a training costs 100 errors."""
    usual: dict[str, Any] = {
        "name": "turning",
        "stream": Stream(
            concept=Linear(columns=3),
            traffic=Traffic(rate="60/h"),
            drifts=(
                ConceptDrift(at="3d 7h", to=Linear(columns=3, rule="second")),
                CovariateShift(at="5d", columns=("x0",), shift=2.0),
                ConceptDrift(name="again", at="8d", to=Linear(columns=3, rule="third")),
            ),
        ),
        "labels": Labels(delay=Constant(delay="8h")),
        "training": Training(fixed="3h", cost=100.0),
        "launch": Launch(window="3d"),
        "horizon": "12d",
    }
    return Scenario(**(usual | otherwise))


STREAM = world().stream
WORLDS = {
    "plain": world(),
    "two prices": world(prices=Prices(loss=2.5)),
    "free trainings": world(training=Training(fixed="3h")),
    "a job that outlasts a step of the grid": world(training=Training(fixed="50h", cost=20.0)),
    "slow deployment": world(service=Service(deploy="2d 5h")),
    "gaps fall back": world(
        service=Service(contract="strict"),
        faults=(NullBurst(at="4d", columns=("x1",), share=0.3),),
    ),
    "answers lost": world(faults=(Outage(at="4d", until="6d", share=0.5),)),
    "in batches": world(service=batch(every="6h")),
    "jobs that crash": world(faults=(TrainingTrouble(at="1d", failure=0.5, times=2.0),)),
    "a column is banned": world(faults=(Ban(at="7d", columns=("x1",), notice="2d"),)),
    "repaired when somebody calls": world(
        faults=(NullBurst(at="4d", columns=("x1",), fixed_by="data"),)
    ),
}


def cost(ledger: Ledger) -> float:
    assert not ledger.stopped
    price = ledger.scenario["prices"]["loss"] or 1.0
    trainings = sum(b.cost for b in ledger.of(Built)) + sum(
        f.cost for f in ledger.of(TrainingFailed)
    )
    return price * float(ledger.timeline.loss.sum()) + trainings


def schedules(scenario: Scenario) -> list[Hindsight]:
    """Return every schedule of two-day windows in which no job waits for another."""
    moments = [us("2d") * k for k in range(1, GRID + 1)]
    apart_us = us(scenario.training.fixed)
    chosen = [
        some
        for size in range(GRID + 1)
        for some in combinations(moments, size)
        if all(later - sooner >= apart_us for sooner, later in pairwise(some))
    ]
    return [
        Hindsight(grid=GRID, windows=(), heartbeat="2d", plan=tuple((at, "2d") for at in some))
        for some in chosen
    ]


@pytest.mark.parametrize("name", WORLDS)
def test_no_schedule_on_the_grid_costs_less(name: str) -> None:
    scenario = WORLDS[name]
    source, fits = source_of(scenario, 3), Fits()
    least = cost(hindsight(scenario, seed=3, windows=("2d",), grid=GRID))
    assert best_plan(scenario, source, fits, ("2d",), GRID).cost == pytest.approx(least, rel=1e-12)
    costs = [
        cost(run(scenario, schedule, seed=3, source=source, fits=fits))
        for schedule in schedules(scenario)
    ]
    assert least == pytest.approx(min(costs), rel=1e-12)
    assert max(costs) > least


@cache
def least(seed: int) -> float:
    return cost(hindsight(world(), seed=seed, windows=("1d", "2d", 4000), grid=11))


@settings(max_examples=25, deadline=None, derandomize=True, database=None)
@given(
    seed=st.integers(0, 3),
    plan=st.dictionaries(st.integers(1, 11), st.sampled_from(["1d", "2d", 4000]), max_size=11),
)
def test_regret_is_never_negative_for_policies_on_the_grid(
    seed: int, plan: dict[int, str | int]
) -> None:
    policy = Hindsight(
        grid=11,
        windows=(),
        heartbeat="1d",
        plan=tuple((us("1d") * day, window) for day, window in plan.items()),
    )
    assert cost(run(world(), policy, seed=seed)) >= least(seed) - 1e-9


def test_what_is_planned_is_what_the_engine_plays() -> None:
    best = hindsight(world(), seed=3, windows=("1d", "2d"), grid=11)
    jobs = best.of(TrainingBegun)
    assert jobs
    assert not best.of(TrainingFailed)
    assert not best.of(Paged)
    for job, route in zip(jobs, best.of(Routed)[1:], strict=True):
        assert job.at_us % us("1d") == 0
        assert route.at_us == job.at_us + us("3h") + us("2h")


def test_a_training_that_costs_more_than_it_brings_is_left_out() -> None:
    dear = world(training=Training(fixed="3h", cost=1e6))
    assert not hindsight(dear, seed=3, grid=11).of(TrainingBegun)


def test_nobody_signs_off() -> None:
    rule = world(faults=(SignOffRule(at="0d", takes="5d"),))
    assert cost(hindsight(rule, seed=3, windows=("2d",), grid=GRID)) == cost(
        hindsight(world(), seed=3, windows=("2d",), grid=GRID)
    )


def test_hindsight_is_replayed_to_the_last_bit() -> None:
    first, second = (hindsight(world(), seed=3, grid=GRID) for _ in range(2))
    assert first.digest() == second.digest()
    assert np.array_equal(first.timeline.loss, second.timeline.loss)


@pytest.mark.parametrize(
    "scenario",
    [
        world(labels=Labels(delay=Constant(delay="8h"), selection=Selective())),
        world(artifact=Online(model=linear_model.LogisticRegression())),
    ],
)
def test_where_builds_alone_do_not_decide_hindsight_is_unknown(scenario: Scenario) -> None:
    assert unknown(scenario)
    with pytest.raises(Mistake, match="hindsight of turning"):
        hindsight(scenario, seed=3)


def test_a_grid_has_a_moment_at_least() -> None:
    with pytest.raises(Mistake, match=r"hindsight\.grid is 0"):
        hindsight(world(), seed=3, grid=0)
