"""Our own way to score: every alarm counted, every run, and what was missed beside the delay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from reports import intervals
from reports.intervals import Figure, Survival

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Heard:
    """What a detector did on one stream of *n* values with *drifts*, pairs (start, end).

    *alarms* are places of values, in order. Value i was known when value i + *late* occurred.
    """

    n: int
    drifts: tuple[tuple[int, int], ...]
    alarms: tuple[int, ...]
    late: int = 0


@dataclass(frozen=True)
class Complete:
    """The scores of independent runs.

    The first alarm from a drift's start on, before the next drift or the end, is its detection;
    further ones while the same drift still goes on are repeats; every other alarm is false,
    before the first drift, in the tail and on streams without drift too. A drift that nobody
    detects is missed, and its delay censored at the next drift or the end. False alarms are
    counted per value at which one could have come: no drift was open.
    """

    runs: tuple[Heard, ...]

    @cached_property
    def _episodes(self) -> tuple[Floats, NDArray[np.bool_], Floats, NDArray[np.int64]]:
        """Return delays, which were seen, how long each was watched, and the run of each."""
        delays, seen, watched, whose = [], [], [], []
        for number, run in enumerate(self.runs):
            for (start, _), end in zip(run.drifts, _ends(run), strict=True):
                first = next((a for a in run.alarms if start <= a < end), None)
                delays.append((end if first is None else first) - start)
                seen.append(first is not None)
                watched.append(end - start)
                whose.append(number)
        return (
            np.array(delays, dtype=np.float64),
            np.array(seen, dtype=bool),
            np.array(watched, dtype=np.float64),
            np.array(whose, dtype=np.int64),
        )

    @cached_property
    def false(self) -> list[int]:
        """How many false alarms each run had."""
        return [_false(run)[0] for run in self.runs]

    @cached_property
    def exposure(self) -> list[int]:
        """At how many values of each run an alarm would have been false."""
        return [_false(run)[1] for run in self.runs]

    def false_per(self, n: int) -> Figure:
        """Return false alarms per *n* values with no drift open."""
        found = intervals.ratio(np.array(self.false) * n, self.exposure)
        return Figure(value=found.value, low=max(0.0, found.low), high=found.high)

    @property
    def drifts(self) -> int:
        """How many drifts there were."""
        return len(self._episodes[0])

    @property
    def missed(self) -> Figure:
        """The share of drifts that was missed; its interval takes drifts as independent."""
        seen = self._episodes[1]
        return intervals.share(int((~seen).sum()), len(seen))

    @cached_property
    def survival(self) -> Survival:
        """How the share of drifts not yet detected falls."""
        delays, seen, _, _ = self._episodes
        return Survival.of(delays, seen)

    def delay(self, share: float = 0.5) -> Figure:
        """Return the delay within which *share* of the drifts is detected, in label arrivals.

        That is how many values after the drift's first one were known: 0 is at once.
        """
        return self.survival.quantile(share) if self.drifts else intervals.UNKNOWN

    def mean_delay(self) -> Figure:
        """Return the mean delay restricted to the time for which every drift was watched."""
        values = self.restricted()
        return intervals.mean(values[~np.isnan(values)])

    def restricted(self) -> Floats:
        """Return each run's mean of min(delay, the time every drift was watched), NaN for none."""
        delays, _, watched, whose = self._episodes
        found = np.full(len(self.runs), np.nan)
        if len(delays):
            short = np.minimum(delays, watched.min())
            counts = np.bincount(whose, minlength=len(self.runs))
            sums = np.bincount(whose, weights=short, minlength=len(self.runs))
            found[counts > 0] = sums[counts > 0] / counts[counts > 0]
        return found

    @property
    def restricted_to(self) -> float:
        """Return the delay to which means are restricted."""
        watched = self._episodes[2]
        return float(watched.min()) if len(watched) else float("nan")

    @property
    def late(self) -> int:
        """How many values later than in label arrivals an alarm comes, counted in occurrences."""
        return self.runs[0].late if self.runs else 0


def in_occurrences(delay: Figure, late: int) -> Figure:
    """Return a delay in label arrivals as one in occurrences: records that users met meanwhile."""
    return Figure(value=delay.value + late, low=delay.low + late, high=delay.high + late)


def _false(run: Heard) -> tuple[int, int]:
    """Return the false alarms of a run, and at how many values one could have come."""
    if not run.drifts:
        return len(run.alarms), run.n
    false, exposure = sum(a < run.drifts[0][0] for a in run.alarms), run.drifts[0][0]
    for (start, stop), end in zip(run.drifts, _ends(run), strict=True):
        mine: Sequence[int] = [a for a in run.alarms if start <= a < end]
        if mine:
            quiet = max(mine[0] + 1, min(stop, end))  # from here on nothing is open
            false += sum(a >= quiet for a in mine[1:])
            exposure += end - quiet
    return false, exposure


def _ends(run: Heard) -> list[int]:
    """Return how far each drift is watched: to the next one, the last to the end."""
    return [*(start for start, _ in run.drifts), run.n][1:]
