"""STAGGER: River's three functions on its three categories."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from river.datasets import synth

from sim.concepts import Stagger
from sim.errors import Mistake


@pytest.mark.parametrize(("function", "share"), [(0, 1 / 9), (1, 5 / 9), (2, 2 / 3)])
def test_stagger_is_rivers_stagger(function: int, share: float) -> None:
    concept = Stagger(function=function)
    theirs = synth.STAGGER(classification_function=function, seed=5)
    rows = list(theirs.take(2_000))
    x = np.array([[row[name] for name in concept.schema.names] for row, _ in rows], dtype=float)
    assert np.array_equal(concept.best(x), np.array([y for _, y in rows]))
    everything = np.array(list(product(range(3), repeat=3)), dtype=float)
    assert len(np.unique(x, axis=0)) == 27
    assert concept.best(everything).mean() == pytest.approx(share)


def test_the_codes_are_the_places_of_rivers_categories() -> None:
    theirs = synth.STAGGER()
    for name, column in zip(theirs.feature_names, Stagger().schema.columns, strict=True):
        assert (column.name, column.kind) == (name, "category")
        assert dict(enumerate(column.categories)) == getattr(theirs, f"{name}_labels")


def test_each_of_the_27_records_is_as_likely() -> None:
    x = Stagger().features(np.random.default_rng(1), 54_000)
    counts = np.unique(x, axis=0, return_counts=True)[1]
    assert len(counts) == 27
    squares = ((counts - 2_000) ** 2 / 2_000).sum()
    assert squares < 26 + 4.5 * np.sqrt(2 * 26)  # χ² with 26 degrees of freedom


@pytest.mark.parametrize(
    ("settings", "field"),
    [({"function": 3}, r"stagger\.function is 3"), ({"noise": -1}, r"stagger\.noise is -1")],
)
def test_an_impossible_stagger_is_refused(settings: dict[str, Any], field: str) -> None:
    with pytest.raises(Mistake, match=field):
        Stagger(**settings)
