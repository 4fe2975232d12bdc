"""The STAGGER concepts: boolean rules on three categories."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.concepts.compiled import stagger
from sim.concepts.two_classes import TwoClasses
from sim.errors import whole, within
from sim.schema import Column, Schema

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_CATEGORIES = {
    "size": ("small", "medium", "large"),
    "color": ("red", "blue", "green"),
    "shape": ("circle", "square", "triangle"),
}
_SCHEMA = Schema(
    tuple(
        Column(name=name, kind="category", low=0.0, high=2.0, categories=categories)
        for name, categories in _CATEGORIES.items()
    )
)


@dataclass(frozen=True, kw_only=True)
class Stagger(TwoClasses):
    """Three categories, each code 0, 1, 2 as likely; *function* says what class 1 is.

    0: small and red; 1: green or a circle; 2: medium or large: the functions of River's
    `synth.STAGGER`, with its order of columns. The score is 1 for class 1 and -1 for class 0,
    so an incremental drift turns over at its middle.
    Schlimmer and Granger, 'Incremental learning from noisy data', Machine Learning 1986.

    >>> Stagger(function=1).best(np.array([[0.0, 2.0, 1.0], [0.0, 0.0, 1.0]]))
    array([1., 0.])
    """

    function: int = 0
    noise: float = 0.0

    def __post_init__(self) -> None:
        whole("stagger.function", self.function, 0, 2)
        within("stagger.noise", self.noise, 0, 0.5)

    @property
    def schema(self) -> Schema:
        """The columns size, color and shape, whose values are the places of their categories."""
        return _SCHEMA

    def features(self, generator: np.random.Generator, count: int) -> Floats:
        """Draw codes (n, 3)."""
        x = generator.random((count, 3))
        x *= 3.0
        return np.floor(x, out=x)

    def score(self, x: Floats) -> Floats:
        """Return 1 for class 1, -1 for class 0."""
        score: Floats = stagger(x, self.function)
        return score
