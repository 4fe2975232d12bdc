"""Intervals: of means over independent runs, of shares, of censored delays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, inf, log, sqrt
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Numbers = NDArray[np.float64] | NDArray[np.int64]

ALPHA = 0.05
"""An interval misses with this chance."""
Z = 1.959963984540054  # 95 %


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number with its 95 % interval from *low* to *high*; NaN and infinity where unknown."""

    value: float
    low: float
    high: float

    @property
    def known(self) -> bool:
        """Whether the interval says anything."""
        return self.low > -inf and self.high < inf

    @property
    def standard_error(self) -> float:
        """The standard error that the interval amounts to."""
        return (self.high - self.low) / (2 * Z)


UNKNOWN = Figure(value=float("nan"), low=-inf, high=inf)


def mean(values: Sequence[float] | Floats, *, alpha: float = ALPHA) -> Figure:
    """Return the mean of independent *values* with its t interval; one alone has none.

    >>> mean([1.0, 2.0, 3.0]).value
    2.0
    """
    numbers = np.asarray(values, dtype=np.float64)
    if not len(numbers):
        return UNKNOWN
    middle = float(numbers.mean())
    if len(numbers) == 1:
        return Figure(value=middle, low=-inf, high=inf)
    error = float(numbers.std(ddof=1)) / sqrt(len(numbers))
    return about(middle, error, len(numbers) - 1, alpha=alpha)


def about(
    value: float, standard_error: float, freedom: int = 10**6, *, alpha: float = ALPHA
) -> Figure:
    """Return *value* with the interval that its standard error gives."""
    from scipy.special import stdtrit  # type: ignore[import-untyped]

    half = float(stdtrit(freedom, 1 - alpha / 2)) * standard_error
    return Figure(value=value, low=value - half, high=value + half)


def ratio(tops: Sequence[float] | Numbers, bottoms: Sequence[float] | Numbers) -> Figure:
    """Return sum(*tops*) / sum(*bottoms*) over independent runs, by linearisation."""
    top, bottom = np.asarray(tops, dtype=np.float64), np.asarray(bottoms, dtype=np.float64)
    if not bottom.sum():
        return UNKNOWN
    value = float(top.sum() / bottom.sum())
    if len(top) == 1:
        return Figure(value=value, low=-inf, high=inf)
    spread = float((top - value * bottom).std(ddof=1)) * sqrt(len(top)) / float(bottom.sum())
    return about(value, spread, len(top) - 1)


def share(part: int, whole: int, *, alpha: float = ALPHA) -> Figure:
    """Return part / whole with the exact interval of Clopper and Pearson."""
    from scipy.special import betaincinv

    if not whole:
        return UNKNOWN
    low = float(betaincinv(part, whole - part + 1, alpha / 2)) if part else 0.0
    high = float(betaincinv(part + 1, whole - part, 1 - alpha / 2)) if part < whole else 1.0
    return Figure(value=part / whole, low=low, high=high)


@dataclass(frozen=True)
class Survival:
    """Kaplan and Meier's curve: after each of *times* so much is *left*, so sure is its log-log."""

    times: Floats
    left: Floats
    log_log_error: Floats

    @classmethod
    def of(cls, delays: Floats, seen: NDArray[np.bool_]) -> Survival:
        """Estimate it; *delays* are those to the end of watching where nothing was *seen*."""
        order = np.argsort(delays, kind="stable")
        delays, seen = delays[order], seen[order]
        times = np.unique(delays[seen])
        at_risk = len(delays) - delays.searchsorted(times, side="left")
        events = np.diff(delays[seen].searchsorted(times, side="left"), append=int(seen.sum()))
        left = np.cumprod(1 - events / at_risk, dtype=np.float64)
        with np.errstate(divide="ignore", invalid="ignore"):
            greenwood = np.cumsum(events / (at_risk * (at_risk - events)))
            error = np.sqrt(greenwood) / np.abs(np.log(left))
        return cls(times, np.asarray(left), np.asarray(error, dtype=np.float64))

    def quantile(self, share: float) -> Figure:
        """Return when *share* of all is over, infinite if it never is (Brookmeyer, Crowley)."""
        target = log(-log(1 - share))
        with np.errstate(divide="ignore", invalid="ignore"):
            apart = np.log(-np.log(self.left)) - target
        reach = Z * np.nan_to_num(self.log_log_error, nan=inf)
        over = np.where(self.left <= 0, inf, apart)
        return Figure(
            value=self._first(self.left <= 1 - share + 1e-12),
            low=self._first(over + reach >= 0),
            high=self._first(over - np.where(np.isinf(over), 0.0, reach) > 0),
        )

    def _first(self, reached: NDArray[np.bool_]) -> float:
        return float(self.times[reached.argmax()]) if reached.any() else inf


def log_ratio(one: Figure, two: Figure) -> Figure:
    """Return one / two, taken as independent, with the interval of the logarithm."""
    if not (one.known and two.known and one.value > 0 and two.value > 0):
        return UNKNOWN
    value = one.value / two.value
    error = sqrt((one.standard_error / one.value) ** 2 + (two.standard_error / two.value) ** 2)
    return Figure(value=value, low=value * exp(-Z * error), high=value * exp(Z * error))
