"""What is built, served and goes stale: learned models, online models, parametric things."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

from sim.errors import Mistake, within

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.losses import Loss
    from sim.source import Page

    Floats = NDArray[np.float64]


class Answers(NamedTuple):
    """Raw scores and answers of one version for a page (shape n); no answer where not finite."""

    score: Floats
    answer: Floats


@dataclass(frozen=True)
class Examples:
    """Labelled records as the team has observed them (n, d), NaN where a value did not arrive."""

    names: tuple[str, ...]
    x: Floats
    y: Floats
    classes: int
    built_us: int
    place: float
    """where a world without features is at the time of building"""


class Model(Protocol):
    """The working part of a version."""

    def answers(self, page: Page) -> Answers:
        """Answer every record of *page*."""

    def loss_on(self, examples: Examples, loss: Loss) -> tuple[float, float]:
        """Return the mean loss and the mean answer on examples, for the evaluation report."""


class Artifact(Protocol):
    """A recipe that turns examples into a model."""

    def build(self, examples: Examples, *, random_state: int, warm: Model | None) -> Model:
        """Build a model; raise `CannotBuild` if these examples don't allow it."""


class CannotBuild(Exception):
    """A training that failed for a reason that the team sees."""


@dataclass(frozen=True, kw_only=True)
class Learned:
    """Any scikit-learn *estimator* with fit or partial_fit, and predict.

    Values that did not arrive are filled with the mean of the training data.
    """

    estimator: Any = None

    def build(self, examples: Examples, *, random_state: int, warm: Model | None) -> Model:
        """Fit a clone of the estimator; a warm start goes on with partial_fit."""
        from sklearn.base import clone

        if len(examples.y) == 0:
            raise CannotBuild("no labelled record in the window")
        means, x = _filled(examples.x)
        goes_on = isinstance(warm, Fitted) and hasattr(warm.estimator, "partial_fit")
        if isinstance(warm, Fitted) and goes_on:
            estimator = deepcopy(warm.estimator)
        else:
            estimator = clone(self._template())
            chances = [name for name in estimator.get_params() if name.endswith("random_state")]
            if chances:
                estimator.set_params(**dict.fromkeys(chances, random_state))
        try:
            _fit(estimator, x, examples, warm=goes_on)
        except (ValueError, TypeError, ArithmeticError) as error:
            first = str(error).strip().split("\n")[0]
            raise CannotBuild(f"{type(estimator).__name__} cannot fit: {first}") from error
        return Fitted(estimator, means, examples.classes)

    def _template(self) -> Any:
        if self.estimator is None:
            from sklearn.linear_model import LogisticRegression

            return LogisticRegression()
        for method in ("predict", "get_params"):
            if isinstance(self.estimator, type) or not hasattr(self.estimator, method):
                raise Mistake(
                    f"artifact.estimator is {self.estimator!r}: give an instance with {method}(), "
                    "a scikit-learn estimator; a River model goes into Online(model=…)"
                )
        return self.estimator


def _fit(estimator: Any, x: Floats, examples: Examples, *, warm: bool) -> None:
    if not warm and hasattr(estimator, "fit"):
        estimator.fit(x, examples.y)
    elif examples.classes and not hasattr(estimator, "classes_"):
        estimator.partial_fit(x, examples.y, classes=np.arange(float(examples.classes)))
    else:
        estimator.partial_fit(x, examples.y)


def _filled(x: Floats) -> tuple[Floats, Floats]:
    """Return the columns' means and *x* with its gaps filled by them."""
    gaps = np.isnan(x)
    if not gaps.any():
        return x.mean(axis=0), x
    counts = (~gaps).sum(axis=0)
    means = np.where(gaps, 0.0, x).sum(axis=0) / np.maximum(counts, 1)
    return means, np.where(gaps, means, x)


class Fitted:
    """A fitted scikit-learn estimator; linear ones are evaluated as what they are."""

    def __init__(self, estimator: Any, means: Floats, classes: int) -> None:
        self.estimator = estimator
        self._means = means
        self._classes = classes
        self._line = _line(estimator, classes)

    def answers(self, page: Page) -> Answers:
        """Answer from what arrived over the wire."""
        x = page.wire.x
        if page.wire.state is not None:
            x = np.where(page.wire.state > 0, self._means, x)
        return self.of(x)

    def loss_on(self, examples: Examples, loss: Loss) -> tuple[float, float]:
        """Return the mean loss and the mean answer on examples, gaps filled."""
        x = np.where(np.isnan(examples.x), self._means, examples.x)
        answer = self.of(x).answer
        return float(loss.of(answer, examples.y).mean()), float(answer.mean())

    def of(self, x: Floats) -> Answers:
        """Answer features without gaps (n, d)."""
        if not len(x):
            return Answers(np.zeros(0), np.zeros(0))
        if self._line is not None:
            weights, constant, values = self._line
            score = x @ weights
            score += constant
            if values is None:
                return Answers(score, score)
            return Answers(score, np.where(score > 0, values[1], values[0]))
        try:
            answer = np.asarray(self.estimator.predict(x), dtype=np.float64)
            chances = None
            if self._classes and hasattr(self.estimator, "predict_proba"):
                chances = self.estimator.predict_proba(x)
        except Exception:  # a version that breaks down answers nobody: that is an error outcome
            answer, chances = np.full(len(x), np.nan), None
        if chances is not None:
            score = chances[:, -1] if chances.shape[1] <= 2 else chances.max(axis=1)
            return Answers(np.ascontiguousarray(score, dtype=np.float64), answer)
        return Answers(answer, answer)


_Line = tuple["Floats", float, "Floats | None"]


def _line(estimator: Any, classes: int) -> _Line | None:
    """Return weights, constant and class values if the estimator is a plain line."""
    from sklearn.linear_model import (
        ElasticNet,
        Lasso,
        LinearRegression,
        LogisticRegression,
        Ridge,
        RidgeClassifier,
        SGDClassifier,
        SGDRegressor,
    )

    kinds: tuple[type, ...] = (LogisticRegression, SGDClassifier, RidgeClassifier)
    if classes == 0:
        kinds = (LinearRegression, Ridge, Lasso, ElasticNet, SGDRegressor)
    if type(estimator) not in kinds:
        return None
    weights = np.asarray(estimator.coef_, dtype=np.float64)
    if weights.ndim == 2 and len(weights) != 1:
        return None
    constant = float(np.asarray(estimator.intercept_).reshape(-1)[0])
    values = None if classes == 0 else np.asarray(estimator.classes_, dtype=np.float64)
    return np.ascontiguousarray(weights.reshape(-1)), constant, values


@dataclass(frozen=True, kw_only=True)
class Online:
    """Any River *model* (classifier or regressor): it learns every label as it arrives."""

    model: Any

    def build(self, examples: Examples, *, random_state: int, warm: Model | None) -> Model:
        """Learn the examples one by one, from scratch."""
        for method in ("learn_one", "predict_one", "clone"):
            if not hasattr(self.model, method):
                raise Mistake(
                    f"artifact.model is {self.model!r}: it has no {method}(); give a River model"
                )
        del random_state  # a River model carries its seed among its parameters
        if isinstance(warm, Learner):
            learner = Learner(deepcopy(warm.model), examples.names, examples.classes)
        else:
            learner = Learner(self.model.clone(), examples.names, examples.classes)
        for row, y in zip(examples.x.tolist(), examples.y.tolist(), strict=True):
            learner.learn(row, y)
        return learner


class Learner:
    """A River model at work, record by record."""

    def __init__(self, model: Any, names: tuple[str, ...], classes: int) -> None:
        self.model = model
        self._names = names
        self._classes = classes

    def predict(self, row: list[float]) -> float:
        """Answer one record; before anything was learned the answer is 0."""
        answer = self.model.predict_one(self._named(row))
        return 0.0 if answer is None else float(answer)

    def learn(self, row: list[float], y: float) -> None:
        """Learn one label."""
        self.model.learn_one(self._named(row), int(y) if self._classes else y)

    def _named(self, row: list[float]) -> dict[str, float]:
        named = dict(zip(self._names, row, strict=True))
        if any(value != value for value in row):  # what did not arrive is not there
            named = {name: value for name, value in named.items() if value == value}
        return named

    def answers(self, page: Page) -> Answers:
        """Answer every record of *page* as the model is now, learning nothing."""
        answer = np.array([self.predict(row) for row in page.wire.x.tolist()], dtype=np.float64)
        return Answers(answer, answer)

    def loss_on(self, examples: Examples, loss: Loss) -> tuple[float, float]:
        """Return the mean loss and the mean answer on examples, learning nothing."""
        answer = np.array([self.predict(row) for row in examples.x.tolist()], dtype=np.float64)
        return float(loss.of(answer, examples.y).mean()), float(answer.mean())


@dataclass(frozen=True, kw_only=True)
class Parametric:
    """Something whose chance to fail grows with how far the world has moved since it was built.

    *base* is the chance when fresh, *slope* what one unit of distance adds; never above *worst*.
    """

    base: float = 0.0
    slope: float = 1.0
    worst: float = field(default=float("inf"))

    def __post_init__(self) -> None:
        within("parametric.base", self.base, 0, 1)
        within("parametric.slope", self.slope, 0, 1e9)

    def build(self, examples: Examples, *, random_state: int, warm: Model | None) -> Model:
        """Build it for the world as it is."""
        del random_state, warm
        return Placed(self, examples.place)


@dataclass(frozen=True)
class Placed:
    """A parametric artifact that was built at *place*."""

    recipe: Parametric
    place: float

    def answers(self, page: Page) -> Answers:
        """Answer each request with its chance to fail."""
        distance = np.abs(page.truth.x[:, 0] - self.place)
        chance = np.minimum(self.recipe.base + self.recipe.slope * distance, self.recipe.worst)
        return Answers(chance, chance)

    def loss_on(self, examples: Examples, loss: Loss) -> tuple[float, float]:
        """Return the chance to fail when fresh, twice: it is loss and answer."""
        return self.recipe.base, self.recipe.base
