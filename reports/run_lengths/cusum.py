"""Exact mean run lengths of the CUSUM on normal values, one side or both.

Both sides together need no equation in the plane. While both sums are above 0 their total only
shrinks, so when one alarms the other is at 0 (Lucas and Crosier 1982). Let N(u, d) be the mean run
from the sums u and d, A and B the mean runs of the sides alone. A side goes on from 0 if the other
alarms first: A(u) = N(u, d) + P(the other is first) A(0), and likewise B(d). Adding both up gives

    N(u, d) = (A(u) / A(0) + B(d) / B(0) - 1) / (1 / A(0) + 1 / B(0)).

So of the steady state no more is needed than how one sum lies, given that neither has alarmed. One
step takes that law m, with the step K and the chance a of an alarm, to m K less what the other
side's alarms take away; and those take it away at 0. Without change the sides are alike, so m is
the eigenvector of K - a e0, with e0 the place 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, inf, sqrt
from typing import TYPE_CHECKING

import numpy as np

from reports.run_lengths.nystrom import Nodes, density, long_run, nodes, settled
from sim.errors import refuse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from strategies.detectors import CUSUM

    Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Side:
    """One side alone, from its head start, from 0 and from the nodes, shape (2 + n,).

    *rate* is one over the mean run from 0, *ratios* are the mean runs over that one.
    """

    rate: float
    ratios: Floats


def cusum_run_length(chart: CUSUM, shift: float, steady: bool) -> float:
    """Return it on values with standard deviation 1 around *shift*, where no change is 0."""
    both = chart.mode == "both"
    if both and not steady and chart.head_start > chart.limit / 2 + chart.allowance:
        refuse("CUSUM.head_start", chart.head_start, "above half the limit sides meet: simulate")
    if both and steady and chart.allowance == 0:
        refuse("CUSUM.allowance", 0, "without one both sums never shrink and nothing is steady")
    shifts = {"up": [shift], "down": [-shift], "both": [shift, -shift]}[chart.mode]

    def run_length(count: int) -> float:
        grid = nodes(0.0, chart.limit, count)
        sides = [_side(chart, one, grid) for one in shifts]
        rate = sum(side.rate for side in sides)
        if rate == 0:
            return inf
        ratios = np.sum([side.ratios for side in sides], axis=0) - (1.0 if both else 0.0)
        return float((_where(chart, grid) @ ratios[1:] if steady else ratios[0]) / rate)

    return settled(run_length, 20 + int(4 * chart.limit))


def above(z: Floats | float) -> Floats:
    """Return the chance that a standard normal number exceeds *z*."""
    flat = [erfc(x / sqrt(2)) / 2 for x in np.ravel(z)]
    return np.array(flat).reshape(np.shape(z))


def _side(chart: CUSUM, shift: float, grid: Nodes) -> Side:
    """Solve for cycles between visits of 0: so long are they, so often do they end in an alarm.

    Against the drift runs are so long that solving for them at once would leave no digits; a
    cycle is short, and the chance that it ends in an alarm is a sum of positive numbers.
    """
    drift = shift - chart.allowance
    sources = np.concatenate([[chart.head_start, 0.0], grid.places])
    inside = density(grid.places - sources[:, None] - drift) * grid.weights
    known = np.stack([np.ones_like(sources), above(chart.limit - sources - drift)], axis=1)
    known += inside @ np.linalg.solve(np.eye(len(grid.places)) - inside[2:], known[2:])
    length, alarm = known.T
    rate = max(0.0, float(alarm[1] / length[1]))
    return Side(rate=rate, ratios=1 - alarm + length * rate)


def _where(chart: CUSUM, grid: Nodes) -> Floats:
    """Return how likely 0 and each node is without change and after a long time without alarm."""
    sources = np.concatenate([[0.0], grid.places])[:, None] - chart.allowance
    stay = np.hstack([above(sources), density(grid.places - sources) * grid.weights])
    if chart.mode == "both":
        stay[:, 0] -= above(chart.limit - sources[:, 0])
    return long_run(stay)
