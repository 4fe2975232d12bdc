"""Whether chances mean what they say: how far they are from what comes true, week by week."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from reports.measures.pairing import ended_us
from sim.clock import DAY_US, WEEK_US
from sim.evaluation import BINS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.ledger import Ledger

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

FEWEST_WEEKS = 8
"""A shorter year is told day by day."""
COUNT, SAID, CAME, SPREAD, BRIER = range(5)


@dataclass(frozen=True)
class Calibrated:
    """What chances were worth from *start_us* to *stop_us*, from *sums* by bins (5 × bins).

    The sums are of the answers, their chances of outcome 1, the outcomes 1, chance × (1 − chance),
    and the squared distance between chance and outcome.
    """

    start_us: int
    stop_us: int
    sums: Floats

    @property
    def answers(self) -> int:
        """How many answers stood for a chance."""
        return int(self.sums[COUNT].sum())

    @property
    def error(self) -> float:
        """The mean distance between chance and frequency, bin by bin."""
        return float(np.abs(self.sums[SAID] - self.sums[CAME]).sum()) / max(self.answers, 1)

    @property
    def by_chance(self) -> float:
        """The error to be expected of chances that are exactly right, from so few answers."""
        return float(np.sqrt(self.sums[SPREAD] * (2 / np.pi)).sum()) / max(self.answers, 1)

    @property
    def brier(self) -> float:
        """The mean squared distance between chance and outcome."""
        return float(self.sums[BRIER].sum()) / max(self.answers, 1)

    @property
    def said(self) -> float:
        """The mean chance."""
        return float(self.sums[SAID].sum()) / max(self.answers, 1)

    @property
    def came(self) -> float:
        """How often outcome 1 came true."""
        return float(self.sums[CAME].sum()) / max(self.answers, 1)


@dataclass(frozen=True)
class Calibration:
    """How well a run's chances held: over the *whole* year, and in each of its *stretches*."""

    whole: Calibrated
    stretches: tuple[Calibrated, ...]


def calibration(run: Ledger) -> Calibration | None:
    """Return how well chances held; None without outcomes, or where no version gave chances.

    Stretches are weeks, or days where the year is shorter than eight weeks; the last may be
    shorter, and those without such answers are left out.
    """
    kept, end_us = run.outcomes, ended_us(run)
    if kept is None or kept.chance is None or kept.happened is None:
        return None
    step_us = WEEK_US if end_us >= FEWEST_WEEKS * WEEK_US else DAY_US
    bounds_us = np.append(np.arange(0, end_us, step_us), max(end_us, 1))
    places = kept.served_us.searchsorted(bounds_us)
    sums = np.zeros((len(bounds_us) - 1, 5, BINS))
    add_up(places, kept.chance, kept.happened, sums)
    parts = zip(bounds_us.tolist(), bounds_us[1:].tolist(), sums, strict=False)
    found = [Calibrated(*part) for part in parts]
    return Calibration(
        Calibrated(0, end_us, sums.sum(axis=0)), tuple(one for one in found if one.answers)
    )


@njit(cache=True)
def add_up(
    bounds: Ints, chance: NDArray[np.float32], happened: NDArray[np.bool_], out: Floats
) -> Any:
    """Add chances and outcomes (n) to their stretch and bin (stretches × 5 × bins)."""
    bins = out.shape[2]
    for stretch in range(len(bounds) - 1):
        for i in range(bounds[stretch], bounds[stretch + 1]):
            said, came = float(chance[i]), 1.0 if happened[i] else 0.0
            if said == said:
                place = min(max(int(said * bins), 0), bins - 1)
                out[stretch, 0, place] += 1.0
                out[stretch, 1, place] += said
                out[stretch, 2, place] += came
                out[stretch, 3, place] += said * (1.0 - said)
                out[stretch, 4, place] += (said - came) ** 2
