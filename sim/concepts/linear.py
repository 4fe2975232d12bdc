"""A line through standard normal columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.concepts.concept import MOST_COLUMNS, direction
from sim.concepts.two_classes import TwoClasses
from sim.errors import whole, within
from sim.schema import Schema, numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Linear(TwoClasses):
    """Standard normal *columns*; class 1 where their sum weighted by *rule* exceeds *threshold*.

    *rule* names a direction: the same name is the same rule, another name another one.
    *angle* turns it, in degrees, towards a second direction of its own.
    """

    columns: int = 10
    rule: str = "start"
    angle: float = 0.0
    threshold: float = 0.0
    noise: float = 0.1

    def __post_init__(self) -> None:
        whole("linear.columns", self.columns, 1, MOST_COLUMNS)
        within("linear.angle", self.angle, -1e6, 1e6)
        within("linear.threshold", self.threshold, -1e12, 1e12)
        within("linear.noise", self.noise, 0, 0.5)

    @property
    def schema(self) -> Schema:
        """x0, x1, …"""
        return numbers(self.columns)

    @property
    def weights(self) -> Floats:
        """The unit vector of the rule (shape d)."""
        return direction(self.rule, self.columns, self.angle)

    def heaviest(self, count: int) -> tuple[str, ...]:
        """Return the names of the *count* columns that weigh most, in their order.

        >>> Linear(columns=4).heaviest(2)
        ('x0', 'x3')
        """
        places = np.argsort(-np.abs(self.weights), kind="stable")[:count]
        return tuple(self.schema.names[place] for place in sorted(places.tolist()))

    def features(self, generator: np.random.Generator, count: int) -> Floats:
        """Draw standard normals (n, d)."""
        return generator.standard_normal((count, self.columns))

    def score(self, x: Floats) -> Floats:
        """Return the weighted sum less the threshold."""
        score = x @ self.weights
        if self.threshold:
            score -= self.threshold
        return score
