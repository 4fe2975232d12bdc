"""A fitted scikit-learn estimator at work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.artifacts.artifact import Answers
from sim.evaluation import Graded

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.artifacts.artifact import Examples
    from sim.losses import Loss
    from sim.source import Page

    Floats = NDArray[np.float64]


class Fitted:
    """A fitted scikit-learn estimator; linear ones are evaluated as what they are.

    *unfinished* is whether the fit stopped before it converged.
    """

    def __init__(
        self, estimator: Any, means: Floats, classes: int, *, unfinished: bool = False
    ) -> None:
        self.unfinished = unfinished
        self.estimator = estimator
        self.classes = classes
        self._means = means
        self._line = _line(estimator, classes)

    @property
    def is_line(self) -> bool:
        """Whether it is evaluated as a plain line: its score is then no chance."""
        return self._line is not None

    @property
    def gives_chances(self) -> bool:
        """Whether its scores stand for chances of class 1."""
        return self.classes == 2 and hasattr(self.estimator, "predict_proba")

    @property
    def values(self) -> tuple[float, float]:
        """The answers of two classes, the lower first."""
        known = [float(value) for value in self.estimator.classes_]
        return known[0], known[-1]

    @property
    def adjusts(self) -> tuple[str, ...]:
        """Which of its knobs can be turned without training: see `Adjusted`."""
        if self.classes == 0:
            return ("calibration",)
        scored = self.is_line or hasattr(self.estimator, "predict_proba")
        two = len(getattr(self.estimator, "classes_", ())) == 2
        return ("threshold", "calibration") if self.classes == 2 and two and scored else ()

    def answers(self, page: Page) -> Answers:
        """Answer from what arrived over the wire."""
        x = page.wire.x
        if page.wire.state is not None:
            x = np.where(page.wire.state > 0, self._means, x)
        return self.of(x)

    def loss_on(self, examples: Examples, loss: Loss) -> tuple[float, float]:
        """Return the mean loss and the mean answer on examples, gaps filled."""
        answer = self.answered(examples).answer
        return float(loss.of(answer, examples.y).mean()), float(answer.mean())

    def graded(self, examples: Examples, loss: Loss) -> Graded:
        """Grade every example, gaps filled."""
        given = self.answered(examples)
        return Graded(loss.of(given.answer, examples.y), given.answer, self.chance(given.score))

    def chance(self, score: Floats) -> Floats | None:
        """Return the chance of class 1 that a score stands for, None if it stands for none."""
        if not self.gives_chances:
            return None
        if self._line is None:
            return score
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(score, -700.0, 700.0))))

    def answered(self, examples: Examples) -> Answers:
        """Answer examples, gaps filled."""
        if self._line is not None and examples.x.flags.c_contiguous:
            given = self.of(examples.x)
            if np.isfinite(given.score).all():  # a gap anywhere in a row shows in its score
                return given
        return self.of(np.where(np.isnan(examples.x), self._means, examples.x))

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
            if self.classes and hasattr(self.estimator, "predict_proba"):
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
