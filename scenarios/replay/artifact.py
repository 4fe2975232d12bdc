"""What answers in a replay: an estimator over a team's own columns, or scores that were logged."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.artifacts import Answers, CannotBuild
from sim.evaluation import Graded
from sim.scoring import counted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.artifacts import Examples, Model
    from sim.losses import Loss
    from sim.source import Page

    Floats = NDArray[np.float64]


IN_FILES = False
"""What is made of a user's columns has no place in a scenario file."""


class Held:
    """Something of the user's that is used as it is; its repr is the *digest* of its source."""

    def __init__(self, value: Any, digest: str) -> None:
        self.value, self.digest = value, digest

    def __repr__(self) -> str:
        return f"Held({self.digest!r})"


@dataclass(frozen=True, kw_only=True)
class Columns:
    """The features' *names*, and for each the values that its codes stand for (numbers: none)."""

    names: tuple[str, ...]
    categories: Held

    def frame(self, x: Floats) -> Any:
        """Return features (n, d) as a table of what the cells held."""
        import pandas as pd

        columns: dict[str, Any] = {}
        for place, name in enumerate(self.names):
            values = self.categories.value[place]
            columns[name] = x[:, place] if values is None else _words(x[:, place], values)
        return pd.DataFrame(columns)


def _words(codes: Floats, values: NDArray[Any]) -> Any:
    """Return the texts that codes stand for: None for no value, 'unknown' beyond all."""
    known = np.isfinite(codes)
    places = np.where(known, codes, len(values)).astype(np.int64)
    table = np.append(values, [None, "unknown"])
    return table[np.where(known & (places >= len(values)), len(values) + 1, places)]


@dataclass(frozen=True, kw_only=True)
class Answering:
    """How scores become answers: the *chance* itself, or class 1 where it exceeds *cut*."""

    classes: int
    chance: bool = False
    cut: float = 0.5
    signals: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Estimated:
    """An *estimator* in scikit-learn's manner, given the first *width* features.

    With *columns* it gets a pandas table of names and values, else numbers and codes. *ready* is
    a model that was fitted before: it serves from the launch on, and is trained anew after that.
    """

    estimator: Any
    how: Answering
    width: int
    columns: Columns | None = None
    ready: Held | None = None
    positive: str = "1"

    @property
    def signals(self) -> tuple[str, ...]:
        """What is counted of each answer."""
        return self.how.signals

    def build(self, examples: Examples, *, random_state: int, warm: Model | None) -> Model:
        """Fit a clone; the launch takes what is ready."""
        if self.ready is not None and examples.built_us <= 0:
            return Working(self, self.ready.value)
        from sklearn.base import clone

        if not len(examples.y):
            raise CannotBuild("no labelled record in the window")
        if self.how.classes and len(np.unique(examples.y)) < 2:
            raise CannotBuild("one class only in the window")
        try:
            made = clone(self.estimator)
            states = [n for n in made.get_params() if n.endswith("random_state")]
            if states:
                made.set_params(**dict.fromkeys(states, random_state))
            made.fit(self.given(examples.x), examples.y)
        except Exception as error:
            first = str(error).strip().split("\n")[0]
            raise CannotBuild(f"{type(self.estimator).__name__} cannot fit: {first}") from error
        return Working(self, made)

    def given(self, x: Floats) -> Any:
        """Return features as the estimator wants them."""
        x = x[:, : self.width]
        return x if self.columns is None else self.columns.frame(x)


@dataclass(frozen=True)
class Working:
    """A fitted estimator at work."""

    recipe: Estimated
    fitted: Any

    def answers(self, page: Page) -> Answers:
        """Answer from what arrived over the wire; a version that breaks down answers nobody."""
        try:
            score = self._score(page.wire.x)
        except Exception:
            nothing = np.full(len(page), np.nan)
            return Answers(nothing, nothing)
        return answered(self.recipe.how, score, page)

    def loss_on(self, examples: Examples, loss: Loss) -> tuple[float, float]:
        """Return the mean loss and the mean answer on examples."""
        loss_of, answer, _ = self.graded(examples, loss)
        return float(loss_of.mean()), float(answer.mean())

    def graded(self, examples: Examples, loss: Loss) -> Graded:
        """Grade every example."""
        score = self._score(examples.x)
        answer = decided(self.recipe.how, score)
        return Graded(loss.of(answer, examples.y), answer, self.chance(score))

    def chance(self, score: Floats) -> Floats | None:
        """Return the chance of class 1 that a score stands for, None if it stands for none."""
        return score if self.recipe.how.classes == 2 else None

    def _score(self, x: Floats) -> Floats:
        """Return the chance of class 1, or what the estimator predicts."""
        if not len(x):
            return np.zeros(0)
        given = self.recipe.given(x)
        if self.recipe.how.classes == 2 and hasattr(self.fitted, "predict_proba"):
            chances = np.asarray(self.fitted.predict_proba(given), dtype=np.float64)
            return np.ascontiguousarray(chances[:, self._positive])
        return _as_numbers(self.fitted.predict(given), self.recipe.positive)

    @cached_property
    def _positive(self) -> int:
        """Where the positive class stands among those that the estimator knows."""
        known = [str(value) for value in getattr(self.fitted, "classes_", (0, 1))]
        for name in (self.recipe.positive, "1", "1.0", "True"):
            if name in known:
                return known.index(name)
        return len(known) - 1


def _as_numbers(values: Any, positive: str) -> Floats:
    """Return predictions as numbers; a model of the user's may answer in the label's words."""
    array = np.asarray(values)
    if array.dtype.kind in "OUS":
        array = array.astype(str) == positive
    numbers: Floats = array.astype(np.float64).reshape(-1)
    return numbers


@dataclass(frozen=True, kw_only=True)
class LoggedScores:
    """Answers that were logged, in feature number *place*: nothing can be trained."""

    place: int
    how: Answering

    @property
    def signals(self) -> tuple[str, ...]:
        """What is counted of each answer."""
        return self.how.signals

    def build(self, examples: Examples, *, random_state: int, warm: Model | None) -> Model:
        """Return what repeats the log; after the launch there is nothing to build."""
        if examples.built_us > 0:
            raise CannotBuild("only logged scores are known: give --model to train")
        return Repeated(self)


@dataclass(frozen=True)
class Repeated:
    """A log at work."""

    recipe: LoggedScores

    def answers(self, page: Page) -> Answers:
        """Repeat what was answered then."""
        return answered(self.recipe.how, page.wire.x[:, self.recipe.place], page)

    def loss_on(self, examples: Examples, loss: Loss) -> tuple[float, float]:
        """Return the mean loss and the mean answer where something was logged."""
        score = examples.x[:, self.recipe.place]
        known = np.isfinite(score)
        answer = decided(self.recipe.how, score[known])
        if not len(answer):
            raise CannotBuild("no score was logged before the launch")
        return float(loss.of(answer, examples.y[known]).mean()), float(answer.mean())

    def graded(self, examples: Examples, loss: Loss) -> Graded:
        """Grade every example; nothing where nothing was logged."""
        answer = decided(self.recipe.how, examples.x[:, self.recipe.place])
        lost = np.where(np.isnan(answer), np.nan, loss.of(answer, examples.y))
        return Graded(lost, answer)


def decided(how: Answering, score: Floats) -> Floats:
    """Return the answer that a score leads to."""
    if how.chance or how.classes != 2:
        return score
    return np.where(np.isnan(score), np.nan, (score > how.cut).astype(np.float64))


def answered(how: Answering, score: Floats, page: Page) -> Answers:
    """Return scores as answers, with what is counted of them."""
    answer = decided(how, score)
    return Answers(score, answer, counted(how.signals, score, answer, page.truth.y))
