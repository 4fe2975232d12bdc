"""What an answer costs when the outcome is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from sim.errors import within

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class Loss(Protocol):
    """The loss of answers against true outcomes, and where its Bayes rule draws the line."""

    @property
    def cut(self) -> float:
        """The Bayes rule answers 1 where P(y = 1) exceeds this."""

    def of(self, answer: Floats, y: Floats) -> Floats:
        """Return the loss of each answer (shape n)."""


@dataclass(frozen=True, kw_only=True)
class ZeroOne:
    """1 for a wrong class, 0 for the right one."""

    @property
    def cut(self) -> float:
        """Half."""
        return 0.5

    def of(self, answer: Floats, y: Floats) -> Floats:
        """Return 1.0 where they differ."""
        wrong: Floats = (answer != y).astype(np.float64)
        return wrong


@dataclass(frozen=True, kw_only=True)
class Costs:
    """A false alarm (answer 1, truth 0) and a miss (answer 0, truth 1) cost differently."""

    false_positive: float = 1.0
    false_negative: float = 1.0

    def __post_init__(self) -> None:
        within("loss.false_positive", self.false_positive, 1e-12, 1e12)
        within("loss.false_negative", self.false_negative, 1e-12, 1e12)

    @property
    def cut(self) -> float:
        """The break-even chance."""
        return self.false_positive / (self.false_positive + self.false_negative)

    def of(self, answer: Floats, y: Floats) -> Floats:
        """Return each error's price."""
        wrong = np.where(y == 0, self.false_positive, self.false_negative)
        return np.where(answer != y, wrong, 0.0)


@dataclass(frozen=True, kw_only=True)
class Squared:
    """The squared difference."""

    @property
    def cut(self) -> float:
        """Not used: the outcome is a number."""
        return 0.5

    def of(self, answer: Floats, y: Floats) -> Floats:
        """Return the squared error."""
        gap = answer - y
        return gap * gap


@dataclass(frozen=True, kw_only=True)
class Absolute:
    """The absolute difference."""

    @property
    def cut(self) -> float:
        """Not used: the outcome is a number."""
        return 0.5

    def of(self, answer: Floats, y: Floats) -> Floats:
        """Return the absolute error."""
        return np.abs(answer - y)


@dataclass(frozen=True, kw_only=True)
class Expected:
    """For parametric artifacts: the answer is the chance to fail, and is itself the loss."""

    @property
    def cut(self) -> float:
        """Not used."""
        return 0.5

    def of(self, answer: Floats, y: Floats) -> Floats:
        """Return the chance to fail."""
        return answer


@dataclass(frozen=True, kw_only=True)
class Chance:
    """For parametric artifacts: a request fails if its luck is below the chance to fail."""

    @property
    def cut(self) -> float:
        """Not used."""
        return 0.5

    def of(self, answer: Floats, y: Floats) -> Floats:
        """Return 1.0 where the request failed."""
        return (y < answer).astype(np.float64)


@dataclass(frozen=True, kw_only=True)
class LogLoss:
    """For answers that are chances of outcome 1: the negative logarithm of what came true.

    A chance below *least* counts as *least*, so that one sure and wrong answer stays finite.
    """

    least: float = 1e-6

    def __post_init__(self) -> None:
        within("loss.least", self.least, 1e-15, 0.5)

    @property
    def cut(self) -> float:
        """Not used: the answer is a chance."""
        return 0.5

    def of(self, answer: Floats, y: Floats) -> Floats:
        """Return the loss of each answer, 0 where the chance of what came true was 1."""
        chance = np.where(y > 0.5, answer, 1.0 - answer)
        loss: Floats = np.abs(np.log(np.clip(chance, self.least, 1.0)))
        return loss
