"""Hyperplane: River's rule, its weights, and its drift."""

from __future__ import annotations

from itertools import islice
from typing import Any

import numpy as np
import pytest
from river.datasets import synth

from sim.concepts import Hyperplane
from sim.errors import Mistake

COUNT = 2_000


def river(weights: Any, **settings: Any) -> tuple[Any, Any]:
    """Return features and classes of River's generator, whose weights start as *weights*."""
    count = len(weights)
    theirs = synth.Hyperplane(seed=5, n_features=count, noise_percentage=0, **settings)
    records = iter(theirs)
    next(records)  # River draws its weights with the first record; ours go in before the second
    theirs._weights = list(weights)
    rows = list(islice(records, COUNT))
    return np.array([[x[i] for i in range(count)] for x, _ in rows]), np.array([y for _, y in rows])


@pytest.mark.parametrize("concept", [Hyperplane(), Hyperplane(columns=3, rule="b", shift=0.7)])
def test_hyperplane_is_rivers_hyperplane(concept: Hyperplane) -> None:
    x, y = river(concept.weights)
    assert np.array_equal(concept.best(x), y)


def test_a_growing_shift_is_rivers_drift_without_its_turns() -> None:
    step = 0.002
    x, y = river(Hyperplane().weights, mag_change=step, sigma=0.0)
    for k in range(0, COUNT, 7):
        assert Hyperplane(shift=step * k).best(x[k : k + 1])[0] == y[k]
    assert (Hyperplane().best(x) != y).any()


def test_the_weights_are_uniform_and_belong_to_the_name() -> None:
    weights = Hyperplane(columns=2_000).weights
    assert 0 <= weights.min() < 0.01
    assert 0.99 < weights.max() <= 1
    assert abs(weights.mean() - 0.5) < 4.5 / np.sqrt(12 * len(weights))
    assert np.array_equal(Hyperplane(rule="a").weights, Hyperplane(rule="a").weights)
    assert not np.array_equal(Hyperplane(rule="a").weights, Hyperplane(rule="b").weights)


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"columns": 0}, r"hyperplane\.columns is 0"),
        ({"moved": -1}, r"hyperplane\.moved is -1"),
        ({"shift": float("nan")}, r"hyperplane\.shift is nan"),
        ({"noise": 0.6}, r"hyperplane\.noise is 0\.6"),
    ],
)
def test_an_impossible_hyperplane_is_refused(settings: dict[str, Any], field: str) -> None:
    with pytest.raises(Mistake, match=field):
        Hyperplane(**settings)
