"""How far apart two samples of one distribution come to lie: limits that keep a promise.

Where a share of records differs from a baseline by chance alone, it does so as on *n* records with
1/n = 1/(in the window) + 1/(in training), for the baseline is a sample too.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.clock import positive_us
from sim.errors import refuse

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

DRAWS = 100_000


def cadence(window: int | str, every: str, false_alarms: str, field: str) -> str:
    """Return how often to look so that *false_alarms* can be promised: once a window by default."""
    promised_us = positive_us(false_alarms, f"{field}.false_alarms")
    if every == "0":
        if not isinstance(window, str):
            remedy = "write a duration such as '1d', or say every"
            refuse(f"{field}.window", window, f"with false_alarms {remedy}")
        every = window
    if promised_us < 2 * positive_us(every, f"{field}.every"):
        refuse(f"{field}.false_alarms", false_alarms, f"give at least two looks of {every}")
    return every


def chance(every: str, false_alarms: str, watched: int = 1) -> float:
    """Return how rarely one of *watched* things may alarm at a look, if nothing is wrong.

    >>> chance("1d", "100d"), round(chance("1d", "100d", 10), 6)
    (0.01, 0.001005)
    """
    per_look = positive_us(every, "every") / positive_us(false_alarms, "false_alarms")
    if watched == 1:
        return per_look
    return 1.0 - float((1.0 - per_look) ** (1.0 / watched))


def effective(count: NDArray[Any], trained: NDArray[Any]) -> Floats:
    """Return on how many records the difference of two samples is as large as that of one."""
    return np.asarray(1.0 / (1.0 / np.maximum(count, 1) + 1.0 / np.maximum(trained, 1)))


def chi_square(freedom: int, rare: float) -> float:
    """Return what a chi-square exceeds with chance *rare*."""
    from scipy.special import chdtri  # type: ignore[import-untyped]

    return float(chdtri(max(freedom, 1), rare))


def normal(rare: float) -> float:
    """Return what a standard normal exceeds with chance *rare*."""
    from scipy.special import ndtri

    return float(-ndtri(rare))


def student(freedom: int, rare: float) -> float:
    """Return what Student's t exceeds with chance *rare*."""
    from scipy.special import stdtrit

    return float(-stdtrit(freedom, rare))


def total_variation(shares: Floats, rare: float) -> float:
    """Return what half the summed differences of shares, times root n, exceed with *rare*."""
    return _beyond(*_tail(_half_sum, shares.tobytes(), b""), rare)


def largest_gap(shares: Floats, rare: float) -> float:
    """Return what the largest gap of cumulative shares, times root n, exceeds with *rare*."""
    return _beyond(*_tail(_gap, shares.tobytes(), b""), rare)


def wasserstein(shares: Floats, steps: Floats, rare: float) -> float:
    """Return what the summed gaps times *steps*, times root n, exceed with chance *rare*."""
    return _beyond(*_tail(_moved, shares.tobytes(), steps.tobytes()), rare)


def _half_sum(differences: Floats, _: Floats) -> Floats:
    return np.asarray(np.abs(differences).sum(axis=1) / 2)


def _gap(differences: Floats, _: Floats) -> Floats:
    return np.asarray(np.abs(np.cumsum(differences, axis=1)).max(axis=1))


def _moved(differences: Floats, steps: Floats) -> Floats:
    return np.asarray(np.abs(np.cumsum(differences, axis=1)[:, :-1]) @ steps)


@lru_cache(maxsize=512)
def _tail(
    statistic: Callable[[Floats, Floats], Floats], shares: bytes, steps: bytes
) -> tuple[float, float]:
    """Return what chance alone exceeds once in 100 and once in 1,000, by simulation."""
    from sim.chance import Luck

    expected = np.frombuffer(shares)
    drawn = Luck(0).page("limits of monitors", 0).standard_normal((DRAWS, len(expected)))
    drawn *= np.sqrt(expected)
    drawn -= drawn.sum(axis=1, keepdims=True) * expected
    values = np.sort(statistic(drawn, np.frombuffer(steps)))
    return float(values[-DRAWS // 100]), float(values[-DRAWS // 1000])


def _beyond(once_in_100: float, once_in_1000: float, rare: float) -> float:
    """Return the value that is exceeded with chance *rare*: such tails fall with the square."""
    fall = np.log(10.0) / max(once_in_1000**2 - once_in_100**2, 1e-300)
    return float(np.sqrt(max(0.0, once_in_100**2 + np.log(0.01 / rare) / fall)))
