"""How many requests come, against the same hours of the weeks before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.clock import HOUR_US, WEEK_US, positive_us
from sim.errors import refuse, whole, within
from strategies.detectors.above import Above
from strategies.monitors import limits
from strategies.monitors.monitor import Monitor
from strategies.monitors.wording import percent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.monitoring import Baseline, TicksSeen

    Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, repr=False)
class Volume(Monitor):
    """Alarms when far more or fewer records come than in the same hours of the *weeks* before.

    It looks every *span* and compares what came in it with the mean of the same hours of the week
    in the *weeks* before, if at least two of them are known. It alarms when the two differ by
    the share *limit* or more, and by more than chance makes of so many records once in
    *false_alarms*: a Poisson count beside a mean of some others, to which *unrest* adds what
    traffic varies besides. Fewer than *minimum* records expected are not judged.

    >>> Volume(span="2h").every
    '2h'
    """

    span: str = "1h"
    weeks: int = 4
    limit: float = 0.3
    unrest: float = 0.0
    false_alarms: str = "90d"
    minimum: int = 30
    every: str = ""
    name: str = "volume"
    layer: str = "input"
    owner: str = "data"
    clock: ClassVar[str] = "tick"
    summed: ClassVar[bool] = False
    detector: ClassVar[Above] = Above(limit=1.0)

    def __post_init__(self) -> None:
        if WEEK_US % positive_us(self.span, "volume.span"):
            refuse("volume.span", self.span, "give a whole part of a week, such as '1h' or '1d'")
        whole("volume.weeks", self.weeks, 2, 52)
        within("volume.limit", self.limit, 0, 1e9)
        within("volume.unrest", self.unrest, 0, 1e9)
        whole("volume.minimum", self.minimum, 1)
        object.__setattr__(self, "every", self.every or self.span)
        limits.cadence(self.span, self.every, self.false_alarms, "volume")

    @property
    def window(self) -> str:
        """The weeks before, and the span itself."""
        hours = self.weeks * 7 * 24 + -(-positive_us(self.span, "volume.span") // HOUR_US)
        return f"{hours}h"

    def summarise(self, seen: TicksSeen) -> NDArray[np.int64]:
        """Count the records of each tick, and note how long a tick is."""
        counts = np.diff(seen.bounds)
        return np.stack([counts, np.full(len(counts), seen.tick_us)], axis=1)

    def judge(self, counts: Floats, baseline: Baseline) -> Floats:
        """Return how far each look is beyond what is allowed, in multiples of it."""
        came, usual, known = self._beside(counts)
        spread = np.sqrt(usual * (1 + 1 / np.maximum(known, 1)) + (self.unrest * usual) ** 2)
        rare = limits.chance(self.every, self.false_alarms) / 2
        # A count has a longer tail above its mean than a normal of its spread.
        edge = limits.normal(rare)
        allowed = np.maximum(self.limit * usual, edge * spread + edge**2 / 6)
        enough = (known >= 2) & (usual >= self.minimum)
        return np.where(enough, np.abs(came - usual) / np.maximum(allowed, 1e-12), np.nan)

    def explain(self, counts: Floats, baseline: Baseline) -> tuple[tuple[str, ...], str]:
        """Say how many came, and how many usually do."""
        (came,), (usual,), (known,) = self._beside(counts[None])
        share = came / usual - 1
        how = f"{percent(abs(share))} {'more' if share > 0 else 'fewer'}"
        return (), (
            f"{int(came):,} records came in the last {self.span}, {how} than the {usual:,.0f} of "
            f"the same hours in the {int(known)} weeks before (limit {percent(self.limit)}); for "
            f"the {self.owner} owner"
        )

    def _beside(self, rows: Floats) -> tuple[Floats, Floats, Floats]:
        """Return how many came, how many usually do, and in how many weeks this is known."""
        tick_us = float(np.nanmax(rows[:, :, 1]))
        ticks = max(1, round(positive_us(self.span, "volume.span") / tick_us))
        week = round(WEEK_US / tick_us)
        stop = rows.shape[1]
        spans = [
            rows[:, stop - k * week - ticks : stop - k * week, 0].sum(axis=1)
            for k in range(self.weeks + 1)
        ]
        before = np.stack(spans[1:])
        known = (~np.isnan(before)).sum(axis=0).astype(np.float64)
        usual = np.nansum(before, axis=0) / np.maximum(known, 1)
        return spans[0], usual, known
