"""Two strategies under the same luck: how much they differ, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil, isfinite, sqrt
from typing import TYPE_CHECKING

import numpy as np

from reports import intervals
from reports.intervals import ALPHA, UNKNOWN, Figure

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

BETTER, WORSE, IDENTICAL, EQUAL, UNSETTLED = "better", "worse", "identical", "equal", "unknown"
"""What *one* is beside the *other*; equal: surely by less than the margin."""
POWER = 0.8
MOST_MORE = 1_000_000
RESAMPLES = 9_999
FEW = 10
Interval = Callable[["Floats", float], Figure]
"""Makes an interval for a mean difference of the differences and alpha."""


@dataclass(frozen=True, kw_only=True)
class Contrast:
    """*one* less *other* by *measure*, in one *scenario* or, if that is '', over all of them.

    *difference* has an interval that misses with *alpha*, the share of this contrast in 5 %.
    Less is better: *wins* are the seeds in which *one* has less, *beats* their share. *margin* is
    what the user would call a difference, and *more* so many seeds more would find one of that
    size with power 80 % (None: unknown, or settled).
    """

    scenario: str
    measure: str
    one: str
    other: str
    seeds: int
    difference: Figure
    alpha: float
    wins: int
    ties: int
    losses: int
    beats: Figure
    margin: float = 0.0
    more: int | None = None

    @property
    def verdict(self) -> str:
        """What *one* is beside the *other*, as far as that is sure."""
        if self.seeds and self.ties == self.seeds and self.seeds > 1:
            return IDENTICAL
        if self.difference.high < 0:
            return BETTER
        if self.difference.low > 0:
            return WORSE
        if self.margin and -self.margin < self.difference.low <= self.difference.high < self.margin:
            return EQUAL
        return UNSETTLED

    @property
    def settled(self) -> bool:
        """Whether the evidence says anything."""
        return self.verdict != UNSETTLED


def differences(one: Floats, other: Floats) -> Floats:
    """Return *one* − *other* (both shape seeds, or seeds × scenarios), seed by seed.

    A seed in which either is unknown is left out; over scenarios the mean difference counts.
    """
    apart = np.asarray(one, dtype=np.float64) - np.asarray(other, dtype=np.float64)
    if apart.ndim > 1:
        apart = apart.mean(axis=1)
    return np.asarray(apart[np.isfinite(apart)])


def mean_difference(apart: Floats, alpha: float) -> Figure:
    """Return the mean of paired differences with its t interval; of one seed: unknown."""
    return intervals.mean(apart, alpha=alpha)


def resampled(apart: Floats, alpha: float) -> Figure:
    """Return the mean of *apart* with a bootstrap interval, whole seeds resampled.

    Each resample is studentised (Efron and Tibshirani, 12.5): with 30 seeds and a small *alpha*
    plain percentiles are too narrow. The resamples are the same in every process. Fewer seeds than
    ten cannot stand for more, and get the t interval.
    """
    count = len(apart)
    if count < FEW:
        return intervals.mean(apart, alpha=alpha)
    middle, error = float(apart.mean()), float(apart.std(ddof=1)) / sqrt(count)
    if error == 0.0:
        return Figure(value=middle, low=middle, high=middle)
    rows = apart[np.random.Generator(np.random.SFC64(count)).integers(0, count, (RESAMPLES, count))]
    spread = rows.std(axis=1, ddof=1)
    drawn = spread > 0
    t = (rows.mean(axis=1)[drawn] - middle) / (spread[drawn] / sqrt(count))
    low, high = np.quantile(t, [alpha / 2, 1 - alpha / 2])
    return Figure(value=middle, low=middle - float(high) * error, high=middle - float(low) * error)


def more_seeds(apart: Floats, margin: float, alpha: float) -> int | None:
    """Return how many seeds more would find a difference of *margin* with power 80 %.

    It aims at the margin and never at the difference that was seen.
    """
    from scipy.special import ndtri, stdtrit  # type: ignore[import-untyped]

    count = len(apart)
    if count < 2 or not margin > 0 or not isfinite(margin):
        return None
    spread = float(apart.std(ddof=1))
    needed = 2
    for _ in range(50):
        reach = float(stdtrit(needed - 1, 1 - alpha / 2) + ndtri(POWER))
        wanted = max(2, ceil(min((reach * spread / margin) ** 2, count + MOST_MORE)))
        if wanted == needed:
            break
        needed = (wanted + needed + 1) // 2 if wanted < needed else wanted
    return max(0, needed - count)


def contrast(
    one: Floats,
    other: Floats,
    *,
    names: tuple[str, str],
    measure: str,
    scenario: str = "",
    contrasts: int = 1,
    margin: float = 0.0,
    interval: Interval = mean_difference,
) -> Contrast:
    """Hold *one* against *other*, values of the same seeds; less is better.

    *contrasts* is how many are told for this measure: each gets its share of 5 % (Bonferroni).

    >>> same = contrast(np.array([1.0, 2.0]), np.array([1.0, 2.0]), names=("A", "B"), measure="x")
    >>> same.verdict, same.ties
    ('identical', 2)
    """
    apart, alpha = differences(one, other), ALPHA / max(contrasts, 1)
    wins, losses = int((apart < 0).sum()), int((apart > 0).sum())
    told = Contrast(
        scenario=scenario,
        measure=measure,
        one=names[0],
        other=names[1],
        seeds=len(apart),
        difference=interval(apart, alpha) if len(apart) else UNKNOWN,
        alpha=alpha,
        wins=wins,
        ties=len(apart) - wins - losses,
        losses=losses,
        beats=intervals.share(wins, len(apart), alpha=alpha),
        margin=margin,
    )
    if told.settled:
        return told
    return replace(told, more=more_seeds(apart, margin, alpha))
