"""How far shares are from what they were in training: five statistics and what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from strategies.monitors import limits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

EMPTY = 1e-4
"""The share that an empty bin is taken to hold, so that the index stays finite."""
MEANING = {
    "psi": "population stability index: shares' differences times those of their logarithms",
    "ks": "largest gap of the cumulative shares",
    "total_variation": "share of records that would have to move to another bin",
    "chi_square": "squared differences of shares, in units of what chance does",
    "wasserstein": "how far values have moved on average, in interdecile ranges of training",
}
"""What each statistic says."""


def distance(
    statistic: str, counts: Ints, expected: Floats, trained: Ints, steps: Floats
) -> Floats:
    """Return the *statistic* of *counts* (rows, d, bins) against *expected* shares (d, bins).

    *trained* (d) is on how many values these rest, *steps* (d, bins - 1) how far the middles of
    neighbouring bins lie apart.
    """
    from strategies.monitors.kernels import psi

    if statistic == "psi":
        out = np.empty(counts.shape[:2])
        psi(counts, expected, EMPTY, 1, out)
        return out
    total = counts.sum(axis=2)
    difference = counts / np.maximum(total, 1)[:, :, None] - expected
    if statistic == "ks":
        return np.asarray(np.abs(np.cumsum(difference, axis=2)).max(axis=2))
    if statistic == "total_variation":
        return np.asarray(np.abs(difference).sum(axis=2) / 2)
    if statistic == "wasserstein":
        gaps = np.abs(np.cumsum(difference, axis=2)[:, :, :-1])
        return np.asarray((gaps * steps).sum(axis=2))
    known = expected * trained[:, None]
    pooled = (counts + known) / np.maximum(total + trained, 1)[:, :, None]
    parts = np.divide(difference**2, pooled, out=np.zeros_like(difference), where=pooled > 0)
    return np.asarray(parts.sum(axis=2) * limits.effective(total, trained))


def by_chance(
    statistic: str, total: Ints, expected: Floats, trained: Ints, steps: Floats, rare: float
) -> Floats:
    """Return what the statistic exceeds with chance *rare* on *total* values (rows, d)."""
    many = limits.effective(total, trained)
    bins = (expected > 0).sum(axis=1)
    if statistic in ("psi", "chi_square"):
        edge = np.array([limits.chi_square(int(k) - 1, rare) for k in bins])
        if statistic == "chi_square":
            return np.broadcast_to(edge, many.shape)
        # An index of few values is larger than a chi-square: its logarithms weigh empty bins.
        return np.asarray(edge / many * (1.0 + bins / many) ** 2)
    if statistic == "ks":
        edge = np.array([limits.largest_gap(row, rare) for row in expected])
    elif statistic == "total_variation":
        edge = np.array([limits.total_variation(row, rare) for row in expected])
    else:
        pairs = zip(expected, steps, strict=True)
        edge = np.array([limits.wasserstein(row, step, rare) for row, step in pairs])
    return np.asarray(edge / np.sqrt(many))
