"""Agrawal: River's ten functions, its columns and its perturbation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from river.datasets import synth

from sim.chance import Luck
from sim.concepts import Agrawal, Moment
from sim.errors import Mistake

COUNT = 4_000
CAR = 4


def rivers(function: int = 0, **settings: Any) -> tuple[Any, Any]:
    """Return River's features, coded as ours, and classes."""
    theirs = synth.Agrawal(classification_function=function, seed=5, **settings)
    rows = list(theirs.take(COUNT))
    x = np.array([[row[name] for name in Agrawal().schema.names] for row, _ in rows], dtype=float)
    x[:, CAR] -= 1
    return x, np.array([y for _, y in rows])


def drawn(concept: Agrawal, page: int = 0) -> Any:
    times_us = np.arange(COUNT, dtype=np.int64)
    return concept.draw(Luck(7), Moment(page, times_us, [(concept, 1.0)], (), (), 0.0, 0.5))


@pytest.mark.parametrize("function", range(10))
def test_agrawal_is_rivers_agrawal(function: int) -> None:
    x, y = rivers(function)
    assert np.array_equal(Agrawal(function=function).best(x), y)
    ours = drawn(Agrawal(function=function))
    rule: Any = synth.Agrawal()._classification_functions[function]
    exact = ours.x.copy()
    exact[:, CAR] += 1
    assert ours.y.tolist() == [rule(*row) for row in exact.tolist()]
    share = (ours.y.mean() + y.mean()) / 2
    assert abs(ours.y.mean() - y.mean()) < 4.5 * np.sqrt(2 * share * (1 - share) / COUNT) + 1e-12


@pytest.mark.parametrize("function", range(10))
def test_at_its_edges_too(function: int) -> None:
    """Every bound of every rule, met exactly, and a category that never occurred before."""
    rng = np.random.default_rng(3)
    pay = [20e3, 25e3, 50e3, 75e3, 100e3, 125e3, 150e3, 200e3, 300e3, 400e3, 500e3]
    x = np.column_stack(
        [
            rng.choice(pay, COUNT),
            rng.choice([0, 10e3, 25e3], COUNT),
            rng.choice([20, 39, 40, 59, 60, 80], COUNT),
            rng.integers(0, 6, COUNT),
            rng.integers(0, 20, COUNT),
            rng.integers(0, 9, COUNT),
            rng.choice([0, 5e4, 1e6], COUNT),
            rng.choice([1, 19, 20, 21, 30], COUNT),
            rng.choice([0, 75e3, 100e3, 300e3, 400e3, 500e3], COUNT),
        ]
    ).astype(float)
    rule: Any = synth.Agrawal()._classification_functions[function]
    assert Agrawal(function=function).best(x).tolist() == [rule(*row) for row in x.tolist()]


def test_the_records_are_spread_as_rivers_are() -> None:
    ours, theirs = drawn(Agrawal()).x, rivers()[0]
    for column in range(9):
        for power in (1, 2):
            a, b = ours[:, column] ** power, theirs[:, column] ** power
            error = np.sqrt((a.var() + b.var()) / COUNT)
            assert abs(a.mean() - b.mean()) < 4.5 * error
        assert len(np.unique(ours[:, column])) == len(np.unique(theirs[:, column])) or column in (
            0,
            1,
            6,
            8,
        )
    assert np.array_equal(ours[:, 1] == 0, ours[:, 0] >= 75_000)


class Told:
    """Random numbers that River is told."""

    def __init__(self, values: list[float]) -> None:
        self.values = values

    def random(self) -> float:
        return self.values.pop(0)


def test_perturbation_is_rivers() -> None:
    """River's own lines, fed with the numbers that we drew."""
    share = 0.2
    exact, seen = drawn(Agrawal(), page=4).x, drawn(Agrawal(perturbation=share), page=4).x
    coins = Luck(7).page("perturbation", 4).random((COUNT, 6))
    theirs: Any = synth.Agrawal(perturbation=share)
    for row, found, luck in zip(exact[:500], seen, coins, strict=False):
        salary, commission, age, _, _, zipcode, value, years, loan = row
        blur = [0.0] * 6
        for place, (number, *bounds) in enumerate(
            [
                (salary, 20000, 150000),
                (commission, 10000, 75000),
                (age, 20, 80),
                (value, (9 - zipcode) * 100000, 0, 135000),
                (years, 1, 30),
                (loan, 0, 500000),
            ]
        ):
            theirs._rng = Told([luck[place]])
            blur[place] = theirs._perturb_value(number, *bounds)
        commission = blur[1] if commission > 0 else 0.0
        expected = [
            blur[0],
            commission,
            round(blur[2]),
            *row[3:6],
            blur[3],
            round(blur[4]),
            blur[5],
        ]
        assert found == pytest.approx(expected, rel=1e-12)


def test_perturbation_comes_after_the_class() -> None:
    plain, seen = drawn(Agrawal(function=1)), drawn(Agrawal(function=1, perturbation=0.3))
    assert np.array_equal(plain.y, seen.y)
    assert np.array_equal(plain.best, seen.best)
    assert np.array_equal(plain.x[:, 3:6], seen.x[:, 3:6])
    assert (plain.x[:, 0] != seen.x[:, 0]).mean() > 0.99


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"function": 10}, r"agrawal\.function is 10"),
        ({"perturbation": 1.5}, r"agrawal\.perturbation is 1\.5"),
        ({"noise": 0.6}, r"agrawal\.noise is 0\.6"),
    ],
)
def test_an_impossible_agrawal_is_refused(settings: dict[str, Any], field: str) -> None:
    with pytest.raises(Mistake, match=field):
        Agrawal(**settings)
