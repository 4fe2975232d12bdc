"""Concepts: the Bayes rule reaches its formula, and its answers are the best there are."""

from __future__ import annotations

from collections.abc import Sequence
from math import erf, sqrt

import numpy as np
import pytest
from numpy.typing import NDArray
from river.datasets import synth

from sim.chance import Luck
from sim.concepts import SEA, Concept, Drawn, GaussianClasses, Linear, LinearRegression, Moment
from sim.errors import Mistake
from sim.losses import Absolute, Chance, Costs, Expected, Loss, Squared, ZeroOne

LIMIT = 4.5
COUNT = 20_000


def drawn(concept: Concept, *, seed: int = 1, page: int = 0, cut: float = 0.5) -> Drawn:
    times_us = np.arange(COUNT, dtype=np.int64)
    return concept.draw(Luck(seed), Moment(page, times_us, [(concept, 1.0)], (), (), 0.0, cut))


def losses(concept: Concept, loss: Loss, seeds: Sequence[int] = range(5)) -> NDArray[np.float64]:
    """Return the losses of the Bayes rule over several seeds, one after another."""
    pages = [drawn(concept, seed=seed, cut=loss.cut) for seed in seeds]
    return np.concatenate([loss.of(page.best, page.y) for page in pages])


def agrees(values: NDArray[np.float64], expected: float) -> bool:
    error = values.std() / sqrt(len(values)) + 1e-12
    return bool(abs(values.mean() - expected) < LIMIT * error)


def phi(z: float) -> float:
    return 0.5 * (1 + erf(z / sqrt(2)))


@pytest.mark.parametrize(
    "concept",
    [
        Linear(noise=0.1),
        Linear(columns=1, noise=0.0),
        Linear(columns=3, threshold=0.7, angle=30, noise=0.25),
        SEA(noise=0.1),
        SEA(threshold=7.0, noise=0.02),
        GaussianClasses(distance=2.0),
        GaussianClasses(distance=1.0, columns=3),
        GaussianClasses(distance=3.0, noise=0.1),
    ],
)
def test_the_bayes_rule_errs_as_often_as_its_formula_says(
    concept: Linear | SEA | GaussianClasses,
) -> None:
    assert agrees(losses(concept, ZeroOne()), concept.bayes_loss())


@pytest.mark.parametrize("distance", [0.5, 1.0, 2.0, 4.0])
def test_gaussian_classes_are_confused_as_theory_says(distance: float) -> None:
    concept = GaussianClasses(distance=distance)
    assert concept.bayes_loss() == pytest.approx(phi(-distance / 2), abs=1e-14)
    assert agrees(losses(concept, ZeroOne()), phi(-distance / 2))


def test_an_unequal_prior_moves_the_line_between_gaussian_classes() -> None:
    prior, distance = 0.2, 1.5
    shift = np.log(prior / (1 - prior)) / distance
    expected = prior * phi(-distance / 2 - shift) + (1 - prior) * phi(-distance / 2 + shift)
    assert agrees(losses(GaussianClasses(distance=distance, prior=prior), ZeroOne()), expected)


def test_regression_misses_by_its_noise() -> None:
    concept = LinearRegression(noise=0.7, slope=2.0)
    assert concept.bayes_loss() == pytest.approx(0.49)
    assert agrees(losses(concept, Squared()), 0.49)
    assert agrees(losses(concept, Absolute()), 0.7 * sqrt(2 / np.pi))


def test_regression_is_a_line_of_its_slope() -> None:
    page = drawn(LinearRegression(columns=4, slope=2.5, noise=0.3))
    weights, *_ = np.linalg.lstsq(page.x, page.y, rcond=None)
    assert np.linalg.norm(weights) == pytest.approx(2.5, abs=LIMIT * 0.3 / sqrt(COUNT) * 2)
    assert page.x @ weights == pytest.approx(page.best, abs=0.05)


def test_regression_lies_around_its_level() -> None:
    high, plain = (drawn(LinearRegression(columns=4, level=level)) for level in (60.0, 0.0))
    assert (high.x == plain.x).all()
    assert high.y == pytest.approx(plain.y + 60.0, abs=1e-9)
    assert high.best == pytest.approx(plain.best + 60.0, abs=1e-9)


@pytest.mark.parametrize(("variant", "threshold"), [(0, 8.0), (1, 9.0), (2, 7.0), (3, 9.5)])
def test_sea_is_rivers_sea(variant: int, threshold: float) -> None:
    concept = SEA(threshold=threshold, noise=0.0)
    theirs = list(synth.SEA(variant=variant, seed=42).take(2_000))
    x = np.array([[row[i] for i in range(3)] for row, _ in theirs])
    assert ((concept.score(x) > 0) == np.array([y for _, y in theirs])).all()
    page = drawn(concept)
    assert np.array_equal(page.y, (page.x[:, 0] + page.x[:, 1] > threshold).astype(float))
    mine, rivers = page.x[: len(x)].mean(axis=0), x.mean(axis=0)
    assert abs(mine - rivers).max() < LIMIT * 10 / sqrt(12) * sqrt(2 / len(x))
    assert page.x.min() >= 0
    assert page.x.max() <= 10


@pytest.mark.parametrize("noise", [0.05, 0.3])
def test_costs_decide_where_the_bayes_rule_cuts(noise: float) -> None:
    """With a miss dear enough, answering 1 always is best; else the clean rule."""
    for miss in (1.0, 2.0, 30.0):
        loss = Costs(false_positive=1.0, false_negative=miss)
        always = noise / (1 - noise) > 1 / miss
        page = drawn(Linear(noise=noise), cut=loss.cut)
        clean = drawn(Linear(noise=noise)).best
        assert np.array_equal(page.best, np.ones(COUNT) if always else clean)


@pytest.mark.parametrize("prior", [0.5, 0.2])
def test_no_other_line_is_cheaper_than_the_bayes_line(prior: float) -> None:
    loss = Costs(false_positive=1.0, false_negative=5.0)
    concept = GaussianClasses(distance=1.5, prior=prior)
    page = drawn(concept, cut=loss.cut)
    along = page.x @ concept.step / np.linalg.norm(concept.step)
    line = (np.log((1 - prior) / prior) - np.log(5.0)) / 1.5
    assert np.array_equal(page.best, (along > line).astype(float))
    best = loss.of(page.best, page.y)
    for other in np.linspace(-2, 2, 21):
        rest = loss.of((along > other).astype(float), page.y) - best
        assert rest.mean() > -LIMIT * rest.std() / sqrt(COUNT) - 1e-12


def test_losses_are_what_they_say() -> None:
    answer, y = np.array([0.0, 1.0, 1.0, 0.0]), np.array([0.0, 0.0, 1.0, 1.0])
    assert ZeroOne().of(answer, y).tolist() == [0, 1, 0, 1]
    assert Costs(false_positive=2, false_negative=7).of(answer, y).tolist() == [0, 2, 0, 7]
    assert Costs(false_positive=2, false_negative=8).cut == pytest.approx(0.2)
    assert Squared().of(np.array([3.0]), np.array([1.0])).tolist() == [4]
    assert Absolute().of(np.array([1.0]), np.array([3.0])).tolist() == [2]
    assert Expected().of(np.array([0.3]), np.array([0.9])).tolist() == [0.3]
    assert Chance().of(np.array([0.3, 0.3]), np.array([0.9, 0.29])).tolist() == [0, 1]


def test_the_same_name_is_the_same_rule_and_an_angle_turns_it() -> None:
    assert np.array_equal(Linear(rule="a").weights, Linear(rule="a").weights)
    for angle in (0.0, 30.0, 90.0, 180.0):
        turned = Linear(rule="a", angle=angle).weights
        assert Linear(rule="a").weights @ turned == pytest.approx(np.cos(np.deg2rad(angle)))
        assert np.linalg.norm(turned) == pytest.approx(1)


def test_a_page_is_the_same_however_often_it_is_drawn() -> None:
    for concept in (Linear(), SEA(), GaussianClasses(), LinearRegression()):
        first, again = drawn(concept, page=7), drawn(concept, page=7)
        other, elsewhere = drawn(concept, page=8), drawn(concept, page=7, seed=2)
        assert all(np.array_equal(a, b) for a, b in zip(first[:3], again[:3], strict=True))
        assert not np.isin(first.x, other.x).any()
        assert not np.isin(first.x, elsewhere.x).any()


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Linear(noise=0.7), r"linear\.noise is 0\.7"),
        (lambda: Linear(columns=0), r"linear\.columns is 0"),
        (lambda: SEA(noise=-0.1), r"sea\.noise is -0\.1"),
        (lambda: GaussianClasses(prior=1.4), r"gaussian\.prior is 1\.4"),
        (lambda: LinearRegression(noise=-1.0), r"regression\.noise is -1"),
        (lambda: Costs(false_positive=0.0), r"loss\.false_positive is 0"),
    ],
)
def test_an_impossible_concept_is_refused(make: object, field: str) -> None:
    assert callable(make)
    with pytest.raises(Mistake, match=field):
        make()
