"""Friedman: River's formula, and the changes of roles of its drifting sister."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from river.datasets import synth

from sim.concepts import Friedman
from sim.errors import Mistake

COUNT = 3_000
SWAPPED = Friedman(roles=(3, 5, 1, 0, 2))


def left_over(theirs: Any, *concepts: Friedman) -> list[Any]:
    """Return what is left of River's outcomes, a third each, after each concept's mean."""
    rows = list(theirs.take(COUNT))
    x = np.array([[row[i] for i in range(10)] for row, _ in rows])
    y = np.array([y for _, y in rows])
    thirds = np.split(np.arange(COUNT), 3)
    return [y[at] - rule.best(x[at]) for at, rule in zip(thirds, concepts, strict=True)]


def test_friedman_is_rivers_friedman() -> None:
    rest = np.concatenate(left_over(synth.Friedman(seed=5), *[Friedman()] * 3))
    assert abs(rest.mean()) < 4.5 / np.sqrt(COUNT)
    assert abs((rest**2).mean() - 1) < 4.5 * np.sqrt(2 / COUNT)


def test_without_noise_it_is_rivers_formula_to_the_last_digits() -> None:
    theirs = synth.FriedmanDrift(drift_type="gra", position=(1, 2))
    x = np.random.default_rng(2).random((500, 10))
    for index, concept in [(0, Friedman()), (1, SWAPPED), (2, Friedman())]:
        expected = [theirs._y_maker(row, index) for row in x]
        assert concept.best(x) == pytest.approx(expected, rel=1e-12)


def test_changed_roles_are_rivers_drift() -> None:
    theirs = synth.FriedmanDrift(drift_type="gra", position=(1_000, 2_000), seed=5)
    for rest in left_over(theirs, Friedman(), SWAPPED, Friedman()):
        assert abs((rest**2).mean() - 1) < 4.5 * np.sqrt(2 / len(rest))


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"roles": (0, 1, 2)}, r"friedman\.roles is \(0, 1, 2\)"),
        ({"roles": (0, 1, 2, 3, 10)}, r"friedman\.roles\[4\] is 10"),
        ({"noise": -1}, r"friedman\.noise is -1"),
    ],
)
def test_an_impossible_friedman_is_refused(settings: dict[str, Any], field: str) -> None:
    with pytest.raises(Mistake, match=field):
        Friedman(**settings)
