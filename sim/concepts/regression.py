"""A number that depends on the columns by a line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.concepts.concept import Drawn, Moment, direction
from sim.errors import refuse, whole, within
from sim.schema import Schema, numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.chance import Luck

    Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class LinearRegression:
    """Standard normal *columns*; y is their sum weighted by *rule* × *slope* plus normal noise."""

    columns: int = 10
    rule: str = "start"
    slope: float = 1.0
    noise: float = 0.5

    def __post_init__(self) -> None:
        whole("regression.columns", self.columns, 1)
        within("regression.noise", self.noise, 0, float("inf"))

    @property
    def classes(self) -> int:
        """None: the outcome is a number."""
        return 0

    @property
    def schema(self) -> Schema:
        """x0, x1, …"""
        return numbers(self.columns)

    def draw(self, luck: Luck, now: Moment) -> Drawn:
        """Draw one page."""
        if now.priors:
            refuse("drift.kind", "prior", "a regression has no classes whose share could change")
        rules: list[LinearRegression] = [rule for rule, _ in now.rules]  # type: ignore[misc]
        count = len(now.times_us)
        x = luck.page("features", now.page).standard_normal((count, self.columns))
        now.move(x)
        best = now.blend([x @ (direction(rule.rule, self.columns) * rule.slope) for rule in rules])
        noise = np.maximum(now.blend([rule.noise for rule in rules]) + now.extra_noise, 0.0)
        y = best + noise * luck.page("outcome", now.page).standard_normal(count)
        return Drawn(x, y, np.asarray(best))

    def best(self, x: Floats) -> Floats:
        """Return the mean outcome of each record."""
        return np.asarray(x @ (direction(self.rule, self.columns) * self.slope))

    def bayes_loss(self) -> float:
        """The smallest reachable mean squared error."""
        return self.noise**2
