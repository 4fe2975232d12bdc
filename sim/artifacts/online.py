"""A River model as an artifact: it learns every label as it arrives."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.artifacts.artifact import Answers
from sim.errors import Mistake
from sim.evaluation import Graded

if TYPE_CHECKING:
    from sim.artifacts.artifact import Examples, Model
    from sim.losses import Loss
    from sim.source import Page


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
        loss_of, answer, _ = self.graded(examples, loss)
        return float(loss_of.mean()), float(answer.mean())

    def graded(self, examples: Examples, loss: Loss) -> Graded:
        """Grade every example, learning nothing."""
        answer = np.array([self.predict(row) for row in examples.x.tolist()], dtype=np.float64)
        return Graded(loss.of(answer, examples.y), answer)
