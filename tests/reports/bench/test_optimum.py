"""The optimum is that of oracle_delay.json."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reports.bench.optimum import lorden
from reports.bench.streams import Normal

TRUTH = json.loads((Path(__file__).parents[2] / "data" / "oracle_delay.json").read_text())


@pytest.mark.parametrize("case", TRUTH["gaussian_mean_shift_0_to_d_sigma_1"])
def test_the_gaussian_optimum(case: dict[str, float]) -> None:
    normal = Normal(kind="gaussian", before=0.0, after=case["d"])
    found = lorden(normal, case["ARL0"])
    assert found.delay + 1 == pytest.approx(case["E1_worst_case"], abs=6e-4)
    assert found.difference == 0


def test_the_optimum_does_not_depend_on_units() -> None:
    one = lorden(Normal(kind="gaussian", before=0.0, after=0.5), 300)
    two = lorden(Normal(kind="gaussian", before=7.0, after=8.0, spread=2.0), 300)
    assert two.delay == pytest.approx(one.delay, rel=1e-6)


@pytest.mark.parametrize("case", TRUTH["bernoulli_error_rate_p0_to_p1"])
def test_the_bernoulli_optimum_and_how_far_a_coarser_lattice_is(case: dict[str, float]) -> None:
    normal = Normal(kind="bernoulli", before=case["p0"], after=case["p1"])
    found = lorden(normal, case["ARL0"])
    assert found.delay + 1 == pytest.approx(case["E1_worst_case"], abs=6e-3)
    assert abs(found.difference) < 0.01


def test_the_asymptotic_formula_is_no_bound() -> None:
    """At ARL0 = 500 and d = 0.25 it says 198.9; the optimum is 64.9."""
    found = lorden(Normal(kind="gaussian", before=0.0, after=0.25), 500)
    assert found.delay + 1 == pytest.approx(64.9, abs=0.05)
