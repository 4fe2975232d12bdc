"""Run lengths of a chain on an interval: an integral equation at Gauss-Legendre nodes.

From a place x the chart goes to y with density K(x, y), stays at an atom, or alarms. The mean run
length N solves N(x) = 1 + sum of N(y) over where it may go; at the nodes that is a linear system.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

AGREEMENT = 1e-9  # relative, between two numbers of nodes
MOST_NODES = 2000


@dataclass(frozen=True, kw_only=True)
class Chain:
    """Chances to go on from the nodes, shape (n, n), and from the *start*, shape (n,)."""

    matrix: Floats
    start: Floats


@dataclass(frozen=True, kw_only=True)
class Nodes:
    """Places and weights of a quadrature, shape (n,) each."""

    places: Floats
    weights: Floats


def nodes(low: float, high: float, count: int) -> Nodes:
    """Return *count* Gauss-Legendre nodes between *low* and *high*."""
    places, weights = np.polynomial.legendre.leggauss(count)
    half = (high - low) / 2
    return Nodes(places=low + half * (places + 1), weights=half * weights)


def density(z: Floats) -> Floats:
    """Return the standard normal density."""
    return np.asarray(np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi))


def zero_state(chain: Chain) -> float:
    """Return the mean run length from the chart's start."""
    rest = np.linalg.solve(np.eye(len(chain.start)) - chain.matrix, np.ones(len(chain.start)))
    return float(1 + chain.start @ rest)


def steady_state(before: Chain, after: Chain) -> float:
    """Return it from where the chart is, given that it has long run *before* without alarm."""
    rest = np.linalg.solve(np.eye(len(after.start)) - after.matrix, np.ones(len(after.start)))
    return float(long_run(before.matrix) @ rest)


def long_run(matrix: Floats) -> Floats:
    """Return how likely each node is after a long time without alarm, shape (n,)."""
    where = np.full(len(matrix), 1.0 / len(matrix))
    for _ in range(64):
        matrix = matrix @ matrix  # 1, 2, 4, ... steps
        matrix /= np.abs(matrix).sum(axis=1).max()
        last, where = where, where @ matrix
        where /= where.sum()
        if np.abs(where - last).sum() < 1e-13:
            break
    return where


def settled(run_length: Callable[[int], float], count: int) -> float:
    """Return *run_length* with so many nodes, *count* or more, that half as many again agree."""
    last = nan
    while count <= MOST_NODES:
        now = run_length(count)
        # Solving loses as many digits as the run length has before the point.
        if now == last or abs(now - last) <= max(AGREEMENT, 1e-14 * abs(now)) * abs(now):
            return now
        last, count = now, count * 3 // 2
    raise ValueError(
        f"the integral equation does not settle with {MOST_NODES} nodes: simulate it instead"
    )
