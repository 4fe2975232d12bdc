"""A parameter and what becomes of it: the curve, its best value, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from reports.intervals import Figure

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from reports.plot import TrialPlot

    Floats = NDArray[np.float64]

RESAMPLES = 1_999


@dataclass(frozen=True, kw_only=True)
class Place:
    """One *value* of the parameter, as text and as a *number*, and what came of it.

    *objective* is what is to be least: *loss* a request, or cost, or both with a price.
    """

    value: str
    number: float
    objective: Figure
    loss: Figure
    trainings: Figure
    cost: Figure | None = None


@dataclass(frozen=True, kw_only=True)
class Curve:
    """What *parameter* does to a *strategy* in a *scenario*; *places* in the order of values.

    *best* is the place of the least objective, *low* and *high* the values between which it lies
    in 95 % of resamples of whole seeds. *fresh* is the objective of the best value on seeds that
    took no part in choosing it, *optimism* how much better it looked on those that did. *theory* is
    the best number that a closed form gives, and *theory_rates* its curve, where one is known.
    """

    scenario: str
    strategy: str
    parameter: str
    seconds: bool
    objective: str
    seeds: int
    places: tuple[Place, ...]
    best: int
    low: str
    high: str
    fresh: Figure | None = None
    theory: float | None = None
    theory_rates: tuple[float, ...] = ()
    at_edge: bool = False

    @property
    def optimum(self) -> Place:
        """The best place."""
        return self.places[self.best]

    @property
    def plot(self) -> TrialPlot:
        """Its picture: `found.plot.draw()`."""
        from reports.plot import TrialPlot

        return TrialPlot(self)


@dataclass(frozen=True, kw_only=True)
class Spot:
    """One field of a map: values of both parameters, and who wins there.

    *winner* has the least mean objective, *sure* says that no other strategy could be better (each
    contrast with its share of 5 %), *lead* by how much it leads the second.
    """

    x: str
    y: str
    winner: str
    sure: bool
    lead: Figure
    objective: dict[str, Figure]


@dataclass(frozen=True, kw_only=True)
class Territory:
    """A map of who wins: *spots* row by row, *x_values* across, *y_values* up."""

    scenario: str
    strategies: tuple[str, ...]
    objective: str
    x: str
    y: str
    x_values: tuple[str, ...]
    y_values: tuple[str, ...]
    spots: tuple[Spot, ...]
    seeds: int

    def at(self, x: str, y: str) -> Spot:
        """Return a spot."""
        return next(spot for spot in self.spots if (spot.x, spot.y) == (x, y))

    @property
    def plot(self) -> TrialPlot:
        """Its picture: `found.plot.draw()`."""
        from reports.plot import TrialPlot

        return TrialPlot(self)


def best_of(objective: Floats) -> tuple[int, int, int]:
    """Return the place of the least mean (shape seeds × values), and its 95 % interval.

    Whole seeds are resampled, and each resample chooses anew.

    >>> best_of(np.array([[3.0, 1.0, 2.0], [3.0, 1.0, 2.0]]))
    (1, 1, 1)
    """
    count = len(objective)
    best = int(objective.mean(axis=0).argmin())
    rows = np.random.Generator(np.random.SFC64(count)).integers(0, count, (RESAMPLES, count))
    weights = np.stack([np.bincount(row, minlength=count) for row in rows]) / count
    chosen = np.sort((weights @ objective).argmin(axis=1))
    low, high = (int(chosen[int(share * (RESAMPLES - 1))]) for share in (0.025, 0.975))
    return best, min(low, best), max(high, best)
