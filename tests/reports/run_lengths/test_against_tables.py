"""Printed tables of mean run lengths come out exactly, and by simulation with the kernels.

run_lengths.json and oracle_delay.json are copied unchanged from the project's ground truth.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

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
from reports.run_lengths.simulation import Draw
from strategies.detectors import CUSUM, EWMA, LikelihoodCUSUM, Shewhart

Floats = NDArray[np.float64]
DATA = Path(__file__).parents[2] / "data"
TABLE: list[dict[str, Any]] = json.loads((DATA / "run_lengths.json").read_text())["entries"]
ORACLE = json.loads((DATA / "oracle_delay.json").read_text())
GAUSSIAN = ORACLE["gaussian_mean_shift_0_to_d_sigma_1"]
BERNOULLI = ORACLE["bernoulli_error_rate_p0_to_p1"]
ROWS = pytest.mark.parametrize(
    "row",
    TABLE,
    ids=[f"{row['chart']}-{row['params']}-{row['mu']}" for row in TABLE],
)
LIMIT = 4.5  # standard errors, a row


def the_chart(row: dict[str, Any]) -> CUSUM | EWMA | Shewhart:
    p = row["params"]
    if row["chart"] == "cusum2":
        return CUSUM(allowance=p["k"], limit=p["h"], head_start=p["hs"])
    if row["chart"] == "ewma2":
        return EWMA(weight=p["lam"], width=p["L"])
    assert row["chart"] == "shewhart2"
    return Shewhart(width=p["L"])


def normal(mean: float) -> Draw:
    return lambda luck, size: luck.normal(mean, 1.0, size)


def errors(rate: float) -> Draw:
    return lambda luck, size: luck.random(size) < rate


def unit(printed: float) -> float:
    """Return one unit of the last digit."""
    return 10.0 ** int(Decimal(str(printed)).as_tuple().exponent)


def test_the_table_is_there_and_one_entry_is_a_misprint() -> None:
    assert len(TABLE) == 72
    assert sum("typo" in row["note"] for row in TABLE) == 1


@ROWS
def test_the_exact_value_agrees_to_four_decimals(row: dict[str, Any]) -> None:
    exact = mean_run_length(the_chart(row), mean=row["mu"])
    assert abs(exact - row["exact"]) < 0.5001e-4


@ROWS
def test_the_published_value_agrees_to_its_last_digit_unless_misprinted(
    row: dict[str, Any],
) -> None:
    exact = mean_run_length(the_chart(row), mean=row["mu"])
    # Crowder and Champ and Woodall print two decimals, also where JSON drops a last 0.
    last = unit(row["published"]) if row["chart"] == "cusum2" else 0.01
    assert (abs(exact - row["published"]) <= last) == ("typo" not in row["note"])


@ROWS
def test_simulation_with_the_kernel_agrees(row: dict[str, Any]) -> None:
    found = simulate(the_chart(row), normal(row["mu"]), runs=10_000, seed=TABLE.index(row))
    assert abs(found.mean - row["exact"]) < LIMIT * found.standard_error


@pytest.mark.parametrize("row", GAUSSIAN, ids=lambda row: f"d={row['d']}")
def test_the_gaussian_optimum_is_exact(row: dict[str, Any]) -> None:
    shift = row["d"]
    oracle = limit_for(LikelihoodCUSUM(after=shift), run_length=row["ARL0"])
    assert oracle.limit / shift == pytest.approx(row["h"], abs=0.5001e-4)
    assert mean_run_length(oracle, mean=0.0) == pytest.approx(row["ARL0"], abs=1e-4)
    printed = LikelihoodCUSUM(after=shift, limit=shift * row["h"])
    for chart in (printed, CUSUM(allowance=row["k"], limit=row["h"], mode="up")):
        worst = mean_run_length(chart, mean=shift)
        steady = mean_run_length(chart, mean=shift, steady=True)
        assert worst == pytest.approx(row["E1_worst_case"], abs=0.5001e-3)
        assert steady == pytest.approx(row["steady_state"], abs=0.5001e-3)


@pytest.mark.parametrize(("seed", "row"), list(enumerate(GAUSSIAN)), ids=["d=1", "d=2"])
def test_the_gaussian_optimum_is_simulated(seed: int, row: dict[str, Any]) -> None:
    shift = row["d"]
    oracle = LikelihoodCUSUM(after=shift, limit=shift * row["h"])
    calm = simulate(oracle, normal(0.0), runs=10_000, seed=100 + seed)
    worst = simulate(oracle, normal(shift), runs=20_000, seed=200 + seed)
    steady = simulate_steady(
        oracle, normal(0.0), normal(shift), burn_in=60, runs=20_000, seed=300 + seed
    )
    assert abs(calm.mean - row["ARL0"]) < LIMIT * calm.standard_error
    assert abs(worst.mean - row["E1_worst_case"]) < LIMIT * worst.standard_error
    assert abs(steady.mean - row["steady_state"]) < LIMIT * steady.standard_error


@pytest.mark.parametrize("row", BERNOULLI)
def test_the_bernoulli_optimum_is_exact_and_simulated(row: dict[str, Any]) -> None:
    oracle = LikelihoodCUSUM(
        kind="bernoulli", before=row["p0"], after=row["p1"], limit=row["threshold"]
    )
    for seed, (rate, printed) in enumerate([(row["p0"], "ARL0"), (row["p1"], "E1_worst_case")]):
        exact = bernoulli_run_length(oracle, rate=rate)
        assert abs(exact.mean - row[printed]) <= unit(row[printed]) / 2
        assert abs(exact.difference) < 1e-6
        found = simulate(oracle, errors(rate), runs=10_000, seed=400 + seed)
        assert abs(found.mean - exact.mean) < LIMIT * found.standard_error
