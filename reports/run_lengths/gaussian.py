"""Exact mean run lengths on normal values: CUSUM, EWMA, Shewhart, Shiryaev-Roberts, the oracle."""

from __future__ import annotations

from dataclasses import replace
from math import log, log1p, sqrt
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from reports.run_lengths.cusum import above, cusum_run_length
from reports.run_lengths.nystrom import (
    Chain,
    density,
    nodes,
    settled,
    steady_state,
    zero_state,
)
from sim.errors import refuse
from strategies.detectors import CUSUM, EWMA, LikelihoodCUSUM, Shewhart, ShiryaevRoberts

Floats = NDArray[np.float64]
Chart = CUSUM | EWMA | LikelihoodCUSUM | Shewhart | ShiryaevRoberts
Limited = TypeVar("Limited", CUSUM, LikelihoodCUSUM, ShiryaevRoberts)

FAR = 10.0  # standard deviations beyond which nothing is expected to lie


def mean_run_length(chart: Chart, *, mean: float, steady: bool = False) -> float:
    """Return the mean run length of *chart* on normal values of *mean* and the chart's own sd.

    The mean is there from the first value, with the chart at its start; or, if *steady*,
    from a late one, given no alarm while values had the chart's own mean.

    >>> round(mean_run_length(CUSUM(allowance=0.5, limit=4.0), mean=1.0), 4)
    8.3831
    >>> round(mean_run_length(Shewhart(width=3.0), mean=0.0), 4)
    370.3983
    """
    if isinstance(chart, LikelihoodCUSUM):
        return mean_run_length(as_cusum(chart), mean=mean, steady=steady)
    shift = (mean - chart.mean) / chart.sd
    if isinstance(chart, Shewhart):
        return _shewhart(chart, shift)
    if isinstance(chart, EWMA):
        return _ewma(chart, shift, steady)
    if isinstance(chart, ShiryaevRoberts):
        return _shiryaev_roberts(chart, shift, steady)
    return cusum_run_length(chart, shift, steady)


def limit_for(chart: Limited, *, run_length: float) -> Limited:
    """Return *chart* with the limit at which its mean run length without change is *run_length*.

    >>> round(limit_for(CUSUM(allowance=0.5, mode="up"), run_length=500.0).limit, 4)
    4.3891
    """
    in_control = chart.before if isinstance(chart, LikelihoodCUSUM) else chart.mean
    low, high = chart.head_start, max(1.0, 2 * chart.head_start)

    def long_enough(limit: float) -> bool:
        return mean_run_length(replace(chart, limit=limit), mean=in_control) >= run_length

    while not long_enough(high):
        low, high = high, 2 * high
    while high - low > 1e-12 * high:
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (low, middle) if long_enough(middle) else (middle, high)
    return replace(chart, limit=high)


def as_cusum(chart: LikelihoodCUSUM) -> CUSUM:
    """Return the CUSUM that alarms where the Gaussian oracle does."""
    if chart.kind != "gaussian":
        refuse("LikelihoodCUSUM.kind", chart.kind, "bernoulli_run_length is for error rates")
    shift = abs(chart.after - chart.before) / chart.sd
    return CUSUM(
        allowance=shift / 2,
        limit=chart.limit / shift,
        head_start=chart.head_start / shift,
        mean=chart.before,
        sd=chart.sd,
        mode="up" if chart.after > chart.before else "down",
    )


def _shewhart(chart: Shewhart, shift: float) -> float:
    sides = {"up": [shift], "down": [-shift], "both": [shift, -shift]}[chart.mode]
    return float(1 / sum(above(chart.width - side) for side in sides))


def _ewma(chart: EWMA, shift: float, steady: bool) -> float:
    sign = -1 if chart.mode == "down" else 1
    shift, head_start, weight = sign * shift, sign * chart.head_start, chart.weight
    low = -chart.limit
    if chart.mode != "both":
        low = min(0.0, shift, head_start) - FAR * sqrt(weight / (2 - weight))

    def chain(count: int, shift: float) -> Chain:
        grid = nodes(low, chart.limit, count)
        sources = np.concatenate([[head_start], grid.places])[:, None]
        z = (grid.places - (1 - weight) * sources) / weight - shift
        rows = density(z) / weight * grid.weights
        return Chain(matrix=rows[1:], start=rows[0])

    def run_length(count: int) -> float:
        if steady:
            return steady_state(chain(count, 0.0), chain(count, shift))
        return zero_state(chain(count, shift))

    return settled(run_length, 20 + int(2 * (chart.limit - low) / weight))


def _shiryaev_roberts(chart: ShiryaevRoberts, shift: float, steady: bool) -> float:
    """Return it, with the logarithm of R as the place."""
    step, high = abs(chart.shift), log(chart.limit)
    towards = shift if chart.shift > 0 else -shift
    low = min(0.0, step * towards, high) - step**2 / 2 - FAR * step

    def chain(count: int, towards: float) -> Chain:
        grid = nodes(low, high, count)
        sources = np.concatenate([[log1p(chart.head_start)], np.logaddexp(0.0, grid.places)])
        drift = step * towards - step**2 / 2
        rows = density((grid.places - sources[:, None] - drift) / step) / step * grid.weights
        return Chain(matrix=rows[1:], start=rows[0])

    def run_length(count: int) -> float:
        if steady:
            return steady_state(chain(count, 0.0), chain(count, towards))
        return zero_state(chain(count, towards))

    return settled(run_length, 20 + int(4 * (high - low) / step))
