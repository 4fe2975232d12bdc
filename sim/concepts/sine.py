"""Sine curves between two classes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.concepts.compiled import sine
from sim.concepts.concept import MOST_COLUMNS
from sim.concepts.two_classes import TwoClasses
from sim.errors import whole, within
from sim.schema import Schema, numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.chance import Luck

    Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Sine(TwoClasses):
    """Uniform x0, x1 on [0, 1]; *function* says on which side of which curve class 1 lies.

    0: x0 < sin x1; 1: the other side; 2: x0 < 0.5 + 0.3 sin 3π x1; 3: its other side: the
    functions of River's `synth.Sine`. *irrelevant* more columns (River: none or 2) say nothing.
    An incremental drift between two sides turns over at its middle. A tie, which has
    probability 0, is always class 0; in River functions 1 and 3 make it class 1.
    Gama, Medas, Castillo and Rodrigues, 'Learning with drift detection', SBIA 2004.

    >>> Sine(function=2).best(np.array([[0.1, 0.5], [0.3, 0.5]]))
    array([1., 0.])
    """

    function: int = 0
    irrelevant: int = 0
    noise: float = 0.0

    def __post_init__(self) -> None:
        whole("sine.function", self.function, 0, 3)
        whole("sine.irrelevant", self.irrelevant, 0, MOST_COLUMNS)
        within("sine.noise", self.noise, 0, 0.5)

    @property
    def schema(self) -> Schema:
        """x0 and x1, then those of no use."""
        return numbers(2 + self.irrelevant, low=0.0, high=1.0)

    def features(self, generator: np.random.Generator, count: int) -> Floats:
        """Draw uniforms (n, d)."""
        return generator.random((count, 2 + self.irrelevant))

    def drawn(self, luck: Luck, page: int, count: int) -> Floats:
        """Draw the same uniforms, sooner."""
        return luck.random("features", (count, 2 + self.irrelevant), page)

    def score(self, x: Floats) -> Floats:
        """Return how far x0 lies on class 1's side of the curve."""
        height, swing, times = (0.0, 1.0, 1.0) if self.function < 2 else (0.5, 0.3, 3 * np.pi)
        side = 1.0 if self.function in (0, 2) else -1.0
        score: Floats
        score, large = sine(x, height, swing, times, side)
        if large:
            score = side * (height + swing * np.sin(times * x[:, 1]) - x[:, 0])
        return score
