"""When requests come, from whom and over which feed."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from sim.clock import DAY_US, HOUR_US, WEEK_US, WEEKDAYS, rate, text
from sim.errors import one_of, refuse, whole, within

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.chance import Luck

PAGE_RECORDS = 4096
_LONGEST_PAGE_US = 26 * WEEK_US


@dataclass(frozen=True, kw_only=True)
class Traffic:
    """Requests at *rate*, spaced evenly or as a Poisson process with daily and weekly rhythm.

    *rate* is the mean of a weekday. *daily* is how far it swings around that (0 to 1, lowest at
    4 in the morning), *weekend* how much of it a Saturday or Sunday has. *entities* is how many
    users come back, *sources* over how many upstream feeds their records arrive.
    """

    rate: str = "1000/h"
    arrivals: str = "poisson"
    daily: float = 0.0
    weekend: float = 1.0
    entities: int = 10_000
    sources: int = 50

    def __post_init__(self) -> None:
        rate(self.rate, "traffic.rate")
        one_of("traffic.arrivals", self.arrivals, ("poisson", "even"))
        within("traffic.daily", self.daily, 0, 1)
        within("traffic.weekend", self.weekend, 0, 10)
        if self.arrivals == "even" and (self.daily or self.weekend != 1):
            refuse("traffic.arrivals", self.arrivals, "a rhythm needs arrivals: poisson")
        whole("traffic.entities", self.entities, 1)
        whole("traffic.sources", self.sources, 1, 1_000_000)

    @property
    def per_us(self) -> Fraction:
        """The mean rate in requests a microsecond, exactly."""
        return rate(self.rate)

    def times(self, luck: Luck, grid: Grid, page: int) -> NDArray[np.int64]:
        """Return the arrival times of *page* in order (shape n)."""
        start_us, end_us = grid.bounds_us(page)
        if self.arrivals == "even":
            count, per_us = self.per_us.as_integer_ratio()
            first, last = -(-start_us * count // per_us), -(-end_us * count // per_us)
            if max(abs(first), abs(last)) * per_us < 2**62:
                return np.arange(first, last, dtype=np.int64) * per_us // count
            return np.array([k * per_us // count for k in range(first, last)], dtype=np.int64)
        slots_us = np.arange(start_us, end_us, grid.slot_us)
        generator = luck.page("traffic", page)
        counts = generator.poisson(float(self.per_us) * grid.slot_us * self._rhythm(slots_us, grid))
        starts = np.repeat(slots_us, counts) if len(slots_us) > 1 else start_us
        within_slot = generator.random(int(counts.sum())) * grid.slot_us
        times: NDArray[np.int64] = starts + within_slot.astype(np.int64)
        times.sort()
        return times

    def _rhythm(self, slots_us: NDArray[np.int64], grid: Grid) -> NDArray[np.float64]:
        middle = slots_us + grid.slot_us / 2
        rhythm = np.ones(len(slots_us))
        if self.daily:
            rhythm -= self.daily * np.cos(2 * np.pi * (middle / DAY_US - 4 / 24))
        if self.weekend != 1:
            rhythm[np.mod(middle + grid.weekday * DAY_US, WEEK_US) >= 5 * DAY_US] *= self.weekend
        return rhythm


@dataclass(frozen=True, kw_only=True)
class Names:
    """Groups of users by their *names* alone, as a column of recorded data tells them."""

    names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Segments(Names):
    """Groups of users: each user belongs to one of *names* for good, with chances *shares*."""

    shares: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if not self.names or len(set(self.names)) != len(self.names) or "" in self.names:
            refuse("segments.names", self.names, "name each segment once, as in ('web', 'app')")
        if not self.shares:
            object.__setattr__(self, "shares", (1.0 / len(self.names),) * len(self.names))
        for share in self.shares:
            within("segments.shares", share, 0, 1)
        if len(self.shares) != len(self.names) or abs(sum(self.shares) - 1.0) > 1e-9:
            refuse("segments.shares", self.shares, "give one share for each name, 1 in all")

    def of(self, luck: Luck, users: NDArray[np.int64]) -> NDArray[np.int8]:
        """Return the segment of each user (shape n)."""
        bounds = np.cumsum(self.shares)[:-1]
        places = np.searchsorted(bounds, luck.uniforms("segment", users), side="right")
        return places.astype(np.int8)


@dataclass(frozen=True)
class Grid:
    """How time is cut into pages: all spans are whole microseconds and fit into each other."""

    span_us: int
    slot_us: int
    weekday: int = 0
    """the weekday of day 0, Monday 0"""

    @classmethod
    def of(
        cls,
        traffic: Traffic,
        *,
        tick_us: int,
        batch_us: int = 0,
        epoch_us: int = 0,
        starts_on: str = "Monday",
    ) -> Grid:
        """Choose a page of about 4,096 records: whole ticks, or a whole part of one.

        Where the data follow from what was served, no page reaches from one epoch into another.
        """
        unit_us = max(tick_us, batch_us)
        if epoch_us % unit_us:
            refuse(
                "epoch", text(epoch_us), f"it must be whole ticks and batches of {text(unit_us)}"
            )
        records = float(traffic.per_us) * unit_us
        if records >= 1.5 * PAGE_RECORDS and not batch_us:
            parts = next(p for p in range(round(records / PAGE_RECORDS), 0, -1) if unit_us % p == 0)
            span_us = unit_us // parts
        else:
            times = max(1, round(PAGE_RECORDS / max(records, 1e-9)))
            if epoch_us:
                units = epoch_us // unit_us
                times = next(t for t in range(min(times, units), 0, -1) if units % t == 0)
            span_us = unit_us * min(times, max(1, _LONGEST_PAGE_US // unit_us))
        slot_us = HOUR_US if span_us % HOUR_US == 0 else span_us
        return cls(span_us, slot_us, WEEKDAYS.index(starts_on))

    def page_at(self, time_us: int) -> int:
        """Return the page that holds *time_us*."""
        return time_us // self.span_us

    def bounds_us(self, page: int) -> tuple[int, int]:
        """Return start and end of *page*."""
        return page * self.span_us, (page + 1) * self.span_us

    def ids(self, times_us: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the identity of each record: its hour slot and its number in the slot."""
        slots = times_us // self.slot_us
        starts = np.searchsorted(slots, slots)
        return (slots << 32) + np.arange(len(slots)) - starts
