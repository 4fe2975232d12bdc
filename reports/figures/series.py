"""The lines of a timeline: a ledger's sums per tick, smoothed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from reports.measures.pairing import ended_us
from reports.words import WRONG_IS_ONE
from sim.clock import DAY_US, WEEK_US
from sim.facts import WINDOW_REQUESTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from reports.result import Result
    from sim.ledger import Ledger

    Floats = NDArray[np.float64]

MOST_POINTS = 1_500
LONGEST_DAYS = 14


@dataclass(frozen=True)
class Lines:
    """Quality over time (arrays of shape n; *weeks* since the launch), higher or lower is *good*.

    *window* says over how long before it each point is the mean.
    """

    weeks: Floats
    live: Floats
    calm: Floats
    ideal: Floats
    window: str
    as_share: bool

    def rows(self) -> tuple[Floats, Floats, Floats]:
        """All lines."""
        return self.live, self.calm, self.ideal


def lines(result: Result) -> Lines:
    """Return the lines of a result."""
    run, calm = result.run, result.calm
    tick_us = run.timeline.tick_us
    ticks = _window_ticks(run)
    as_share = str(run.scenario["loss"]).startswith(WRONG_IS_ONE)
    ends = [ended_us(ledger) // tick_us for ledger in (run, calm)]
    places = np.unique(np.linspace(1, max(*ends, 1), MOST_POINTS).astype(np.int64))
    live = _smooth(run, run.timeline.loss, ticks, ends[0], places)
    twin = _smooth(calm, calm.timeline.loss, ticks, ends[1], places)
    ideal = _smooth(run, run.timeline.ideal, ticks, ends[0], places)
    if "ideal" in run.scenario.get("unavailable", ()):
        ideal = np.full(len(ideal), np.nan)
    if as_share:
        live, twin, ideal = 1 - live, 1 - twin, 1 - ideal
    weeks = np.asarray(places * (tick_us / WEEK_US), dtype=np.float64)
    days = ticks * tick_us / DAY_US
    return Lines(weeks, live, twin, ideal, f"{days:.3g}-day mean", as_share)


def _window_ticks(run: Ledger) -> int:
    """Return a day in ticks, or as many whole days as 5,000 requests usually take."""
    tick_us = run.timeline.tick_us
    day = -(-DAY_US // tick_us)
    served, ticks = int(run.timeline.count.sum()), max(1, ended_us(run) // tick_us)
    days = min(LONGEST_DAYS, -(-WINDOW_REQUESTS * ticks // max(1, served * day)))
    return day * max(1, days)


def _smooth(
    ledger: Ledger, values: Floats, window: int, end: int, places: NDArray[np.int64]
) -> Floats:
    """Return the mean over the *window* ticks before each place, NaN beyond *end*."""
    count = np.concatenate([[0], np.cumsum(ledger.timeline.count.sum(axis=1))])
    total = np.concatenate([[0.0], np.cumsum(values.sum(axis=1))])
    stop = np.minimum(places, len(count) - 1)
    start = np.maximum(0, stop - window)
    served = count[stop] - count[start]
    mean = (total[stop] - total[start]) / np.maximum(served, 1)
    full = places >= min(window, max(1, end // 4))  # a mean of a few hours would only be noise
    return np.where((served > 0) & full & (places <= end), mean, np.nan)


def shares(ledger: Ledger, bins: int = 400) -> tuple[Floats, Floats]:
    """Return edges in weeks (bins + 1) and the share of each arm between them (4, bins)."""
    tick_us = ledger.timeline.tick_us
    ticks = len(ledger.timeline)
    edges = np.unique(np.linspace(0, ticks, min(bins, ticks) + 1).astype(np.int64))
    count = np.concatenate([np.zeros((1, 4)), np.cumsum(ledger.timeline.count, axis=0)])
    served = np.diff(count[edges], axis=0).T
    weeks = np.asarray(edges * (tick_us / WEEK_US), dtype=np.float64)
    return weeks, np.asarray(served / np.maximum(served.sum(axis=0), 1), dtype=np.float64)
