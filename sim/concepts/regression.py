"""A number that depends on the columns by a line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.concepts.concept import MOST_COLUMNS, direction
from sim.concepts.number import Number
from sim.errors import whole, within
from sim.schema import Schema, numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class LinearRegression(Number):
    """Standard normal *columns*; y is *level* plus their sum weighted by *rule* × *slope*.

    Normal noise with standard deviation *noise* is added.
    """

    columns: int = 10
    rule: str = "start"
    slope: float = 1.0
    level: float = 0.0
    noise: float = 0.5

    def __post_init__(self) -> None:
        whole("regression.columns", self.columns, 1, MOST_COLUMNS)
        within("regression.slope", self.slope, -1e12, 1e12)
        within("regression.noise", self.noise, 0, 1e12)

    @property
    def schema(self) -> Schema:
        """x0, x1, …"""
        return numbers(self.columns)

    def features(self, generator: np.random.Generator, count: int) -> Floats:
        """Draw standard normals (n, d)."""
        return generator.standard_normal((count, self.columns))

    def best(self, x: Floats) -> Floats:
        """Return the mean outcome of each record."""
        mean = np.asarray(x @ (direction(self.rule, self.columns) * self.slope))
        return mean + self.level if self.level else mean
