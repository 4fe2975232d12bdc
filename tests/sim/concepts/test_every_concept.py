"""What every concept owes: its noise, its pages, its drifts, and a whole year."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.tree import DecisionTreeClassifier

from sim.artifacts import Learned
from sim.chance import Luck
from sim.clock import DAY_US, HOUR_US, us
from sim.concepts import Agrawal, Friedman, Hyperplane, Moment, Sine, Stagger
from sim.drift import ConceptDrift
from sim.labels import Constant, Labels
from sim.losses import Squared, ZeroOne
from sim.run import run
from sim.scenario import Launch, Scenario
from sim.source import Source
from sim.stream import Stream
from sim.traffic import Traffic
from strategies import presets

LIMIT = 4.5
COUNT = 20_000


class Pair(NamedTuple):
    """A rule, the one that takes over, and a model that can learn something of both."""

    old: Any
    new: Any
    estimator: Any


PAIRS = [
    Pair(Hyperplane(), Hyperplane(rule="other"), LogisticRegression()),
    Pair(Sine(function=2), Sine(function=3), LogisticRegression()),
    Pair(Stagger(function=0), Stagger(function=2), LogisticRegression()),
    Pair(Agrawal(function=0), Agrawal(function=2), DecisionTreeClassifier(max_depth=6)),
    Pair(Friedman(), Friedman(roles=(3, 5, 1, 0, 2)), Ridge()),
]
every_concept = pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: type(pair.old).__name__)


def stream(concept: Any, *drifts: ConceptDrift) -> Stream:
    return Stream(concept=concept, traffic=Traffic(rate="100/h", arrivals="even"), drifts=drifts)


def source(world: Stream) -> Source:
    loss = ZeroOne() if world.concept.classes else Squared()
    return Source(stream=world, faults=(), labels=Labels(), loss=loss, seed=3, tick_us=HOUR_US)


class Month(NamedTuple):
    """The first 30 days of a stream."""

    times_us: NDArray[np.int64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    best: NDArray[np.float64]


def month(world: Stream) -> Month:
    drawn = source(world)
    truths = [drawn.page(n, {}).truth for n in range(drawn.grid.page_at(30 * DAY_US) + 1)]
    times_us = np.concatenate([truth.times_us for truth in truths])
    keep = times_us < 30 * DAY_US
    arrays = (np.concatenate([getattr(t, name) for t in truths]) for name in ("x", "y", "best"))
    return Month(times_us[keep], *(array[keep] for array in arrays))


@every_concept
@pytest.mark.parametrize("noise", [0.0, 0.1, 0.3])
def test_the_best_answer_misses_by_the_noise_and_no_more(pair: Pair, noise: float) -> None:
    concept = replace(pair.old, noise=noise)
    now = Moment(0, np.arange(COUNT, dtype=np.int64), [(concept, 1.0)], (), (), 0.0, 0.5)
    page = concept.draw(Luck(11), now)
    assert np.array_equal(page.best, concept.best(page.x))
    missed = (ZeroOne() if concept.classes else Squared()).of(page.best, page.y)
    error = missed.std() / sqrt(COUNT) + 1e-12
    assert concept.bayes_loss() == pytest.approx(noise if concept.classes else noise**2)
    assert abs(missed.mean() - concept.bayes_loss()) < LIMIT * error


@every_concept
def test_the_features_are_what_the_contract_allows(pair: Pair) -> None:
    x = month(stream(pair.old)).x
    assert x.shape[1] == len(pair.old.schema.columns)
    for column, values in zip(pair.old.schema.columns, x.T, strict=True):
        assert column.low <= values.min()
        assert values.max() <= column.high
        if column.kind == "category":
            assert np.unique(values).tolist() == list(range(len(column.categories)))


@every_concept
def test_a_page_drawn_alone_is_the_same_page(pair: Pair) -> None:
    drift = ConceptDrift(at="2d", width="20d", shape="gradual", to=pair.new)
    world = stream(pair.old, drift)
    row = source(world)
    last = row.grid.page_at(10 * DAY_US)
    after_others = [row.page(number, {}) for number in range(last + 1)][last].truth
    alone = source(world).page(last, {}).truth
    for name in ("times_us", "x", "y", "best"):
        assert np.array_equal(getattr(alone, name), getattr(after_others, name))


@every_concept
def test_an_abrupt_drift_puts_one_rule_in_place_of_the_other(pair: Pair) -> None:
    old, new = replace(pair.old, noise=0.0), replace(pair.new, noise=0.0)
    drawn = month(stream(old, ConceptDrift(at="15d", to=new)))
    late = drawn.times_us >= us("15d")
    assert np.allclose(drawn.y, np.where(late, new.best(drawn.x), old.best(drawn.x)))
    assert np.array_equal(drawn.best, drawn.y)
    assert np.array_equal(drawn.x, month(stream(old)).x)


@every_concept
def test_a_gradual_drift_mixes_the_rules_record_by_record(pair: Pair) -> None:
    old, new = replace(pair.old, noise=0.0), replace(pair.new, noise=0.0)
    drift = ConceptDrift(at="10d", width="10d", shape="gradual", to=new)
    drawn = month(stream(old, drift))
    by_old, by_new = old.best(drawn.x), new.best(drawn.x)
    differ = ~np.isclose(by_old, by_new)
    assert (np.isclose(drawn.y, by_old) | np.isclose(drawn.y, by_new)).all()
    for day in range(0, 30, 2):
        rows = differ & (drawn.times_us // DAY_US // 2 == day // 2)
        share = min(max((day + 1 - 10) / 10, 0.0), 1.0)
        taken = np.isclose(drawn.y, by_new)[rows]
        assert abs(taken.mean() - share) <= LIMIT * sqrt(share * (1 - share) / len(taken))


@every_concept
def test_an_incremental_drift_is_a_weighted_mean(pair: Pair) -> None:
    old, new = replace(pair.old, noise=0.0), replace(pair.new, noise=0.0)
    drift = ConceptDrift(at="10d", width="10d", shape="incremental", to=new)
    drawn = month(stream(old, drift))
    part = np.clip((drawn.times_us - us("10d")) / us("10d"), 0, 1)
    if old.classes:
        score = (1 - part) * old.score(drawn.x) + part * new.score(drawn.x)
        clear = abs(score) > 1e-12
        assert clear.mean() > 0.99
        assert np.array_equal(drawn.y[clear], (score > 0)[clear])
    else:
        expected = (1 - part) * old.best(drawn.x) + part * new.best(drawn.x)
        assert drawn.y == pytest.approx(expected)


@every_concept
def test_a_whole_run_goes_through(pair: Pair) -> None:
    scenario = Scenario(
        name="whole",
        stream=stream(pair.old, ConceptDrift(at="10d", to=pair.new)),
        labels=Labels(delay=Constant(delay="12h")),
        artifact=Learned(estimator=pair.estimator),
        launch=Launch(window="10d"),
        horizon="3w",
    )
    ledger = run(scenario, presets.scheduled(every="7d", window="5d"), seed=2)
    assert ledger.stopped == ""
    timeline = ledger.timeline

    def mean_loss(start: int, stop: int) -> float:
        days = slice(start * 24, stop * 24)
        return float(timeline.loss[days].sum() / timeline.count[days].sum())

    assert timeline.count[: 21 * 24].sum() == pytest.approx(21 * 24 * 100, abs=1)
    assert mean_loss(0, 10) < mean_loss(10, 14)
    assert mean_loss(16, 21) < mean_loss(10, 14)
