"""What all rules of a world share: what they draw, and from which state of the stream."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple, Protocol, Union

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.chance import Luck
    from sim.concepts.judgements import Judgements
    from sim.schema import Schema

    Floats = NDArray[np.float64]

Progress = Union[float, "NDArray[np.float64]"]
"""How far a change has gone for each record: 0 before, 1 after; one number if all agree."""


MOST_COLUMNS = 10_000
"""A page of as many is a third of a gigabyte; more is a slip of the pen."""

Target = float | tuple[float, ...]
"""The share of class 1, or of each class."""


class Mix(NamedTuple):
    """A new mix of the categories of one column: the *shares* of its codes, with progress."""

    column: int
    shares: tuple[float, ...]
    progress: Progress
    coins: np.random.Generator


class Drawn(NamedTuple):
    """Features (n, d), true outcomes (n) and the Bayes-optimal answers (n) of one page.

    *judgements* are what else is true where the records are questions.
    """

    x: Floats
    y: Floats
    best: Floats
    judgements: Judgements | None = None


@dataclass
class Moment:
    """The state of a stream over one page: which rules hold, how far, and with what noise."""

    page: int
    times_us: NDArray[np.int64]
    rules: Sequence[tuple[Concept, Progress]]
    """the rule at first (its progress is not read), then each that takes over, with progress"""
    shifts: Sequence[tuple[Floats, Floats, Progress]]
    """covariate changes: per-column shift and scale, with progress"""
    priors: Sequence[tuple[Target, Progress]]
    extra_noise: Progress
    cut: float
    """the Bayes rule answers 1 where P(y = 1) exceeds this"""
    mixes: Sequence[Mix] = ()
    tactics: tuple[Floats, Floats] | None = None
    """ways in which class 1 may look: their weights (k) and how they move features (k, d)"""
    stages: Sequence[tuple[str, float, Progress]] = ()
    """how far the world moves away from a stage of a pipeline, with progress"""

    @property
    def still(self) -> bool:
        """Whether one rule holds, and nothing changes what it draws."""
        changes = self.shifts or self.priors or self.mixes
        quiet = isinstance(self.extra_noise, float) and self.extra_noise == 0.0
        return len(self.rules) == 1 and not changes and quiet

    def blend(self, values: Sequence[Progress]) -> Progress:
        """Return the weighted mean of one value per rule."""
        result = values[0]
        for value, (_, progress) in zip(values[1:], self.rules[1:], strict=True):
            if isinstance(progress, float) and progress in (0.0, 1.0):
                result = value if progress else result
            else:
                result = result * (1.0 - progress) + value * progress
        return result

    def move(self, x: Floats, rows: NDArray[np.intp] | slice = slice(None)) -> None:
        """Apply the covariate changes to *x* in place."""
        for shift, scale, progress in self.shifts:
            if isinstance(progress, float):
                if progress:
                    x *= 1.0 + progress * (scale - 1.0)
                    x += progress * shift
            else:
                part = progress[rows][:, None]
                x *= 1.0 + part * (scale - 1.0)
                x += part * shift
        for column, shares, progress, coins in self.mixes:
            here = progress if isinstance(progress, float) else progress[rows]
            takes = coins.random(len(x)) < here
            codes = np.searchsorted(np.cumsum(shares)[:-1], coins.random(len(x)), side="right")
            x[takes, column] = codes[takes]


class Concept(Protocol):
    """A rule of the world."""

    def __hash__(self) -> int:
        """Rules are frozen data."""

    @property
    def schema(self) -> Schema:
        """The columns that it draws."""

    @property
    def classes(self) -> int:
        """How many classes the outcome has; 0 if it is a number."""

    def draw(self, luck: Luck, now: Moment) -> Drawn:
        """Draw one page."""

    def best(self, x: Floats) -> Floats:
        """Return the best answers to features (n, d) under this rule alone."""


@lru_cache(maxsize=256)
def direction(rule: str, size: int, angle: float = 0.0) -> Floats:
    """Return the unit vector (shape d) that the name *rule* stands for, turned by *angle*."""
    seed = int.from_bytes(blake2b(f"rule {rule}".encode(), digest_size=8).digest(), "little")
    vector = np.random.Generator(np.random.SFC64(seed)).standard_normal(size)
    vector /= np.sqrt((vector * vector).sum())
    if angle:
        second = direction(rule + " turned", size)
        second = second - (second @ vector) * vector
        second /= np.sqrt((second * second).sum())
        turn = np.deg2rad(angle)
        vector = np.cos(turn) * vector + np.sin(turn) * second
    vector.flags.writeable = False
    return vector


def tactic(luck: Luck, page: int, weights: Floats, count: int) -> NDArray[np.int64]:
    """Return which way of looking each record of *page* would choose (shape n)."""
    coins = luck.random("tactic", count, page)
    return np.asarray(np.cumsum(weights)[:-1].searchsorted(coins, side="right"), dtype=np.int64)


def uniforms(luck: Luck, now: Moment) -> Floats:
    """Return the luck of each record's outcome (shape n)."""
    return luck.random("outcome", len(now.times_us), now.page)
