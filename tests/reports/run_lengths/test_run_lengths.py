"""Exact run lengths and the compiled charts agree beyond the printed tables too."""

from __future__ import annotations

import doctest
import importlib
from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pytest
from numpy.typing import NDArray

from reports.run_lengths import (
    bernoulli_run_length,
    limit_for,
    mean_run_length,
    simulate,
    simulate_steady,
)
from reports.run_lengths.gaussian import Chart
from reports.run_lengths.simulation import Draw
from strategies.detectors import CUSUM, EWMA, LikelihoodCUSUM, Shewhart, ShiryaevRoberts

Floats = NDArray[np.float64]
LIMIT = 4.5
CHARTS: list[tuple[Chart, float]] = [
    (CUSUM(allowance=0.25, limit=5.0, mode="up"), 0.75),
    (CUSUM(allowance=0.5, limit=4.0, head_start=2.0, mean=3.0, sd=2.0, mode="down"), 1.5),
    (EWMA(weight=0.1, width=2.5), 0.5),
    (EWMA(weight=0.2, width=2.5, head_start=0.4, mode="up"), 1.0),
    (EWMA(weight=0.1, width=2.3, mean=1.0, sd=0.5, mode="down"), 0.7),
    (Shewhart(width=2.0, mean=1.0, sd=2.0, mode="up"), 2.0),
    (ShiryaevRoberts(shift=1.0, limit=100.0), 1.0),
    (ShiryaevRoberts(shift=-0.5, limit=80.0, head_start=20.0, mean=1.0, sd=2.0), 0.5),
    (LikelihoodCUSUM(before=1.0, after=0.0, sd=1.5, limit=3.0, head_start=0.5), 0.25),
    (CUSUM(allowance=0.5, limit=3.0), 1.0),
    (CUSUM(allowance=0.25, limit=6.0, head_start=2.0, mean=1.0, sd=0.5), 0.7),
]


def normal(mean: float, sd: float) -> Draw:
    return lambda luck, size: luck.normal(mean, sd, size)


def errors(rate: float) -> Draw:
    return lambda luck, size: luck.random(size) < rate


@pytest.mark.parametrize(("seed", "chart", "mean"), [(i, *case) for i, case in enumerate(CHARTS)])
def test_simulation_agrees_at_once_and_in_steady_state(
    seed: int, chart: Chart, mean: float
) -> None:
    before = chart.before if isinstance(chart, LikelihoodCUSUM) else chart.mean
    for there, key in ((before, 0), (mean, 1)):
        found = simulate(chart, normal(there, chart.sd), runs=10_000, seed=10 * seed + key)
        exact = mean_run_length(chart, mean=there)
        assert abs(found.mean - exact) < LIMIT * found.standard_error
    steady = simulate_steady(
        chart,
        normal(before, chart.sd),
        normal(mean, chart.sd),
        burn_in=100,
        runs=10_000,
        seed=10 * seed + 2,
    )
    exact = mean_run_length(chart, mean=mean, steady=True)
    assert 800 < steady.runs < 10_000
    assert abs(steady.mean - exact) < LIMIT * steady.standard_error


@pytest.mark.parametrize(("before", "after"), [(0.2, 0.35), (0.4, 0.2)])
def test_the_bernoulli_oracle_with_a_head_start_and_in_steady_state(
    before: float, after: float
) -> None:
    chart = LikelihoodCUSUM(
        kind="bernoulli", before=before, after=after, limit=2.75, head_start=1.0
    )
    for seed, rate in enumerate((before, after)):
        exact = bernoulli_run_length(chart, rate=rate)
        found = simulate(chart, errors(rate), runs=20_000, seed=1000 + seed)
        slack = abs(exact.difference)
        assert abs(found.mean - exact.mean) < LIMIT * found.standard_error + slack
    exact = bernoulli_run_length(chart, rate=after, steady=True)
    found = simulate_steady(
        chart, errors(before), errors(after), burn_in=150, runs=10_000, seed=1002
    )
    assert abs(found.mean - exact.mean) < LIMIT * found.standard_error + abs(exact.difference)


@pytest.mark.parametrize(("allowance", "limit", "mean"), [(0.5, 4.0, 1.0), (0.25, 2.0, 0.5)])
def test_both_sides_agree_with_a_chain_on_a_lattice_in_the_plane(
    allowance: float, limit: float, mean: float
) -> None:
    apart = []
    for width in (0.25, 0.125):
        # The last place is kept, so the limit lies half a place beyond it.
        chart = CUSUM(allowance=allowance, limit=limit + width / 2)
        exact = [mean_run_length(chart, mean=mean, steady=steady) for steady in (False, True)]
        apart.append(in_the_plane(allowance, limit, mean, width) - np.array(exact))
    rough, fine = np.array(apart)
    assert np.all(np.abs(fine) < 0.004)
    # A lattice half as wide is four times as near: what is left over goes with the square.
    assert np.all(np.abs(4 * fine - rough) < 5e-4)


def in_the_plane(allowance: float, limit: float, mean: float, width: float) -> Floats:
    """Return mean run lengths, zero and steady state, where both sums move on a lattice."""
    reach, k, top = int(10 / width), round(allowance / width), round(limit / width)
    z = np.arange(-reach, reach + 1)
    edges = (np.append(z, reach + 1) - 0.5) * width
    places, todo = {(0, 0): 0}, [(0, 0)]
    moves: list[tuple[int, int, int]] = []  # from where, to where, by which z
    for up, down in todo:  # more are found on the way
        ups, downs = np.maximum(0, up + z - k), np.maximum(0, down - z - k)
        for i in np.flatnonzero((ups <= top) & (downs <= top)).tolist():
            pair = int(ups[i]), int(downs[i])
            if pair not in places:
                places[pair] = len(todo)
                todo.append(pair)
            moves.append((places[up, down], places[pair], i))
    source, target, step = np.array(moves).T

    def matrix(mean: float) -> Floats:
        into = np.zeros((len(todo), len(todo)))
        below = [NormalDist(mean).cdf(edge) for edge in edges.tolist()]
        np.add.at(into, (source, target), np.diff(below)[step])
        return into

    rest = np.linalg.solve(np.eye(len(todo)) - matrix(mean), np.ones(len(todo)))
    where, calm = np.full(len(todo), 1.0), matrix(0.0)
    for _ in range(500):
        where = where @ calm
        where /= where.sum()
    return np.array([rest[0], where @ rest])


def test_ewma_with_weight_one_is_shewharts_chart() -> None:
    for mode in ("up", "down", "both"):
        for mean in (0.0, 0.7):
            ewma = mean_run_length(EWMA(weight=1.0, width=2.0, mode=mode), mean=mean)
            shewhart = mean_run_length(Shewhart(width=2.0, mode=mode), mean=mean)
            assert ewma == pytest.approx(shewhart, rel=1e-9)


def test_a_run_against_the_drift_may_be_longer_than_any_number_has_digits() -> None:
    lengths = [mean_run_length(CUSUM(limit=4.0, mode="up"), mean=-m) for m in range(12)]
    assert lengths == sorted(lengths)
    assert lengths[0] == pytest.approx(335.3676, abs=1e-4)  # twice the two-sided 167.6838
    assert lengths[-1] > 1e30


def test_steady_state_is_forgotten_where_nothing_is_remembered() -> None:
    chart = Shewhart(width=2.5)
    assert mean_run_length(chart, mean=1.0) == mean_run_length(chart, mean=1.0, steady=True)


def test_a_limit_is_found_for_a_run_length() -> None:
    chart = limit_for(CUSUM(limit=1.0), run_length=300.0)
    assert mean_run_length(chart, mean=0.0) == pytest.approx(300.0, rel=1e-6)
    assert replace(chart, limit=1.0) == CUSUM(limit=1.0)
    ratio = limit_for(ShiryaevRoberts(shift=0.5, limit=1.0), run_length=300.0)
    assert mean_run_length(ratio, mean=0.0) == pytest.approx(300.0, rel=1e-6)


def test_the_example_in_the_docs_holds() -> None:
    chart = limit_for(CUSUM(allowance=0.5), run_length=500)
    assert round(chart.limit, 2) == 5.07
    assert round(mean_run_length(chart, mean=1.0), 2) == 10.52
    assert round(mean_run_length(chart, mean=1.0, steady=True), 2) == 9.78


def test_what_cannot_be_computed_is_said() -> None:
    with pytest.raises(ValueError, match="nothing is steady"):
        mean_run_length(CUSUM(allowance=0.0, limit=4.0), mean=1.0, steady=True)
    with pytest.raises(ValueError, match="sides meet"):
        mean_run_length(CUSUM(limit=4.0, head_start=3.0), mean=1.0)
    with pytest.raises(ValueError, match="bernoulli_run_length is for error rates"):
        mean_run_length(LikelihoodCUSUM(kind="bernoulli", before=0.1, after=0.2), mean=0.1)
    with pytest.raises(ValueError, match="mean_run_length is for normal values"):
        bernoulli_run_length(LikelihoodCUSUM(), rate=0.1)
    with pytest.raises(ValueError, match="does not settle"):
        mean_run_length(EWMA(weight=0.00001, width=3.0, mode="up"), mean=0.0)


def test_one_seed_gives_one_result_and_blocks_do_not_cut_runs() -> None:
    chart = CUSUM(limit=4.0)
    first, again = (simulate(chart, normal(0.0, 1.0), runs=2000, seed=5) for _ in range(2))
    assert first == again
    luck = np.random.Generator(np.random.SFC64(5))
    running, lengths, so_far = chart.start(), [], 0
    for x in luck.normal(0.0, 1.0, 1 << 16).tolist():
        running.update(x)
        so_far += 1
        if running.drift_detected:
            lengths.append(so_far)
            so_far = 0
    mean = simulate(chart, normal(0.0, 1.0), runs=len(lengths), seed=5).mean
    assert mean == pytest.approx(np.mean(lengths))


@pytest.mark.parametrize("name", ["gaussian", "bernoulli", "simulation"])
def test_the_examples_in_the_docstrings_hold(name: str) -> None:
    results = doctest.testmod(importlib.import_module(f"reports.run_lengths.{name}"))
    assert results.attempted > 0
    assert results.failed == 0
