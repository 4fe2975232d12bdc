"""Sine: River's four functions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from river.datasets import synth

from sim.concepts import Sine
from sim.errors import Mistake


@pytest.mark.parametrize("irrelevant", [0, 2])
@pytest.mark.parametrize("function", range(4))
def test_sine_is_rivers_sine(function: int, irrelevant: int) -> None:
    concept = Sine(function=function, irrelevant=irrelevant)
    theirs = synth.Sine(classification_function=function, seed=5, has_noise=irrelevant == 2)
    rows = list(theirs.take(2_000))
    x = np.array([[row[i] for i in range(2 + irrelevant)] for row, _ in rows])
    assert np.array_equal(concept.best(x), np.array([y for _, y in rows]))
    assert len(concept.schema.columns) == x.shape[1]


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"function": 4}, r"sine\.function is 4"),
        ({"irrelevant": -1}, r"sine\.irrelevant is -1"),
        ({"noise": 0.6}, r"sine\.noise is 0\.6"),
    ],
)
def test_an_impossible_sine_is_refused(settings: dict[str, Any], field: str) -> None:
    with pytest.raises(Mistake, match=field):
        Sine(**settings)
