"""Friedman's first regression: a sine, a square and two lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.concepts.concept import Drawn, Moment
from sim.errors import refuse, whole, within
from sim.schema import Column, Schema

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.chance import Luck

    Floats = NDArray[np.float64]

_COLUMNS = 10
_SCHEMA = Schema(tuple(Column(name=f"x{i}", low=0.0, high=1.0) for i in range(_COLUMNS)))


@dataclass(frozen=True, kw_only=True)
class Friedman:
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
        within("friedman.noise", self.noise, 0, float("inf"))

    @property
    def classes(self) -> int:
        """None: the outcome is a number."""
        return 0

    @property
    def schema(self) -> Schema:
        """The columns x0 to x9."""
        return _SCHEMA

    def draw(self, luck: Luck, now: Moment) -> Drawn:
        """Draw one page."""
        if now.priors:
            refuse("drift.kind", "prior", "a regression has no classes whose share could change")
        rules: list[Friedman] = [rule for rule, _ in now.rules]  # type: ignore[misc]
        count = len(now.times_us)
        x = luck.page("features", now.page).random((count, _COLUMNS))
        now.move(x)
        best = now.blend([rule.best(x) for rule in rules])
        noise = np.maximum(now.blend([rule.noise for rule in rules]) + now.extra_noise, 0.0)
        y = best + noise * luck.page("outcome", now.page).standard_normal(count)
        return Drawn(x, y, np.asarray(best))

    def best(self, x: Floats) -> Floats:
        """Return the mean outcome of each record."""
        a, b, c, d, e = (x[:, column] for column in self.roles)
        mean: Floats = 10 * np.sin(np.pi * a * b) + 20 * (c - 0.5) ** 2 + 10 * d + 5 * e
        return mean

    def bayes_loss(self) -> float:
        """The smallest reachable mean squared error."""
        return self.noise**2
