"""Mean run lengths of the Bernoulli oracle: a Markov chain on a lattice, at two refinements.

The sum goes up by one step and down by another, whose ratio is seldom a fraction. The lattice
takes the nearest fraction with a bounded denominator, so places close to the limit may fall on the
wrong side of it; how much that matters shows when the bound is raised.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from sim.errors import refuse, within
from strategies.detectors import LikelihoodCUSUM

Floats = NDArray[np.float64]

COARSE, FINE = 1_000, 16_000  # places between 0 and the limit, at most
ENOUGH = 1e-13


@dataclass(frozen=True, kw_only=True)
class OnLattice:
    """A *mean* run length on the finer of two lattices, and on the *coarse* one."""

    mean: float
    coarse: float

    @property
    def difference(self) -> float:
        """How far the two are apart."""
        return self.mean - self.coarse


@dataclass(frozen=True, kw_only=True)
class Lattice:
    """Steps *up* and *down*, the last place *top* before an alarm, and the *start*."""

    up: int
    down: int
    top: int
    start: int


def bernoulli_run_length(chart: LikelihoodCUSUM, *, rate: float, steady: bool = False) -> OnLattice:
    """Return the mean run length of *chart* on errors of the given *rate*.

    The rate is there from the first value; or, if *steady*, from a late one, given no alarm
    while it was the chart's rate before.

    >>> chart = LikelihoodCUSUM(kind="bernoulli", before=0.1, after=0.3, limit=3.6408)
    >>> round(bernoulli_run_length(chart, rate=0.3).mean, 2)
    21.17
    """
    if chart.kind != "bernoulli":
        refuse("LikelihoodCUSUM.kind", chart.kind, "mean_run_length is for normal values")
    within("rate", rate, 0, 1)
    rises = chart.slope > 0  # does an error raise the sum, or does it lower it?
    up, before = (rate, chart.before) if rises else (1 - rate, 1 - chart.before)
    coarse, fine = (
        _run_length(_lattice(chart, places), up, before if steady else None)
        for places in (COARSE, FINE)
    )
    return OnLattice(mean=fine, coarse=coarse)


def _lattice(chart: LikelihoodCUSUM, places: int) -> Lattice:
    steps = chart.at_zero, chart.at_zero + chart.slope
    up, down = max(steps), -min(steps)
    most = int(places * min(up, down) / max(chart.limit, up, down))
    if up < down:
        ratio = 1 / Fraction(down / up).limit_denominator(max(1, most))
    else:
        ratio = Fraction(up / down).limit_denominator(max(1, most))
    unit = (up + down) / (ratio.numerator + ratio.denominator)
    return Lattice(
        up=ratio.numerator,
        down=ratio.denominator,
        top=int(chart.limit / unit + 1e-9),
        start=round(chart.head_start / unit),
    )


def _go_on(rest: Floats, lattice: Lattice, up: float) -> Floats:
    """Return the mean of *rest* one value later, where place 0 and an alarm count as 0."""
    mean = np.zeros_like(rest)
    if lattice.up <= lattice.top:
        mean[: -lattice.up] = up * rest[lattice.up :]
    if lattice.down < lattice.top:
        mean[lattice.down + 1 :] += (1 - up) * rest[1 : -lattice.down]
    return mean


def _run_length(lattice: Lattice, up: float, before: float | None) -> float:
    """Cut the run at its visits of 0: so long is a cycle, so likely does it end in an alarm."""
    size = lattice.top + 1
    at_once = np.where(np.arange(size) + lattice.up > lattice.top, up, 0.0)
    length, alarm = np.zeros(size), np.zeros(size)
    while True:
        longer, likelier = 1 + _go_on(length, lattice, up), at_once + _go_on(alarm, lattice, up)
        change = max(np.abs(longer - length).max() / longer.max(), np.abs(likelier - alarm).max())
        length, alarm = longer, likelier
        if change < ENOUGH:
            break
    if alarm[0] == 0:
        return float("inf")
    rest = length + (1 - alarm) * (length[0] / alarm[0])
    return float(rest[lattice.start] if before is None else _where(lattice, before) @ rest)


def _where(lattice: Lattice, up: float) -> Floats:
    """Return how likely each place is after a long time without alarm."""
    here = np.zeros(lattice.top + 1)
    here[0] = 1.0
    while True:
        there = np.zeros_like(here)
        there[lattice.up :] = up * here[: max(0, len(here) - lattice.up)]
        there[0] += (1 - up) * here[: lattice.down + 1].sum()
        kept = here[lattice.down + 1 :]
        there[1 : 1 + len(kept)] += (1 - up) * kept
        there /= there.sum()
        if np.abs(there - here).sum() < ENOUGH:
            return there
        here = there
