"""How wrong the champion must be, judged by its scores alone: performance without labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.monitoring import BINS
from strategies.monitors.monitor import Limited
from strategies.monitors.wording import amount

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.monitoring import Baseline, DeskSeen

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, repr=False)
class EstimatedError(Limited):
    """Alarms when the loss that the scores let expect is *limit* above that of the evaluation.

    A calibrator is fitted on the labelled records of the evaluation report: how wrong the version
    was in each decile of its score. The estimate is the mean of that over the scores of today.
    No label is needed, so it is early where answers become less sure. It is **blind to concept
    drift**: if the same score is wrong more often than it used to be, nothing here moves. Where a
    version has no evaluation by record (an online model, code, content) nothing is judged.

    >>> EstimatedError(limit=0.05).name
    'estimated error'
    """

    limit: float = 0.05
    minimum: int = 200
    window: int | str = "1d"
    name: str = "estimated error"
    layer: str = "output"
    clock: ClassVar[str] = "desk"

    def summarise(self, seen: DeskSeen) -> Ints:
        """Count the champion's answers per tick and decile of their score."""
        from sim.kernels import histograms

        known, asked = seen.baseline.answers, seen.requests
        counts = np.zeros((len(seen.bounds) - 1, 1, BINS + 1), dtype=np.int64)
        if known is not None:
            score = (
                np.where(asked.arm == 0, asked.score, np.nan) if asked.arm.any() else asked.score
            )
            histograms(seen.bounds, score[:, None], known.edges[None], counts)
        return counts[:, 0, :BINS]

    def judge(self, counts: Ints, baseline: Baseline) -> Floats:
        """Return the expected loss above the evaluation's, NaN for too few answers."""
        total = counts.sum(axis=1)
        if baseline.answers is None:
            return np.full(len(counts), np.nan)
        value = self._expected(counts, baseline) - baseline.answers.mean_loss
        return np.where(total >= self.minimum, value, np.nan)

    def explain(self, counts: Ints, baseline: Baseline) -> tuple[tuple[str, ...], str]:
        """Say what is expected and what it was."""
        assert baseline.answers is not None
        usual = baseline.answers.mean_loss
        now, many = float(self._expected(counts[None], baseline)[0]), int(counts.sum())
        return (), (
            f"by its scores the champion's mean loss is {amount(now)} instead of {amount(usual)} "
            f"in its evaluation (limit {amount(self.limit)} more), on {many:,} answers "
            f"{self.since}, without labels; {self.owned}"
        )

    def _expected(self, counts: Ints, baseline: Baseline) -> Floats:
        """Return the mean loss that the scores let expect."""
        assert baseline.answers is not None
        return np.asarray(counts @ baseline.answers.loss / np.maximum(counts.sum(axis=1), 1))
