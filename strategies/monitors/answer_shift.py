"""The champion's scores and answers against what it answered to records held out of training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.errors import one_of
from sim.monitoring import BINS
from strategies.monitors.compared import Compared, Expected, middles

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.monitoring import Baseline, DeskSeen

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

MOST_CLASSES = 8
"""Classes are told apart up to this number, the last holding all others."""


@dataclass(frozen=True, kw_only=True, repr=False)
class AnswerShift(Compared):
    """Alarms when the champion's scores, or the mix of its answers, differ from the evaluation.

    *of* 'scores' is the distribution of scores (of predictions, where the outcome is a number),
    *of* 'classes' the shares of the classes that it answers. The baseline is what the same
    version answered in its evaluation report; where a version has none (an online model, code,
    content) nothing is judged. Statistics and *false_alarms* are those of `Shift`.

    >>> AnswerShift(of="classes", statistic="total_variation").name
    'class shares'
    """

    of: str = "scores"
    limit: float = 0.2
    minimum: int = 200
    window: int | str = "1d"
    name: str = ""
    layer: str = "output"
    clock: ClassVar[str] = "desk"

    def __post_init__(self) -> None:
        one_of("answer_shift.of", self.of, ("scores", "classes"))
        usual = "scores" if self.of == "scores" else "class shares"
        object.__setattr__(self, "name", self.name or usual)
        super().__post_init__()

    def summarise(self, seen: DeskSeen) -> Ints:
        """Count the champion's answers per tick by decile of score, or by class."""
        from sim.kernels import histograms

        asked, ticks = seen.requests, len(seen.bounds) - 1
        values = asked.score if self.of == "scores" else asked.answer
        values = np.where(asked.arm == 0, values, np.nan)[:, None]
        edges = np.arange(0.5, MOST_CLASSES - 1)[None].copy()
        if self.of == "scores":
            known = seen.baseline.answers
            edges = np.zeros((1, BINS - 1)) if known is None else known.edges[None].copy()
        counts = np.zeros((ticks, 1, edges.shape[1] + 2), dtype=np.int64)
        histograms(seen.bounds, np.ascontiguousarray(values), edges, counts)
        return counts[:, 0, :-1]

    def judge(self, counts: Ints, baseline: Baseline) -> Floats:
        """Return the statistic, NaN for too few answers or no baseline."""
        expected = self._expected(baseline)
        if expected is None:
            return np.full(len(counts), np.nan)
        return self.worst(counts[:, None, : expected.shares.shape[1]], expected)

    def explain(self, counts: Ints, baseline: Baseline) -> tuple[tuple[str, ...], str]:
        """Say how far, on how many answers."""
        expected = self._expected(baseline)
        assert expected is not None
        binned = counts[None, : expected.shares.shape[1]]
        return (), self.told(binned, expected, self.of)[1]

    def _expected(self, baseline: Baseline) -> Expected | None:
        known = baseline.answers
        if known is None or (self.of == "classes" and not len(known.mix)):
            return None
        trained, judged = np.array([known.count]), np.array([True])
        if self.of == "scores":
            low, high = known.edges[None, 0], known.edges[None, -1]
            steps = middles(known.edges[None], low, high)
            return Expected(("scores",), known.shares[None], trained, steps, judged)
        mix = known.mix[:MOST_CLASSES].copy()
        mix[-1] += known.mix[MOST_CLASSES:].sum()
        steps = np.ones((1, len(mix) - 1))
        return Expected(("classes",), mix[None], trained, steps, judged)
