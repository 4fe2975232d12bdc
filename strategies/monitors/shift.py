"""Distributions of columns against what they were in training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.errors import one_of, refuse, within
from strategies.detectors.above import Above
from strategies.monitors.wording import listed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.monitoring import Baseline, TicksSeen

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

EMPTY = 1e-4
"""The share that an empty bin is taken to hold, so that the index stays finite."""


@dataclass(frozen=True, kw_only=True)
class Shift:
    """Alarms when a column's distribution over *window* ticks differs from that in training.

    *statistic* 'psi' is the population stability index over the training deciles, 'ks' the
    largest difference of the cumulative shares at their edges. The value is the largest over
    *columns* (none named: all), so that one fault is one alarm however many columns it spoils.
    Values that did not arrive are left out; a column with fewer than *minimum* of them, or one
    that never arrived in training, is not judged. On n values of an unchanged column psi is
    about 9 / n.

    >>> Shift(columns=("x0", "x3"), limit=0.1).detector
    Above(limit=0.1)
    """

    columns: tuple[str, ...] = ()
    statistic: str = "psi"
    limit: float = 0.2
    minimum: int = 200
    window: int = 24
    name: str = "shift"
    layer: str = "input"
    owner: str = "data"
    clock: ClassVar[str] = "tick"

    def __post_init__(self) -> None:
        one_of("shift.statistic", self.statistic, ("psi", "ks"))
        within("shift.limit", self.limit, 0, float("inf"))
        for field in ("minimum", "window"):
            if getattr(self, field) < 1:
                refuse(f"shift.{field}", getattr(self, field), "give a whole number from 1 up")

    @property
    def detector(self) -> Above:
        """The limit."""
        return Above(limit=self.limit)

    def summarise(self, seen: TicksSeen) -> Ints:
        """Count values per tick, column and training decile, missing ones last."""
        from sim.kernels import histograms

        x, edges, places = seen.wire.x, seen.baseline.edges, self._places(seen.baseline)
        if places is not None:
            x, edges = np.ascontiguousarray(x[:, places]), edges[places]
        ticks, (size, inner) = len(seen.bounds) - 1, edges.shape
        counts = np.zeros((ticks, size, inner + 2), dtype=np.int64)
        histograms(seen.bounds, x, edges, counts)
        return counts.reshape(ticks, -1)

    def judge(self, counts: Ints, baseline: Baseline) -> Floats:
        """Return the largest difference over the columns, NaN for too few records."""
        worst = self._differences(counts, baseline).max(axis=1)
        return np.where(worst >= 0, worst, np.nan)

    def explain(self, counts: Ints, baseline: Baseline) -> tuple[tuple[str, ...], str]:
        """Name the columns beyond the limit, the worst first, with their numbers."""
        differences = self._differences(counts[None], baseline)[0]
        places = self._places(baseline)
        names = [baseline.names[j] for j in (range(len(differences)) if places is None else places)]
        worst = [int(j) for j in np.argsort(-differences, kind="stable")]
        beyond = [j for j in worst if differences[j] > self.limit] or worst[:1]
        values = counts.reshape(len(names), -1)[beyond[0], :-1].sum()
        numbers = listed([f"{names[j]} {differences[j]:.2f}" for j in beyond])
        return tuple(names[j] for j in beyond), (
            f"{self.statistic} against the training baseline is above {self.limit:g} in "
            f"{len(beyond)} of {len(names)} columns: {numbers}, on {values:,} values in "
            f"{self.window} ticks; for the {self.owner} owner"
        )

    def _differences(self, counts: Ints, baseline: Baseline) -> Floats:
        """Return the statistic per row and column, -1 where there is too little to compare."""
        from strategies.monitors.kernels import psi

        places = self._places(baseline)
        expected, edges = baseline.shares, baseline.edges
        if places is not None:
            expected, edges = expected[places], edges[places]
        binned = counts.reshape(len(counts), len(expected), -1)[:, :, :-1]
        if self.statistic == "psi":
            out = np.empty(binned.shape[:2])
            psi(binned, expected, EMPTY, self.minimum, out)
        else:
            total = binned.sum(axis=2)
            shares = binned / np.maximum(total, 1)[:, :, None]
            out = np.abs(np.cumsum(shares - expected, axis=2)).max(axis=2)
            out[total < self.minimum] = -1.0
        # Deciles without width that hold something: the column never arrived in training.
        out[:, (edges[:, 0] == edges[:, -1]) & (expected[:, 1] > 0)] = -1.0
        return out

    def _places(self, baseline: Baseline) -> list[int] | None:
        """Return where the columns are, None for all."""
        if not self.columns:
            return None
        for name in self.columns:
            one_of("shift.columns", name, baseline.names)
        return [baseline.names.index(name) for name in self.columns]
