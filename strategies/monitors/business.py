"""Business figures against their own recent past, with the season in mind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.clock import WEEK_US
from sim.errors import one_of, refuse, whole, within
from sim.timeline import ARMS
from sim.users import BUSINESS, VITALS
from strategies.detectors.steps import Steps
from strategies.monitors import limits
from strategies.monitors.monitor import Monitor
from strategies.monitors.wording import amount, percent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.monitoring import Baseline, DeskSeen

    Floats = NDArray[np.float64]

MEANS = ("retention", "survey")
"""Levels: of these the mean over a week counts, of all others the sum."""
WORSE_ABOVE = ("complained", "escalated")


@dataclass(frozen=True, kw_only=True, repr=False)
class Business(Monitor):
    """Alarms when a figure of the last seven days is worse than its own past lets expect.

    *of* is 'revenue', 'retention', 'survey', or how many were 'accepted', 'completed' or have
    'complained' (the support load) or 'escalated'. Every day the last seven days, which hold each
    weekday once, are held against the *weeks* before, continued along their trend. It alarms
    where the figure is worse by the share *drop* or more (*roll_back*: a second share), and by
    more than the scatter of those weeks around their trend makes once in *false_alarms*. It is
    slow, and the last to know: a week of trouble is mixed in day by day, and a bend of the yearly
    season looks like trouble if *drop* is smaller than it.

    >>> Business(of="complained", drop=0.5).worse
    'above'
    """

    of: str = "revenue"
    drop: float = 0.1
    roll_back: float | None = None
    weeks: int = 8
    false_alarms: str = "5y"
    every: str = "1d"
    name: str = ""
    layer: str = "business"
    owner: str = "product"
    clock: ClassVar[str] = "desk"
    summed: ClassVar[bool] = False

    def __post_init__(self) -> None:
        one_of("business.of", self.of, (*BUSINESS, *VITALS))
        whole("business.weeks", self.weeks, 4, 26)
        within("business.drop", self.drop, 0, 1e9)
        if self.roll_back is not None and self.roll_back <= self.drop:
            refuse("business.roll_back", self.roll_back, f"it must be above drop ({self.drop:g})")
        object.__setattr__(self, "name", self.name or self.of)
        limits.cadence("1d", self.every, self.false_alarms, "business")

    @property
    def detector(self) -> Steps:
        """The shares."""
        return Steps(limit=self.drop, grave=self.roll_back)

    @property
    def window(self) -> str:
        """The weeks before, and the last."""
        return f"{self.weeks + 1}w"

    @property
    def worse(self) -> str:
        """On which side trouble lies."""
        return "above" if self.of in WORSE_ABOVE else "below"

    def grave(self, value: float) -> bool:
        """Say whether *value* is a reason to roll back."""
        return self.roll_back is not None and value > self.roll_back

    def summarise(self, seen: DeskSeen) -> Floats:
        """Return the figure of each tick, NaN if there is none, and how long a tick is."""
        told, observed = seen.told, seen.observed
        ticks = len(seen.bounds) - 1
        values = np.full(ticks, np.nan)
        if self.of in told.business:
            values = observed["business"][:, told.business.index(self.of)].astype(np.float64)
        elif self.of in told.vitals:
            place = told.vitals.index(self.of) * len(ARMS)
            values = observed["vital_sum"][:, place : place + len(ARMS)].sum(axis=1)
        return np.stack([values, np.full(ticks, float(seen.tick_us))], axis=1)

    def judge(self, counts: Floats, baseline: Baseline) -> Floats:
        """Return how much worse the last week is, as a share; 0 where chance may do it."""
        expected, now, scatter = self._beside(counts)
        sign = -1.0 if self.worse == "below" else 1.0
        rare = limits.chance(self.every, self.false_alarms)
        edge = limits.student(self.weeks - 2, rare)
        worse = sign * (now - expected)
        share = worse / np.maximum(np.abs(expected), 1e-12)
        known = np.isfinite(expected) & np.isfinite(now)
        beyond_chance = np.where(worse > edge * scatter, share, np.minimum(share, 0.0))
        return np.where(known, beyond_chance, np.nan)

    def explain(self, counts: Floats, baseline: Baseline) -> tuple[tuple[str, ...], str]:
        """Say how much, against what was to be expected."""
        (expected,), (now,), (scatter,) = self._beside(counts[None])
        share = abs(now - expected) / max(abs(expected), 1e-12)
        return (), (
            f"{self.of} of the last 7 days is {amount(now)}, {percent(share)} {self.worse} the "
            f"{amount(expected)} that the trend of the {self.weeks} weeks before lets expect "
            f"(limit {percent(self.drop)}, their scatter {amount(scatter)}), on "
            f"{self.weeks + 1} weeks of records; for the {self.owner} owner"
        )

    def _beside(self, rows: Floats) -> tuple[Floats, Floats, Floats]:
        """Return what the trend lets expect, what was, and the scatter of such a forecast."""
        week = round(WEEK_US / float(np.nanmax(rows[:, :, 1])))
        count = self.weeks + 1
        table = rows[:, rows.shape[1] - count * week :, 0].reshape(len(rows), count, week)
        weekly = table.mean(axis=2) if self.of in MEANS else table.sum(axis=2)
        past, now = weekly[:, :-1], weekly[:, -1]
        place = np.arange(self.weeks) - (self.weeks - 1) / 2
        slope = past @ place / (place @ place)
        middle = past.mean(axis=1)
        ahead = (self.weeks + 1) / 2
        expected = middle + slope * ahead
        rest = past - middle[:, None] - slope[:, None] * place
        spread = np.sqrt((rest**2).sum(axis=1) / (self.weeks - 2))
        forecast = np.sqrt(1 + 1 / self.weeks + ahead**2 / (place @ place))
        return expected, now, spread * forecast
