"""Distributions of columns against what they were in training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.errors import one_of, within
from strategies.monitors.compared import Compared, Expected, middles

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.monitoring import Baseline, TicksSeen

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, repr=False)
class Shift(Compared):
    """Alarms when a column's distribution over *window* ticks differs from that in training.

    All statistics are of the shares of values between the training deciles: 'psi' is the
    population stability index (0.2 is a usual limit), 'ks' the largest gap of the cumulative
    shares, 'total_variation' the share of values that would have to move, 'chi_square' what
    chance makes about 9 of, 'wasserstein' how far values have moved on average, in interdecile
    ranges of training. The value is the largest over *columns* (none named: all), so that one
    fault is one alarm however many columns it spoils. Values that did not arrive are left out; a
    column with fewer than *minimum* of them, or one that never arrived in training, is not
    judged. On n values of an unchanged column psi is about 9 / n.

    >>> Shift(columns=("x0", "x3"), limit=0.1).detector
    Above(limit=0.1)
    >>> Shift(window="1d", false_alarms="30d").every
    '1d'
    """

    columns: tuple[str, ...] = ()
    limit: float = 0.2
    minimum: int = 200
    window: int | str = 24
    name: str = "shift"
    layer: str = "input"
    owner: str = "data"
    clock: ClassVar[str] = "tick"

    def __post_init__(self) -> None:
        within("shift.limit", self.limit, 0, float("inf"))
        super().__post_init__()

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
        expected = self._expected(baseline)
        return self.worst(_binned(counts, expected), expected)

    def explain(self, counts: Ints, baseline: Baseline) -> tuple[tuple[str, ...], str]:
        """Name the columns beyond the limit, the worst first, with their numbers."""
        expected = self._expected(baseline)
        return self.told(_binned(counts[None], expected)[0], expected, "columns")

    def _expected(self, baseline: Baseline) -> Expected:
        places = self._places(baseline)
        pick = slice(None) if places is None else places
        edges, shares = baseline.edges[pick], baseline.shares[pick]
        names = baseline.names if places is None else self.columns
        # Deciles without width that hold something: the column never arrived in training.
        judged = (edges[:, 0] != edges[:, -1]) | (shares[:, 1] <= 0)
        steps = middles(edges, baseline.low[pick], baseline.high[pick])
        return Expected(names, shares, baseline.count[pick], steps, judged)

    def _places(self, baseline: Baseline) -> list[int] | None:
        """Return where the columns are, None for all."""
        if not self.columns:
            return None
        for name in self.columns:
            one_of("shift.columns", name, baseline.names)
        return [baseline.names.index(name) for name in self.columns]


def _binned(counts: Ints, expected: Expected) -> Ints:
    """Return the counts by bin (rows, d, bins), without those of missing values."""
    return counts.reshape(len(counts), len(expected.names), -1)[:, :, :-1]
