"""Lorden's optimum: the least worst-case delay for a change that is known but for its time.

The log-likelihood-ratio CUSUM attains it (Moustakides 1986) at its own mean run length. It is the
best in the worst case: seen from a late change, as the bench looks, even that CUSUM is faster.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from math import exp, log
from typing import TYPE_CHECKING, Any

from reports.run_lengths import bernoulli_run_length, limit_for, mean_run_length
from sim.digest import digest
from strategies.detectors import LikelihoodCUSUM

if TYPE_CHECKING:
    from reports.bench.streams import Normal

CLOSE = 1e-3
STEPS = 40


@dataclass(frozen=True, kw_only=True)
class Optimum:
    """The least worst-case *delay* at a mean *run_length* without change: 0 is at once.

    *difference* is how far a coarser lattice was apart, 0 where no lattice was needed.
    """

    run_length: float
    delay: float
    difference: float = 0.0


def lorden(normal: Normal, run_length: float) -> Optimum:
    """Return the optimum for a change from the level before to the level after.

    >>> from reports.bench.streams import Normal
    >>> gaussian = Normal(kind="gaussian", before=0.0, after=1.0)
    >>> round(lorden(gaussian, 500).delay + 1, 3)
    9.158
    """
    chart = LikelihoodCUSUM(
        kind=normal.kind, before=normal.before, after=normal.after, sd=normal.spread
    )
    if normal.kind == "gaussian":
        chart = limit_for(chart, run_length=run_length)
        return Optimum(run_length=run_length, delay=mean_run_length(chart, mean=normal.after) - 1)
    return _on_lattice(chart, run_length)


def _on_lattice(chart: LikelihoodCUSUM, run_length: float) -> Optimum:
    """Interpolate between the two limits next to the run length, which is a step function."""
    low, high = 0.05, 1.0
    found = {low: _calm(chart, low)}
    while (length := found.setdefault(high, _calm(chart, high))) < run_length:
        low, high = high, high + max(0.5, log(run_length / length))
    for step in range(STEPS):
        if high - low < 1e-9 * high or found[high] < found[low] * (1 + CLOSE):
            break
        share = log(run_length / found[low]) / log(found[high] / found[low])
        middle = low + (high - low) * (min(max(share, 0.02), 0.98) if step % 3 else 0.5)
        found[middle] = _calm(chart, middle)
        low, high = (middle, high) if found[middle] < run_length else (low, middle)
    share = log(run_length / found[low]) / log(found[high] / found[low])
    ends = [
        bernoulli_run_length(replace(chart, limit=limit), rate=chart.after) for limit in (low, high)
    ]
    fine = exp((1 - share) * log(ends[0].mean) + share * log(ends[1].mean))
    coarse = exp((1 - share) * log(ends[0].coarse) + share * log(ends[1].coarse))
    return Optimum(run_length=run_length, delay=fine - 1, difference=fine - coarse)


def _calm(chart: LikelihoodCUSUM, limit: float) -> float:
    return bernoulli_run_length(replace(chart, limit=limit), rate=chart.before).mean


@dataclass(frozen=True, kw_only=True)
class Optimising:
    """The job to find the optimum for one change at one rate of false alarms."""

    normal: Normal
    run_length: float

    @property
    def name(self) -> str:
        """What its result is kept under."""
        return f"best-{digest([1, self.normal, self.run_length])}"

    def __call__(self) -> dict[str, Any]:
        """Do it."""
        return asdict(lorden(self.normal, self.run_length))
