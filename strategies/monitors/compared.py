"""What a monitor needs that holds shares of records against those in training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import one_of
from strategies.detectors.above import Above
from strategies.monitors import limits
from strategies.monitors.distances import MEANING, by_chance, distance
from strategies.monitors.monitor import Limited
from strategies.monitors.wording import listed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Expected:
    """Shares of training (d, bins) of things by *names*, on *trained* values each; see distances.

    Of what is not *judged* there is nothing to compare.
    """

    names: tuple[str, ...]
    shares: Floats
    trained: Ints
    steps: Floats
    judged: NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, repr=False)
class Compared(Limited):
    """A monitor of a *statistic* of shares against training, largest over what it watches.

    Either *limit* is the limit, or *false_alarms* is how rarely it may alarm when nothing is
    wrong ('30d'): then the limit follows from how many records there are and how many things are
    watched, the monitor looks once a window (or *every*), and its value is in multiples of the
    limit.
    """

    statistic: str = "psi"
    false_alarms: str = ""

    def __post_init__(self) -> None:
        kind = type(self).__name__
        one_of(f"{kind}.statistic", self.statistic, MEANING)
        if self.false_alarms:
            every = limits.cadence(self.window, self.every, self.false_alarms, kind)
            object.__setattr__(self, "every", every)
        super().__post_init__()

    @property
    def detector(self) -> Any:
        """The limit; kept to a promise, values are multiples of it."""
        return Above(limit=1.0) if self.false_alarms else super().detector

    def ratios(self, binned: Ints, expected: Expected) -> Floats:
        """Return the statistic of each (rows, d), -1 where there is too little to compare."""
        total = binned.sum(axis=2)
        arrays = expected.shares, expected.trained, expected.steps
        out = distance(self.statistic, binned, *arrays)
        if self.false_alarms:
            out = out / self._limits(total, expected)
        out[total < self.minimum] = -1.0
        out[:, ~expected.judged] = -1.0
        return out

    def worst(self, binned: Ints, expected: Expected) -> Floats:
        """Return the largest value of each row, NaN where nothing can be compared."""
        worst = self.ratios(binned, expected).max(axis=1)
        return np.where(worst >= 0, worst, np.nan)

    def told(self, binned: Ints, expected: Expected, things: str) -> tuple[tuple[str, ...], str]:
        """Name what is beyond the limit, the worst first, with numbers."""
        ratios = self.ratios(binned[None], expected)[0]
        arrays = expected.shares, expected.trained, expected.steps
        raw = distance(self.statistic, binned[None], *arrays)[0]
        total = binned.sum(axis=1)
        order = [int(j) for j in np.argsort(-ratios, kind="stable")]
        edge = 1.0 if self.false_alarms else self.limit
        beyond = [j for j in order if ratios[j] > edge] or order[:1]
        names = [expected.names[j] for j in beyond]
        numbers = listed([f"{expected.names[j]} {raw[j]:.2f}" for j in beyond])
        limit = f"{self.limit:g}"
        if self.false_alarms:
            lines = self._limits(total[None], expected)[0]
            limit = f"{lines[beyond[0]]:.2g} (one false alarm in {self.false_alarms})"
        many = f" in {len(beyond)} of {len(ratios)} {things}" if len(ratios) > 1 else ""
        return tuple(names), (
            f"{self.statistic} against the training baseline is above {limit}{many}: "
            f"{numbers}, on {int(total[beyond[0]]):,} values {self.since}; {self.owned}"
        )

    def _limits(self, total: Ints, expected: Expected) -> Floats:
        watched = max(1, int(expected.judged.sum()))
        rare = limits.chance(self.every, self.false_alarms, watched)
        arrays = expected.shares, expected.trained, expected.steps
        return by_chance(self.statistic, total, *arrays, rare)


def middles(edges: Floats, low: Floats, high: Floats) -> Floats:
    """Return how far the middles of neighbouring bins lie apart, in interdecile ranges (d, 9)."""
    bounds = np.concatenate([low[:, None], edges, high[:, None]], axis=1)
    places = (bounds[:, 1:] + bounds[:, :-1]) / 2
    width = edges[:, -1] - edges[:, 0]
    return np.asarray(np.diff(places, axis=1) / np.where(width > 0, width, 1.0)[:, None])
