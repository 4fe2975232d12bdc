"""What F1 and the area under precision and recall are computed from: sums of each answer's own.

Neither is a mean of losses, so no single number a record gives them. Counts do: of positive
answers, positive outcomes and both; and of outcomes by score, in bins of the log odds. An
artifact hands them to the ledger as signals, tick by tick, and reports do the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

F1 = ("answers 1", "outcomes 1", "both 1")
STEP, FURTHEST = 0.5, 7.0
EDGES = np.arange(-FURTHEST, FURTHEST + STEP / 2, STEP)
"""Log odds at which one bin of scores ends and the next begins."""
SCORES = tuple(f"outcome {y} at score {k}" for y in (0, 1) for k in range(len(EDGES) + 1))


def counted(names: tuple[str, ...], score: Floats, answer: Floats, y: Floats) -> Floats | None:
    """Return the signals of *names* for answers (n × k): *score* is the chance of outcome 1."""
    if names == F1:
        return np.column_stack([answer > 0.5, y > 0.5, (answer > 0.5) & (y > 0.5)]).astype(float)
    if names == SCORES:
        with np.errstate(divide="ignore", invalid="ignore"):
            odds = np.log(score) - np.log1p(-score)
        bins = EDGES.searchsorted(odds, side="right")
        counts = np.zeros((len(score), len(SCORES)))
        counts[np.arange(len(score)), bins + (y > 0.5) * (len(EDGES) + 1)] = 1.0
        return counts
    return None


def f1(sums: Floats) -> float:
    """Return F1 from the sums of the signals `F1`, NaN if nothing is positive.

    >>> f1(np.array([10.0, 10.0, 5.0]))
    0.5
    """
    positive = float(sums[0] + sums[1])
    return 2.0 * float(sums[2]) / positive if positive else float("nan")


def pr_auc(sums: Floats) -> tuple[float, float, float]:
    """Return average precision from the sums of `SCORES`, with its bounds (n = nothing: NaN).

    Within a bin the order of scores is lost: outcomes are taken as evenly mixed there for the
    value, as ordered at their worst and at their best for the bounds.

    >>> tuple(float(v) for v in pr_auc(np.concatenate([np.eye(30)[3], np.eye(30)[9]])))
    (1.0, 1.0, 1.0)
    """
    half = len(sums) // 2
    negative, positive = sums[:half][::-1], sums[half:][::-1]
    total = float(positive.sum())
    if not total:
        return float("nan"), float("nan"), float("nan")
    found = np.zeros(3)
    above = wrong = 0.0
    for n, p in zip(negative, positive, strict=True):
        place = np.arange(1, int(p) + 1)
        for kind, mixed in enumerate((n * (place - 0.5) / max(p, 1.0), n, 0.0)):
            found[kind] += ((above + place) / (above + place + wrong + mixed)).sum()
        above, wrong = above + p, wrong + n
    value, low, high = (float(v) for v in found / total)
    return value, low, high
