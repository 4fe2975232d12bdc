"""Scores against labels: whether a score still means what it meant."""

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

    Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, repr=False)
class Calibration(Limited):
    """Alarms when the loss at a score is not what it was in the evaluation.

    The value is the mean, over the champion's judged answers of a *window*, of how far the loss
    in a decile of the score is from that in the evaluation report, less what chance makes of so
    few labels. It sees what `EstimatedError` cannot: the same score being wrong more often.

    >>> Calibration(limit=0.1).layer
    'output'
    """

    limit: float = 0.1
    minimum: int = 300
    every: str = "6h"
    window: int | str = "3d"
    name: str = "calibration"
    layer: str = "output"
    clock: ClassVar[str] = "desk"
    judges: ClassVar[bool] = True

    def summarise(self, seen: DeskSeen) -> Floats:
        """Add up per tick labels, losses and their squares by decile of the score."""
        from strategies.monitors.kernels import losses

        known, labels, bounds = seen.baseline.answers, seen.labels, seen.label_bounds
        out = np.zeros((len(bounds) - 1, 3, BINS))
        if known is not None:
            losses(bounds, labels.arm, labels.score, labels.loss, known.edges, out)
        return out.reshape(len(out), -1)

    def judge(self, counts: Floats, baseline: Baseline) -> Floats:
        """Return the mean distance, NaN for too few labels or no baseline."""
        known = baseline.answers
        if known is None:
            return np.full(len(counts), np.nan)
        held, lost, squares = np.split(counts, 3, axis=1)
        many = np.maximum(held, 1)
        mean = lost / many
        spread = np.maximum(squares / many - mean**2, 0.0)
        in_training = np.maximum(known.shares * known.count, 1)
        by_chance = np.sqrt(spread * (1 / many + 1 / in_training) * 2 / np.pi)
        gap = np.maximum(np.abs(mean - known.loss) - by_chance, 0.0)
        total = held.sum(axis=1)
        value = (held * gap).sum(axis=1) / np.maximum(total, 1)
        return np.where(total >= self.minimum, value, np.nan)

    def explain(self, counts: Floats, baseline: Baseline) -> tuple[tuple[str, ...], str]:
        """Say how far, and where it is worst."""
        assert baseline.answers is not None
        held, lost, _ = np.split(counts, 3)
        gap = lost / np.maximum(held, 1) - baseline.answers.loss
        worst = int(np.argmax(np.abs(gap) * held))
        value = float(self.judge(counts[None], baseline)[0])
        return (), (
            f"scores no longer mean what they did in the evaluation: the loss at a score is "
            f"{amount(value)} off (limit {amount(self.limit)}), worst in decile {worst + 1} with "
            f"{amount(lost[worst] / max(held[worst], 1))} instead of "
            f"{amount(baseline.answers.loss[worst])}, on {int(held.sum()):,} labels {self.since}; "
            f"{self.owned}"
        )
