"""Gaussian mixtures: any number of classes, and Bayes' rule against scipy's densities."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from scipy.special import logsumexp  # type: ignore[import-untyped]
from scipy.stats import multivariate_normal  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression

from sim.artifacts import Learned
from sim.chance import Luck
from sim.clock import DAY_US, HOUR_US, us
from sim.concepts import GaussianMixture, Moment
from sim.drift import ConceptDrift, CovariateShift, PriorShift
from sim.errors import Mistake
from sim.labels import Constant, Labels
from sim.losses import Costs, ZeroOne
from sim.run import run
from sim.scenario import Launch, Scenario
from sim.source import Source
from sim.stream import Stream
from sim.traffic import Traffic
from strategies import presets

LIMIT = 4.5
COUNT = 20_000
MIXTURES = [
    GaussianMixture(),
    GaussianMixture(clouds=1, columns=2),
    GaussianMixture(classes=5, clouds=4, columns=3, distance=1.0),
    GaussianMixture(classes=4, columns=2, prior=(0.7, 0.2, 0.1, 0.0), distance=0.8),
    GaussianMixture(classes=2, clouds=3, columns=1, distance=3.0, prior=(0.1, 0.9)),
]
every_mixture = pytest.mark.parametrize("mixture", MIXTURES, ids=repr)


def drawn(concept: Any, *, cut: float = 0.5, page: int = 0) -> Any:
    times_us = np.arange(COUNT, dtype=np.int64)
    return concept.draw(Luck(1), Moment(page, times_us, [(concept, 1.0)], (), (), 0.0, cut))


def posterior(mixture: GaussianMixture, x: Any, shares: Any = None) -> Any:
    """Return P(class | x) from scipy's densities (shape n, classes)."""
    shares = mixture.shares if shares is None else shares
    centres = mixture.centres.reshape(mixture.classes, mixture.clouds, mixture.columns)
    with np.errstate(divide="ignore"):
        logs = np.log(np.asarray(shares))
    joint = np.column_stack(
        [
            logs[c]
            + logsumexp(
                [multivariate_normal(mean=mean).logpdf(x).reshape(len(x)) for mean in centres[c]],
                axis=0,
            )
            for c in range(mixture.classes)
        ]
    )
    return np.exp(joint - logsumexp(joint, axis=1, keepdims=True))


@every_mixture
def test_the_best_answer_is_the_likeliest_class(mixture: GaussianMixture) -> None:
    page = drawn(mixture)
    chances = posterior(mixture, page.x)
    assert np.array_equal(page.best, chances.argmax(axis=1))
    assert np.array_equal(mixture.best(page.x), page.best)


@every_mixture
def test_outcomes_follow_the_chances(mixture: GaussianMixture) -> None:
    """Among records whose chance of a class is about p, a share p has it."""
    page = drawn(mixture)
    chances = posterior(mixture, page.x)
    for c in range(mixture.classes):
        for low in np.arange(0, 1, 0.2):
            rows = (chances[:, c] >= low) & (chances[:, c] < low + 0.2)
            if rows.sum() > 50:
                gap = (page.y[rows] == c) - chances[rows, c]
                assert abs(gap.mean()) < LIMIT * (gap.std() / sqrt(rows.sum()) + 1e-4)


@every_mixture
def test_classes_and_clouds_are_as_large_as_they_should_be(mixture: GaussianMixture) -> None:
    page = drawn(mixture)
    for c, share in enumerate(mixture.shares):
        rows = page.y == c
        assert abs(rows.mean() - share) <= LIMIT * sqrt(share * (1 - share) / COUNT)
        if share:
            centre = mixture.centres.reshape(mixture.classes, mixture.clouds, -1)[c].mean(axis=0)
            error = page.x[rows].std(axis=0) / sqrt(rows.sum())
            assert (abs(page.x[rows].mean(axis=0) - centre) < LIMIT * error).all()


def test_two_classes_of_one_cloud_are_confused_as_theory_says() -> None:
    mixture = GaussianMixture(classes=2, clouds=1, columns=3, distance=0.8)
    distance = np.linalg.norm(mixture.centres[0] - mixture.centres[1])
    expected = NormalDist().cdf(-float(distance) / 2)
    page = drawn(mixture)
    missed = (page.best != page.y).mean()
    assert abs(missed - expected) < LIMIT * sqrt(expected * (1 - expected) / COUNT)


@pytest.mark.parametrize("noise", [0.2, 0.6])
def test_noise_gives_one_of_the_other_classes(noise: float) -> None:
    plain, noisy = drawn(GaussianMixture()), drawn(GaussianMixture(noise=noise))
    assert np.array_equal(plain.best, noisy.best)
    flipped = noisy.y != plain.y
    assert abs(flipped.mean() - noise) < LIMIT * sqrt(noise * (1 - noise) / COUNT)
    step = (noisy.y - plain.y)[flipped] % 3
    assert abs((step == 1).mean() - 0.5) < LIMIT * sqrt(0.25 / flipped.sum())


@pytest.mark.parametrize("noise", [0.0, 0.15])
@pytest.mark.parametrize("mixture", MIXTURES[:3] + MIXTURES[4:], ids=repr)
def test_no_answer_is_cheaper_than_the_best(mixture: GaussianMixture, noise: float) -> None:
    from dataclasses import replace

    loss = Costs(false_positive=1.0, false_negative=4.0)
    page = drawn(replace(mixture, noise=noise), cut=loss.cut)
    chances = posterior(mixture, page.x)
    chances = chances * (1 - noise) + (1 - chances) * noise / (mixture.classes - 1)
    prices = np.array([1.0] + [4.0] * (mixture.classes - 1))
    expected = (chances * prices).sum(axis=1, keepdims=True) - chances * prices
    taken = expected[np.arange(COUNT), page.best.astype(int)]
    assert taken == pytest.approx(expected.min(axis=1), abs=1e-9)


# -- drift ---------------------------------------------------------------------------------------


class Days:
    """All that a stream drew in its first 40 days."""

    def __init__(self, concept: Any, *drifts: Any) -> None:
        stream = Stream(
            concept=concept, traffic=Traffic(rate="200/h", arrivals="even"), drifts=drifts
        )
        source = Source(
            stream=stream, faults=(), labels=Labels(), loss=ZeroOne(), seed=3, tick_us=HOUR_US
        )
        pages = range(source.grid.page_at(40 * DAY_US))
        truths = [source.page(number, {}).truth for number in pages]
        self.times_us, self.x, self.y, self.best = (
            np.concatenate([getattr(t, name) for t in truths])
            for name in ("times_us", "x", "y", "best")
        )

    def when(self, start: str, stop: str = "99d") -> Any:
        return (self.times_us >= us(start)) & (self.times_us < us(stop))


@pytest.mark.parametrize("shape", [{}, {"shape": "gradual", "width": "10d"}])
def test_a_prior_shift_moves_every_share_and_bayes_knows(shape: dict[str, str]) -> None:
    mixture, to = GaussianMixture(), (0.6, 0.3, 0.1)
    days = Days(mixture, PriorShift(at="10d", to=to, **shape))
    rows = days.when("20d")
    for c, share in enumerate(to):
        found = (days.y[rows] == c).mean()
        assert abs(found - share) < LIMIT * sqrt(share * (1 - share) / rows.sum())
        ours = days.x[rows & (days.y == c)]
        before = days.x[days.when("0", "10d") & (days.y == c)]
        error = np.sqrt(ours.var(axis=0) / len(ours) + before.var(axis=0) / len(before))
        assert (abs(ours.mean(axis=0) - before.mean(axis=0)) < LIMIT * error).all()
    assert np.array_equal(
        days.best[rows], posterior(mixture, days.x[rows], shares=to).argmax(axis=1)
    )


def test_a_covariate_shift_leaves_how_y_follows_from_x() -> None:
    mixture = GaussianMixture(columns=3)
    days = Days(mixture, CovariateShift(at="10d", columns=("x0",), shift=1.0, scale=0.8))
    rows = days.when("10d")
    chances = posterior(mixture, days.x[rows])
    assert np.array_equal(days.best[rows], chances.argmax(axis=1))
    for c in range(3):
        gap = (days.y[rows] == c) - chances[:, c]
        assert abs(gap.mean()) < LIMIT * gap.std() / sqrt(rows.sum())
        gap = gap * days.x[rows, 0]
        assert abs(gap.mean()) < LIMIT * gap.std() / sqrt(rows.sum())


@pytest.mark.parametrize("shape", ["abrupt", "gradual", "incremental"])
def test_one_mixture_becomes_another(shape: str) -> None:
    old, new = GaussianMixture(), GaussianMixture(rule="other", prior=(0.5, 0.3, 0.2))
    width = "0s" if shape == "abrupt" else "20d"
    days = Days(old, ConceptDrift(at="10d", width=width, shape=shape, to=new))
    before, after = days.when("0", "10d"), days.when("30d")
    assert np.array_equal(days.best[before], old.best(days.x[before]))
    assert np.array_equal(days.best[after], new.best(days.x[after]))
    middle = days.when("19d", "21d")
    shares = np.array(old.shares), np.array(new.shares)
    weight = 1.0 if shape == "abrupt" else 0.5
    for c in range(3):
        share = shares[0][c] * (1 - weight) + shares[1][c] * weight
        found = (days.y[middle] == c).mean()
        assert abs(found - share) < LIMIT * sqrt(share * (1 - share) / middle.sum())
    if shape == "incremental":  # the clouds stand half way
        half = ((old.centres + new.centres) / 2).reshape(3, 2, -1)
        for c in range(3):
            x = days.x[middle & (days.y == c)]
            error = x.std(axis=0) / sqrt(len(x))
            assert (abs(x.mean(axis=0) - half[c].mean(axis=0)) < LIMIT * error + 0.05).all()
    missed = (days.best != days.y)[middle].mean()
    assert missed < 0.5


def test_the_severities_are_shares() -> None:
    mixture = GaussianMixture()
    drift = PriorShift(at="1d", to=(0.6, 0.3, 0.1))
    assert Stream(concept=mixture, drifts=(drift,)).severity(drift) == pytest.approx(0.8 / 3)
    turned = ConceptDrift(at="1d", to=GaussianMixture(rule="other"))
    assert 0.3 < Stream(concept=mixture, drifts=(turned,)).severity(turned) <= 1.0


# -- a whole run ---------------------------------------------------------------------------------


def test_a_year_with_three_classes_goes_through() -> None:
    """Softmax learns three classes, wrong labels among them; refits mend the drift."""
    mixture = GaussianMixture(clouds=1, noise=0.05)
    scenario = Scenario(
        name="three classes",
        stream=Stream(
            concept=mixture,
            traffic=Traffic(rate="100/h", arrivals="even"),
            drifts=(ConceptDrift(at="10d", to=GaussianMixture(clouds=1, rule="b", noise=0.05)),),
        ),
        labels=Labels(delay=Constant(delay="12h"), noise=0.1),
        artifact=Learned(estimator=LogisticRegression()),
        launch=Launch(window="10d"),
        horizon="3w",
    )
    ledger = run(scenario, presets.scheduled(every="7d", window="5d"), seed=2)
    assert ledger.stopped == ""
    line = ledger.timeline

    def means(start: int, stop: int) -> tuple[float, float]:
        days = slice(start * 24, stop * 24)
        count = line.count[days].sum()
        return float(line.loss[days].sum() / count), float(line.ideal[days].sum() / count)

    before, ideal = means(0, 10)
    assert ideal - 0.01 < before < ideal + 0.03
    assert means(10, 14)[0] > before + 0.1
    assert means(16, 21)[0] < means(10, 14)[0] - 0.1


# -- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "line"),
    [
        (lambda: GaussianMixture(classes=1), "mixture.classes is 1"),
        (lambda: GaussianMixture(clouds=0), "mixture.clouds is 0"),
        (lambda: GaussianMixture(prior=(0.5, 0.5)), "mixture.prior is (0.5, 0.5): give 3 shares"),
        (lambda: GaussianMixture(prior=(0.5, 0.4, 0.0)), "mixture.prior is"),
        (lambda: GaussianMixture(noise=0.8), "mixture.noise is 0.8"),
        (
            lambda: Days(GaussianMixture(), PriorShift(at="1d", to=0.5)),
            "prior.to is 0.5: give the share of each of the 3 classes",
        ),
        (lambda: PriorShift(at="1d", to=(0.5, 0.6)), "prior.to is (0.5, 0.6): shares add up"),
        (
            lambda: Days(GaussianMixture(), ConceptDrift(at="1d", to=GaussianMixture(clouds=1))),
            "concept.to is GaussianMixture",
        ),
        (
            lambda: Days(GaussianMixture(), ConceptDrift(at="1d", to=GaussianMixture(classes=4))),
            "concept.to is GaussianMixture",
        ),
    ],
)
def test_an_impossible_mixture_is_refused(make: Any, line: str) -> None:
    with pytest.raises(Mistake) as refusal:
        make()
    assert str(refusal.value).startswith(line)
