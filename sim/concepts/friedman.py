"""Friedman's first regression: a sine, a square and two lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.concepts.compiled import friedman
from sim.concepts.number import Number
from sim.errors import refuse, whole, within
from sim.schema import Schema, numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_COLUMNS = 10


@dataclass(frozen=True, kw_only=True)
class Friedman(Number):
    """Ten columns, uniform on [0, 1]; y is 10 sin π ab + 20 (c - ½)² + 10 d + 5 e plus noise.

    *roles* says which columns are a, b, c, d, e; the others are of no use. As they are, it is
    River's `synth.Friedman`; a change of roles is a drift of its `synth.FriedmanDrift`.
    Friedman, 'Multivariate adaptive regression splines', The Annals of Statistics 1991.

    >>> Friedman().best(np.full((1, 10), 0.5)).round(3)
    array([14.571])
    """

    roles: tuple[int, ...] = (0, 1, 2, 3, 4)
    noise: float = 1.0

    def __post_init__(self) -> None:
        if not isinstance(self.roles, tuple) or len(self.roles) != 5:
            refuse("friedman.roles", self.roles, "name five columns, as in (0, 1, 2, 3, 4)")
        for place, column in enumerate(self.roles):
            whole(f"friedman.roles[{place}]", column, 0, _COLUMNS - 1)
        within("friedman.noise", self.noise, 0, 1e12)

    @property
    def schema(self) -> Schema:
        """The columns x0 to x9."""
        return numbers(_COLUMNS, low=0.0, high=1.0)

    def features(self, generator: np.random.Generator, count: int) -> Floats:
        """Draw uniforms (n, 10)."""
        return generator.random((count, _COLUMNS))

    def best(self, x: Floats) -> Floats:
        """Return the mean outcome of each record."""
        mean: Floats
        mean, large = friedman(x, *self.roles)
        if large:
            a, b, c, d, e = (x[:, column] for column in self.roles)
            mean = 10 * np.sin(np.pi * a * b) + 20 * (c - 0.5) ** 2 + 10 * d + 5 * e
        return mean
