"""What a training may cost: where nothing has a price, the answer is a break-even."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite
from typing import TYPE_CHECKING

import numpy as np

from reports.intervals import ALPHA, UNKNOWN, Figure
from reports.words import amount

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

RESAMPLES = 4_999


@dataclass(frozen=True, kw_only=True)
class BreakEven:
    """*busy* trains more often than *idle*: it wins while a training costs less than *price*.

    *price* is in units of loss (errors, by 0/1 loss), with a bootstrap interval over seeds.
    *saved* is what it loses less in a year, *trainings* what it trains more. Where it saves
    nothing, *idle* wins at any price.
    """

    scenario: str
    busy: str
    idle: str
    saved: float
    trainings: float
    price: Figure
    unit: str = "errors"

    @property
    def words(self) -> str:
        """The answer."""
        if self.price.high <= 0:
            return f"{self.idle} wins over {self.busy}, whatever a training costs"
        if self.price.low <= 0 and not isfinite(self.price.high):
            return f"{self.busy} over {self.idle}: not settled, at no price of a training"
        if self.price.low <= 0:
            most = amount(self.price.high)
            return (
                f"{self.busy} over {self.idle}: not settled; at most {most} {self.unit} a training"
            )
        low, high = amount(self.price.low), amount(self.price.high)
        return (
            f"{self.busy} wins over {self.idle} while a training costs less than "
            f"{amount(self.price.value)} {self.unit} ({low} to {high})"
        )


def break_even(
    one: Floats,
    other: Floats,
    *,
    names: tuple[str, str],
    scenario: str = "",
    unit: str = "errors",
) -> BreakEven | None:
    """Return the price at which two strategies cost the same; None if they train as often.

    *one* and *other* hold loss and trainings of each seed (shape seeds × 2).
    """
    apart = np.asarray(other, dtype=np.float64) - np.asarray(one, dtype=np.float64)
    apart = apart[np.isfinite(apart).all(axis=1)]
    if not len(apart) or not (more := -float(apart[:, 1].mean())):
        return None
    busy, idle = names
    if more < 0:
        busy, idle, apart, more = idle, busy, -apart, -more
    saved = float(apart[:, 0].mean())
    return BreakEven(
        scenario=scenario,
        busy=busy,
        idle=idle,
        saved=saved,
        trainings=more,
        price=_price(apart, saved / more),
        unit=unit,
    )


def _price(apart: Floats, value: float) -> Figure:
    """Return the price with the interval that whole seeds, resampled, give."""
    count = len(apart)
    if count < 2:
        return UNKNOWN if not count else Figure(value=value, low=-inf, high=inf)
    rows = np.random.Generator(np.random.SFC64(count)).integers(0, count, (RESAMPLES, count))
    means = apart[rows].mean(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = means[:, 0] / -means[:, 1]
    ratios = np.where(means[:, 1] < 0, ratios, np.sign(means[:, 0]) * inf)
    low, high = np.quantile(np.nan_to_num(ratios, nan=0.0), [ALPHA / 2, 1 - ALPHA / 2])
    return Figure(value=value, low=float(low), high=float(high))
