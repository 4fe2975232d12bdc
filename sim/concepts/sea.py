"""The SEA concepts: a threshold on the sum of two columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.concepts.compiled import sea
from sim.concepts.two_classes import TwoClasses
from sim.errors import within
from sim.schema import Schema, numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class SEA(TwoClasses):
    """Three columns, uniform on [0, 10]; class 1 where x0 + x1 exceeds *threshold*.

    Street and Kim, 'A streaming ensemble algorithm', KDD 2001.
    """

    threshold: float = 8.0
    noise: float = 0.1

    def __post_init__(self) -> None:
        within("sea.threshold", self.threshold, -1e12, 1e12)
        within("sea.noise", self.noise, 0, 0.5)

    @property
    def schema(self) -> Schema:
        """x0, x1 and x2, which is of no use."""
        return numbers(3, low=0.0, high=10.0)

    def features(self, generator: np.random.Generator, count: int) -> Floats:
        """Draw uniforms (n, 3)."""
        x = generator.random((count, 3))
        x *= 10.0
        return x

    def score(self, x: Floats) -> Floats:
        """Return x0 + x1 less the threshold."""
        score: Floats = sea(x, self.threshold)
        return score
