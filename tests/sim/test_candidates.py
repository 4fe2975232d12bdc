"""Which records count how much, and what choosing the best of several does to its claim."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
import pytest
from scipy import stats  # type: ignore[import-untyped]
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier

from sim.actions import Action, Balanced, Everything, Last, Retrain, Weighted
from sim.artifacts import Learned, drawn
from sim.clock import DAY_US
from sim.concepts import GaussianClasses
from sim.drift import PriorShift
from sim.errors import Mistake
from sim.facts import Built, Lineage, TrainingBegun
from sim.labels import Constant, Labels
from sim.ledger import Ledger
from sim.run import run
from sim.scenario import Launch, Scenario, Training
from sim.stream import Stream
from sim.traffic import Segments, Traffic
from sim.view import View


@dataclass(frozen=True, kw_only=True)
class Once:
    """Asks for one training on day 20."""

    asked: Retrain
    heartbeat: str = "20d"

    def decide(self, view: View) -> Iterator[Action]:
        if view.reason == "heartbeat":
            yield self.asked


def trained(asked: Retrain, *, seed: int = 1, estimator: Any = None, **more: Any) -> Ledger:
    stream: dict[str, Any] = {
        "concept": GaussianClasses(columns=2, distance=2.0, prior=0.2),
        "traffic": Traffic(rate=more.pop("rate", "100/h")),
    }
    for name in ("drifts", "segments"):
        if name in more:
            stream[name] = more.pop(name)
    scenario = Scenario(
        name="trained",
        stream=Stream(**stream),
        labels=Labels(delay=Constant(delay="0s")),
        artifact=Learned(estimator=estimator),
        training=Training(fixed="1h", cost=10.0, **more),
        launch=Launch(window="5d"),
        horizon="4w",
    )
    ledger = run(scenario, Once(asked=asked), seed=seed)
    assert ledger.stopped == ""
    return ledger


def report(ledger: Ledger, stage: str = "evaluation report") -> dict[str, Any]:
    links = [x for x in ledger.of(Lineage) if (x.stage, x.version) == (stage, "v1")]
    found: dict[str, Any] = json.loads(links[-1].content)
    return found


def share_of_ones(window: Any, **more: Any) -> float:
    """Return the share of class 1 that an estimator of shares alone has learned."""
    moved = PriorShift(at="12d", to=0.8)
    ledger = trained(Retrain(window), estimator=DummyRegressor(), drifts=(moved,), **more)
    return float(report(ledger)["calibration"]["mean answer"])


# -- weights -------------------------------------------------------------------------------------


@pytest.mark.parametrize("half_life", ["2d", "5d", "40d"])
def test_a_record_that_is_a_half_life_older_counts_half_as_much(half_life: str) -> None:
    """Of the weight of the fitted days 4 to 16.8, so much lies on those from day 12 on."""
    hours = float(half_life[:-1])
    oldest, moved, newest = (2 ** (-age / hours) for age in (16.0, 8.0, 3.2))
    after = (newest - moved) / (newest - oldest)
    found = share_of_ones(Weighted(of="16d", half_life=half_life))
    few = 100 * 24 * min(12.8, hours)  # so many records carry most of the weight
    assert found == pytest.approx(0.2 + 0.6 * after, abs=4.5 * 0.5 / sqrt(few))


def test_without_weights_all_count_alike() -> None:
    found = share_of_ones("16d")
    assert found == pytest.approx(0.2 + 0.6 * 4.8 / 12.8, abs=4.5 * 0.5 / sqrt(30_000))


def test_balanced_classes_count_alike_and_the_report_is_about_what_comes() -> None:
    ledger = trained(Retrain(Balanced(of="10d")), estimator=DummyRegressor(), holdout=0.2)
    measured = report(ledger)["calibration"]
    assert measured["mean answer"] == pytest.approx(0.5, abs=0.02)
    assert measured["mean label"] == pytest.approx(0.2, abs=4.5 * 0.4 / sqrt(4_800))


def test_balanced_segments_count_alike() -> None:
    """One segment in ten has another share of ones: balanced, it counts half."""
    segments = Segments(names=("many", "few"), shares=(0.9, 0.1))
    moved = PriorShift(at="1d", to=0.8, segment="few")
    plain, balanced = (
        report(
            trained(Retrain(window), estimator=DummyRegressor(), segments=segments, drifts=(moved,))
        )["calibration"]["mean answer"]
        for window in ("15d", Balanced(of="15d", by="segment"))
    )
    assert plain == pytest.approx(0.26, abs=0.02)
    assert balanced == pytest.approx(0.5, abs=0.03)


def test_both_wishes_go_together_and_the_lineage_says_so() -> None:
    window = Weighted(of=Balanced(of=Last(records=5_000)), half_life="3d")
    ledger = trained(Retrain(window))
    said = "the last 5,000 labels, each class counting alike, half the weight every 3d"
    assert report(ledger, "dataset snapshot")["weights"] == said
    assert report(ledger, "dataset snapshot")["records"] == 5_000


def test_an_estimator_that_knows_no_weights_gets_records_as_often_as_they_count() -> None:
    """Nearest neighbours answer 1 more often where the rare class counts as much as the other."""
    neighbours = KNeighborsClassifier(n_neighbors=15)
    plain, balanced = (
        report(trained(Retrain(window), estimator=neighbours, rate="20/h"))["calibration"]
        for window in ("10d", Balanced(of="10d"))
    )
    assert balanced["mean answer"] > plain["mean answer"] + 0.1


def test_records_are_drawn_as_often_as_they_weigh() -> None:
    weight = np.random.default_rng(5).random(2_000) * 3
    counts = np.bincount(drawn(weight, 7), minlength=2_000)
    assert counts.sum() == 2_000
    assert np.abs(counts - weight / weight.mean()).max() < 1


@pytest.mark.parametrize(
    "make",
    [
        lambda: Weighted(half_life="0d"),
        lambda: Weighted(of="soon"),
        lambda: Balanced(by="column"),
        lambda: Balanced(of=2.5),  # type: ignore[arg-type]
    ],
)
def test_windows_that_make_no_sense_are_refused(make: Any) -> None:
    with pytest.raises(Mistake):
        make()


# -- the best of several -------------------------------------------------------------------------


def claims(candidates: int, seeds: int, tested: int) -> list[float]:
    """Return claims of the best of so many that guess, each right with chance one half.

    Half the outcomes are 1, and the guesses of a candidate hang on its random state alone.
    """
    found = []
    for seed in range(seeds):
        records = Last(records=5 * tested)
        asked = Retrain(records, candidates=candidates)
        guesses = DummyClassifier(strategy="uniform")
        ledger = trained(asked, seed=seed, estimator=guesses, rate="60/h")
        found.append(ledger.of(Built)[1].claim)
    return found


@pytest.mark.parametrize("candidates", [1, 4, 16])
def test_the_claim_of_the_best_of_k_is_too_good_by_what_order_statistics_say(
    candidates: int,
) -> None:
    """The least of k binomial counts, by its exact distribution; fresh records lose one half."""
    tested, seeds = 200, 40
    wrong = np.arange(tested + 1)
    above = stats.binom.sf(wrong, tested, 0.5)  # P(count > m)
    least = np.concatenate([[1.0], above**candidates])[: tested + 1]  # P(least ≥ m)
    mean = float(least[1:].sum()) / tested
    second = float((2 * wrong[1:] - 1) @ least[1:]) / tested**2
    found = claims(candidates, seeds, tested)
    assert np.mean(found) == pytest.approx(mean, abs=4.5 * sqrt((second - mean**2) / seeds))
    if candidates > 1:
        assert 0.5 - mean > 0.03  # the inflation that is spoken of


def test_candidates_of_one_estimator_differ_in_how_much_they_are_held_back() -> None:
    run_of = report(trained(Retrain("5d", candidates=5)), "training run")
    losses = [float(loss) for loss in run_of["losses of the candidates"].split(", ")]
    assert len(losses) == 5
    assert len(set(losses)) > 1
    claim = report(trained(Retrain("5d", candidates=5)))["loss"]
    assert claim == pytest.approx(min(losses), rel=1e-5)
    first = Learned(estimator=LogisticRegression(C=2.0))
    tried = [first.variant(state).estimator.C for state in range(200)]
    assert 0.02 <= min(tried) < 0.05
    assert 80 < max(tried) <= 200


def test_each_candidate_takes_a_training_and_costs_one() -> None:
    ledger = trained(Retrain(Everything(), candidates=3))
    job, built = ledger.of(TrainingBegun)[0], ledger.of(Built)[1]
    assert job.ends_us - job.at_us == 3 * DAY_US // 24
    assert built.cost == 30.0


def test_the_first_candidate_is_the_plain_training() -> None:
    alone, first = (trained(Retrain("5d", candidates=n)).of(Built)[1].claim for n in (1, 2))
    assert first <= alone
