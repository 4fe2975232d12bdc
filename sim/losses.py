"""What an answer costs when the outcome is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from sim.errors import within

if TYPE_CHECKING:
    from collections.abc import Sequence

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


class Regimes:
    """Which loss is in force when: *first*, and each of *changes* from its moment on."""

    def __init__(self, first: Loss, changes: Sequence[tuple[int, Loss]] = ()) -> None:
        self._losses = [first, *(loss for _, loss in changes)]
        self._from_us = np.array([at_us for at_us, _ in changes], dtype=np.int64)

    def at(self, time_us: int) -> Loss:
        """Return the loss in force at *time_us*."""
        return self._losses[int(self._from_us.searchsorted(time_us, side="right"))]

    def spans(self, times_us: NDArray[np.int64]) -> list[tuple[slice, Loss]]:
        """Return which of *times_us* (in order) fall under which loss."""
        if len(self._losses) == 1 or not len(times_us):
            return [(slice(None), self._losses[0])]
        bounds = [0, *times_us.searchsorted(self._from_us).tolist(), len(times_us)]
        spans = zip(bounds, bounds[1:], self._losses, strict=False)
        return [(slice(start, stop), loss) for start, stop, loss in spans if start < stop]

    def of(self, answer: Floats, y: Floats, times_us: NDArray[np.int64]) -> Floats:
        """Return the loss of each answer that was given at *times_us* (shape n, in any order)."""
        if len(self._losses) == 1:
            return self._losses[0].of(answer, y)
        which = self._from_us.searchsorted(times_us, side="right")
        every = np.stack([loss.of(answer, y) for loss in self._losses])
        return np.asarray(every[which, np.arange(len(which))])
