"""Versions answer exactly as the estimators and River models that they are made of."""

from __future__ import annotations

import json
import warnings
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from river import linear_model as river_linear
from river import naive_bayes, preprocessing, tree
from sklearn.base import BaseEstimator, clone
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import (
    Lasso,
    LinearRegression,
    LogisticRegression,
    Ridge,
    RidgeClassifier,
    SGDClassifier,
    SGDRegressor,
)
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from sim import concepts
from sim.actions import Action, Promote, Retrain
from sim.artifacts import Learned, Online
from sim.clock import NEVER, Phase, moment, us
from sim.concepts import Linear
from sim.errors import Mistake
from sim.facts import Lineage, TrainingFailed
from sim.faults import Drop, UnitChange
from sim.labels import Constant, Delay, Labels, LogNormal
from sim.ledger import Ledger
from sim.losses import Squared, ZeroOne
from sim.run import run
from sim.scenario import Launch, Scenario, Service, Training
from sim.setting import source_of
from sim.stream import Stream
from sim.traffic import Traffic
from sim.view import View

Floats = NDArray[np.float64]

CLASSIFIERS = [
    LogisticRegression(),
    LogisticRegression(C=0.01, fit_intercept=False),
    SGDClassifier(),
    SGDClassifier(loss="log_loss"),
    RidgeClassifier(),
    LinearSVC(),
    DecisionTreeClassifier(max_depth=4),
    GaussianNB(),
    RandomForestClassifier(n_estimators=5, max_depth=4),
    make_pipeline(StandardScaler(), LogisticRegression()),
]
REGRESSORS = [
    LinearRegression(),
    Ridge(alpha=3.0),
    Lasso(alpha=0.01),
    SGDRegressor(),
    DecisionTreeRegressor(max_depth=4),
    KNeighborsRegressor(),
    make_pipeline(StandardScaler(), Ridge()),
]


@dataclass(frozen=True)
class Never:
    heartbeat: str = "0"

    def decide(self, view: View) -> list[Action]:
        return []


@dataclass(frozen=True)
class Once:
    """Retrains on day 5 and serves what comes of it."""

    window: Any = "3d"
    warm: bool = False
    heartbeat: str = "1d"

    def decide(self, view: View) -> list[Action]:
        if view.candidate:
            return [Promote(view.candidate)]
        if view.reason == "heartbeat" and view.now_us == us("5d"):
            return [Retrain(self.window, warm=self.warm)]
        return []


def world(artifact: Any, *, number: bool = False, **more: Any) -> Scenario:
    rule: Any = concepts.LinearRegression(columns=4) if number else Linear(columns=4)
    given: dict[str, Any] = {
        "stream": Stream(concept=rule, traffic=Traffic(rate="12/h")),
        "labels": Labels(delay=Constant(delay="1d 90m")),
        "training": Training(fixed="3h", holdout=0.0),
        "service": Service(deploy="2h"),
        "launch": Launch(window="5d"),
        "horizon": "10d",
        **more,
    }
    return Scenario(name="w", artifact=artifact, **given)


class Records:
    """All records of a scenario from the launch window on, read from the source."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        feed = source_of(scenario, seed)
        start_us, end_us = -us(scenario.launch.window), us(scenario.horizon)
        numbers = range(feed.grid.page_at(start_us), feed.grid.page_at(end_us - 1) + 1)
        pages = [feed.page(number, {}) for number in numbers]
        self.times_us = np.concatenate([page.truth.times_us for page in pages])
        keep = (self.times_us >= start_us) & (self.times_us < end_us)
        self.times_us = self.times_us[keep]
        self.x: Floats = np.concatenate([page.wire.x for page in pages])[keep]
        self.y: Floats = np.concatenate([page.truth.y for page in pages])[keep]
        self.label: Floats = np.concatenate([page.label for page in pages])[keep]
        self.due = np.concatenate([page.due for page in pages])[keep]
        self.live = self.times_us >= 0


def random_state(ledger: Ledger, version: str) -> int:
    link = next(f for f in ledger.of(Lineage) if f.stage == "training run" and f.version == version)
    return int(json.loads(link.content)["random state"])


def fitted(ledger: Ledger, version: str, estimator: Any, x: Floats, y: Floats) -> Any:
    """Fit a clone as the workshop should have done."""
    mine = clone(estimator)
    states = [name for name in mine.get_params() if name.endswith("random_state")]
    mine.set_params(**dict.fromkeys(states, random_state(ledger, version)))
    return mine.fit(x, y)


def lost(ledger: Ledger) -> Floats:
    assert not ledger.stopped
    assert ledger.outcomes is not None
    return ledger.outcomes.loss


@pytest.mark.parametrize("estimator", CLASSIFIERS, ids=lambda e: type(e).__name__)
def test_a_classifier_answers_as_its_own_predict(estimator: Any) -> None:
    scenario = world(Learned(estimator=estimator))
    ledger = run(scenario, Never(), seed=3, outcomes=True)
    seen = Records(scenario, 3)
    mine = fitted(ledger, "v0", estimator, seen.x[~seen.live], seen.y[~seen.live])
    answer = mine.predict(seen.x[seen.live])
    assert np.array_equal(lost(ledger), ZeroOne().of(answer, seen.y[seen.live]))


@pytest.mark.parametrize("estimator", REGRESSORS, ids=lambda e: type(e).__name__)
def test_a_regressor_answers_as_its_own_predict(estimator: Any) -> None:
    scenario = world(Learned(estimator=estimator), number=True)
    ledger = run(scenario, Never(), seed=3, outcomes=True)
    seen = Records(scenario, 3)
    mine = fitted(ledger, "v0", estimator, seen.x[~seen.live], seen.y[~seen.live])
    answer = mine.predict(seen.x[seen.live])
    expected = Squared().of(answer, seen.y[seen.live])
    assert lost(ledger) == pytest.approx(expected, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("warm", [False, True])
@pytest.mark.parametrize("estimator", [SGDClassifier(), GaussianNB(), LogisticRegression()])
def test_a_retraining_fits_what_had_arrived_and_serves_when_deployed(
    estimator: Any, warm: bool
) -> None:
    """A warm start goes on from the champion, where the estimator can."""
    scenario = world(Learned(estimator=estimator))
    ledger = run(scenario, Once(warm=warm), seed=4, outcomes=True)
    seen = Records(scenario, 4)
    old = fitted(ledger, "v0", estimator, seen.x[~seen.live], seen.y[~seen.live])
    now_us = us("5d")
    window = (seen.times_us >= now_us - us("3d")) & (seen.due < moment(now_us, Phase.TICK))
    if warm and hasattr(estimator, "partial_fit"):
        new = deepcopy(old).partial_fit(seen.x[window], seen.y[window])
    else:
        new = fitted(ledger, "v1", estimator, seen.x[window], seen.y[window])
    late = seen.times_us >= now_us + us("3h") + us("2h")
    answer = np.where(late, new.predict(seen.x), old.predict(seen.x))
    assert (new.predict(seen.x) != old.predict(seen.x)).any()
    assert np.array_equal(lost(ledger), ZeroOne().of(answer, seen.y)[seen.live])


def test_gaps_are_filled_with_the_means_of_the_training_data() -> None:
    """A lenient service imputes what did not arrive; a changed unit goes straight through."""
    faults = (
        Drop(at="2d", columns=("x1",), share=0.5),
        UnitChange(at="4d", columns=("x2",), factor=-30.0),
    )
    scenario = world(Learned(), faults=faults)
    ledger = run(scenario, Once(window=60), seed=4, outcomes=True)
    seen = Records(scenario, 4)
    past = seen.x[~seen.live]
    old = LogisticRegression().fit(past, seen.y[~seen.live])
    arrived = np.flatnonzero(seen.due < moment(us("5d"), Phase.TICK))[-60:]
    x = seen.x[arrived]
    assert np.isnan(x).any()
    means = np.nanmean(x, axis=0)
    new = LogisticRegression().fit(np.where(np.isnan(x), means, x), seen.y[arrived])
    answer = old.predict(np.where(np.isnan(seen.x), past.mean(axis=0), seen.x))
    late = seen.times_us >= us("5d 5h")
    answer[late] = new.predict(np.where(np.isnan(seen.x), means, seen.x))[late]
    assert np.array_equal(lost(ledger), ZeroOne().of(answer, seen.y)[seen.live])


class Majority(BaseEstimator):  # type: ignore[misc] # scikit-learn has no types
    """Knows partial_fit only."""

    def partial_fit(self, x: Floats, y: Floats, classes: Any = None) -> Majority:
        self.answer_ = float(y.mean() > 0.5)
        return self

    def predict(self, x: Floats) -> Floats:
        return np.full(len(x), self.answer_)


def test_an_estimator_may_know_partial_fit_only() -> None:
    scenario = world(Learned(estimator=Majority()))
    ledger = run(scenario, Never(), seed=3, outcomes=True)
    seen = Records(scenario, 3)
    answer = float(seen.y[~seen.live].mean() > 0.5)
    assert np.array_equal(lost(ledger), (seen.y[seen.live] != answer).astype(float))


def test_the_claim_is_the_loss_on_the_newest_records_which_were_kept_back() -> None:
    scenario = world(Learned(), training=Training(holdout=0.25))
    ledger = run(scenario, Never(), seed=3)
    seen = Records(scenario, 3)
    x, y = seen.x[~seen.live], seen.y[~seen.live]
    cut = len(y) - len(y) // 4
    claim = (LogisticRegression().fit(x[:cut], y[:cut]).predict(x[cut:]) != y[cut:]).mean()
    report = json.loads(
        next(f for f in ledger.of(Lineage) if f.stage == "evaluation report").content
    )
    assert report["loss"] == pytest.approx(claim, abs=1e-12)
    assert report["held out"] is True
    assert report["records"] == len(y) - cut


# -- determinism -----------------------------------------------------------------------------


SHAKY: list[Any] = [
    RandomForestClassifier(n_estimators=3, max_depth=3),
    SGDClassifier(),
    make_pipeline(StandardScaler(), RandomForestClassifier(n_estimators=3, max_depth=3)),
]


@pytest.mark.parametrize("estimator", SHAKY, ids=lambda e: type(e).__name__)
def test_chance_inside_an_estimator_is_the_worlds_chance(estimator: Any) -> None:
    digests = {run(world(Learned(estimator=estimator)), Once(), seed=3).digest() for _ in range(2)}
    assert len(digests) == 1


def test_a_fit_that_stops_before_it_converges_is_told_in_its_report_and_nowhere_else() -> None:
    """Warnings are errors in this suite: one that got through would stop the run."""

    def reports_of(estimator: Any) -> list[Any]:
        ledger = run(world(Learned(estimator=estimator)), Once(), seed=3)
        found = [fact for fact in ledger.of(Lineage) if fact.stage == "evaluation report"]
        return [json.loads(fact.content).get("fit") for fact in found]

    hasty, patient = reports_of(LogisticRegression(max_iter=2)), reports_of(LogisticRegression())
    assert len(hasty) == 2
    assert all("before converging" in said for said in hasty)
    assert patient == [None, None]


class Complaining(BaseEstimator):  # type: ignore[misc]
    """Warns of something else."""

    def fit(self, x: Any, y: Any) -> Complaining:
        """Warn."""
        warnings.warn("mind the gap", RuntimeWarning, stacklevel=1)
        return self

    def predict(self, x: Any) -> Any:
        """Answer 1."""
        return np.ones(len(x))


def test_other_warnings_of_a_fit_reach_the_user() -> None:
    with pytest.warns(RuntimeWarning, match="mind the gap"):
        run(world(Learned(estimator=Complaining())), Never(), seed=1)


# -- what cannot be built --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("artifact", "words"),
    [
        (Learned(estimator=object()), "artifact.estimator"),
        (Learned(estimator="LogisticRegression"), "artifact.estimator is 'LogisticRegression'"),
        (Learned(estimator=StandardScaler()), "artifact.estimator is StandardScaler()"),
        (Learned(estimator=GaussianNB(priors=[0.3, 0.3])), "GaussianNB cannot fit"),
        (Learned(estimator=LogisticRegression(C=-1.0)), "LogisticRegression cannot fit"),
        (Online(model=LogisticRegression()), "artifact.model is LogisticRegression()"),
        (Online(model=3), "artifact.model is 3"),
    ],
)
def test_what_cannot_be_built_for_the_launch_is_the_users_mistake(
    artifact: Any, words: str
) -> None:
    with pytest.raises(Mistake) as refusal:
        run(world(artifact), Never(), seed=1)
    assert words in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_class_in_place_of_an_estimator_is_the_users_mistake() -> None:
    with pytest.raises(Mistake, match="estimator"):
        run(world(Learned(estimator=LogisticRegression)), Never(), seed=1)


@pytest.mark.parametrize(("window", "why"), [(1, "class"), ("1h", "no labelled record")])
def test_what_cannot_be_built_later_is_an_observed_failure(window: Any, why: str) -> None:
    ledger = run(world(Learned()), Once(window=window), seed=1)
    (failed,) = ledger.of(TrainingFailed)
    assert why in failed.why
    assert failed.at_us == us("5d") + (us("3h"))
    assert not ledger.stopped


# -- record by record ------------------------------------------------------------------------


def standard(model: Any) -> Any:
    return preprocessing.StandardScaler() | model


def rivers_own(seen: Records, model: Any, classes: bool) -> Floats:
    """Serve and learn with River alone, in the order of the clock; return the answers."""
    names = [f"x{i}" for i in range(seen.x.shape[1])]
    rows = [
        {name: value for name, value in zip(names, row, strict=True) if value == value}
        for row in seen.x.tolist()
    ]
    model = model.clone()
    answers = np.zeros(len(rows))
    events = []
    for i, at_us in enumerate(seen.times_us.tolist()):
        if at_us < 0:
            model.learn_one(rows[i], int(seen.label[i]) if classes else float(seen.label[i]))
            continue
        events.append((moment(at_us, Phase.REQUESTS), i, False))
        if seen.due[i] != NEVER:
            events.append((int(seen.due[i]), i, True))
    for _, i, is_label in sorted(events):
        if is_label:
            model.learn_one(rows[i], int(seen.label[i]) if classes else float(seen.label[i]))
        else:
            answers[i] = model.predict_one(rows[i]) or 0.0
    return answers[seen.live]


DELAYS: dict[str, Delay] = {
    "at once": Constant(delay="0s"),
    "constant": Constant(delay="1d 90m"),
    "lognormal": LogNormal(median="12h", sigma=1.5),
}


@pytest.mark.parametrize("delay", DELAYS)
@pytest.mark.parametrize(
    "model",
    [
        standard(river_linear.LogisticRegression()),
        tree.HoeffdingTreeClassifier(grace_period=50),
        naive_bayes.GaussianNB(),
    ],
    ids=["logistic", "tree", "bayes"],
)
def test_an_online_classifier_is_rivers_own(model: Any, delay: str) -> None:
    labels = Labels(delay=DELAYS[delay], coverage=0.7, noise=0.1)
    scenario = world(Online(model=model), labels=labels)
    ledger = run(scenario, Never(), seed=6, outcomes=True)
    seen = Records(scenario, 6)
    answers = rivers_own(seen, model, classes=True)
    assert np.array_equal(lost(ledger), ZeroOne().of(answers, seen.y[seen.live]))


@pytest.mark.parametrize("delay", DELAYS)
@pytest.mark.parametrize(
    "model",
    [standard(river_linear.LinearRegression()), tree.HoeffdingTreeRegressor(grace_period=50)],
    ids=["linear", "tree"],
)
def test_an_online_regressor_is_rivers_own_to_the_last_bit(model: Any, delay: str) -> None:
    scenario = world(Online(model=model), number=True, labels=Labels(delay=DELAYS[delay]))
    ledger = run(scenario, Never(), seed=6, outcomes=True)
    seen = Records(scenario, 6)
    answers = rivers_own(seen, model, classes=False)
    assert np.array_equal(lost(ledger), Squared().of(answers, seen.y[seen.live]))


def test_an_online_model_meets_faults_as_missing_and_changed_values() -> None:
    faults = (
        Drop(at="3d", columns=("x1",), share=0.6),
        UnitChange(at="4d", columns=("x0",), factor=4.0),
    )
    scenario = world(Online(model=naive_bayes.GaussianNB()), faults=faults)
    ledger = run(scenario, Never(), seed=6, outcomes=True)
    seen = Records(scenario, 6)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        answers = rivers_own(seen, naive_bayes.GaussianNB(), classes=True)
    assert np.array_equal(lost(ledger), ZeroOne().of(answers, seen.y[seen.live]))


def test_an_online_version_learns_its_snapshot_and_then_what_arrives_while_it_serves() -> None:
    """Labels that arrive between its snapshot and its release are nobody's to tell it."""
    scenario = world(
        Online(model=naive_bayes.GaussianNB()), labels=Labels(delay=DELAYS["lognormal"])
    )
    ledger = run(scenario, Once(), seed=6, outcomes=True)
    seen = Records(scenario, 6)
    taken, serves = moment(us("5d"), Phase.TICK), moment(us("5d 5h"), Phase.JOBS)
    versions = [naive_bayes.GaussianNB(), naive_bayes.GaussianNB()]
    rows: list[Any] = [
        dict(zip(("x0", "x1", "x2", "x3"), row, strict=True)) for row in seen.x.tolist()
    ]
    in_window = (seen.times_us >= us("2d")) & (seen.due < taken)
    for version, known in zip(versions, (~seen.live, in_window), strict=True):
        for k in np.flatnonzero(known).tolist():
            version.learn_one(rows[k], int(seen.label[k]))
    asked = [(int(t) * 8 + Phase.REQUESTS, i) for i, t in enumerate(seen.times_us) if t >= 0]
    learnt = [(int(due), i) for i, due in enumerate(seen.due) if seen.live[i]]
    answers = np.zeros(len(rows))
    events = sorted([(key, i, False) for key, i in asked] + [(key, i, True) for key, i in learnt])
    for key, i, is_label in events:
        model = versions[key >= serves]
        if is_label:
            model.learn_one(rows[i], int(seen.label[i]))
        else:
            answers[i] = float(model.predict_one(rows[i]) or 0)
    assert np.array_equal(lost(ledger), ZeroOne().of(answers, seen.y)[seen.live])


def test_an_online_model_that_is_never_shown_a_label_does_not_change() -> None:
    model = standard(river_linear.LogisticRegression())
    blind = world(Online(model=model), labels=Labels(coverage=0.0))
    seen = Records(blind, 6)
    answers = rivers_own(seen, model, classes=True)
    assert np.array_equal(
        lost(run(blind, Never(), seed=6, outcomes=True)), ZeroOne().of(answers, seen.y[seen.live])
    )
    open_eyes = replace(blind, labels=Labels())
    assert not np.array_equal(
        lost(run(open_eyes, Never(), seed=6, outcomes=True)),
        lost(run(blind, Never(), seed=6, outcomes=True)),
    )


def test_the_template_given_by_the_user_is_left_as_it_was() -> None:
    model, estimator = naive_bayes.GaussianNB(), SGDClassifier()
    run(world(Online(model=model)), Once(), seed=1)
    run(world(Learned(estimator=estimator)), Once(warm=True), seed=1)
    assert not model.class_counts
    assert not hasattr(estimator, "coef_")
    assert estimator.random_state is None
