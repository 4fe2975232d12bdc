"""When enough seeds have been played: a number, Stein's two stages, or until it is decided."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import ceil, inf, isfinite, log, sqrt
from typing import TYPE_CHECKING, ClassVar

from reports.comparison.contrast import Contrast, mean_difference
from reports.intervals import Figure
from sim.errors import refuse

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

PILOT = 30
"""So many seeds tell how much differences scatter."""
TUNED_TO = 100
"""The sequence is narrowest, for its number of seeds, at about so many."""
GROWTH = 1.2
_CI = re.compile(r"ci\s*<=?\s*(?P<value>[0-9.eE+-]+)\s*(?P<percent>%?)")


@dataclass(frozen=True, kw_only=True)
class Fixed:
    """So many *seeds*, with t intervals."""

    seeds: int = PILOT
    words: ClassVar[str] = "a fixed number of seeds"

    @property
    def pilot(self) -> int:
        """How many seeds come first: all."""
        return self.seeds

    def interval(self, apart: Floats, alpha: float) -> Figure:
        """Return the t interval."""
        return mean_difference(apart, alpha)


@dataclass(frozen=True, kw_only=True)
class Stein:
    """Until every interval reaches no farther than *reach* to either side, by Stein's two stages.

    30 pilot seeds fix how many there will be; the interval keeps the pilot's deviation, so that
    it holds whatever the number came to. *relative*: *reach* is a share of the measure's mean over
    all strategies in the pilot.
    """

    reach: float
    relative: bool = True
    pilot: ClassVar[int] = PILOT
    words: ClassVar[str] = "Stein's two stages"

    def wanted(self, apart: Floats, alpha: float, level: float) -> int:
        """Return how many seeds a contrast needs, whose measure has the mean *level*."""
        from scipy.special import stdtrit  # type: ignore[import-untyped]

        reach = self.reach * abs(level) if self.relative else self.reach
        pilot = apart[:PILOT]
        if len(pilot) < 2 or not pilot.any():
            return PILOT
        if not reach > 0:
            refuse("--until", f"ci < {self.reach:g}", "the mean is 0: give a width, not a share")
        spread = float(pilot.std(ddof=1))
        t = float(stdtrit(len(pilot) - 1, 1 - alpha / 2))
        return max(PILOT, ceil((t * spread / reach) ** 2))

    def interval(self, apart: Floats, alpha: float) -> Figure:
        """Return the mean of all seeds with the deviation of the pilot."""
        from scipy.special import stdtrit

        pilot = apart[:PILOT]
        middle = float(apart.mean())
        if len(pilot) < 2:
            return Figure(value=middle, low=-inf, high=inf)
        t = float(stdtrit(len(pilot) - 1, 1 - alpha / 2))
        half = t * float(pilot.std(ddof=1)) / sqrt(len(apart))
        return Figure(value=middle, low=middle - half, high=middle + half)


@dataclass(frozen=True, kw_only=True)
class Decided:
    """Until every contrast is settled, looking as often as one likes from 30 seeds on.

    The interval is a confidence sequence: it holds at all looks at once. It inverts the t test's
    mixture martingale (Lai 1976; Wang and Ramdas 2024), exact for normal differences of unknown
    scatter.
    """

    most: int = 1_000
    pilot: ClassVar[int] = PILOT
    words: ClassVar[str] = "a confidence sequence"

    def interval(self, apart: Floats, alpha: float) -> Figure:
        """Return the sequence's interval after these seeds."""
        count = len(apart)
        middle = float(apart.mean())
        if count < PILOT:
            return Figure(value=middle, low=-inf, high=inf)
        spread = float(apart.std(ddof=1))
        half = spread * reach(count, alpha)
        return Figure(value=middle, low=middle - half, high=middle + half)

    def settled(self, contrasts: Sequence[Contrast]) -> bool:
        """Say whether nothing is left to be settled."""
        return all(one.settled for one in contrasts)

    def next(self, seeds: int) -> int:
        """Return after how many seeds the next look is."""
        return min(self.most, max(seeds + 10, ceil(seeds * GROWTH)))


def reach(count: int, alpha: float) -> float:
    """Return how far the sequence reaches after *count* seeds, in deviations of a difference.

    >>> round(reach(30, 0.05), 2) > round(2.045 / 30**0.5, 2)
    True
    """
    prior = _prior(alpha)
    shrunk = prior / (count + prior)
    edge = (1 / (alpha * sqrt(shrunk))) ** (2 / count)
    if edge * shrunk >= 1:
        return inf
    return sqrt((count - 1) / count * (edge - 1) / (1 - edge * shrunk))


def _prior(alpha: float) -> float:
    """Return the weight of the mixture that makes the sequence narrow near `TUNED_TO` seeds."""
    # Howard et al. 2021, 3.5: the best for normal mixtures is n / (−2 ln α + ln(1 − 2 ln α)).
    return TUNED_TO / (-2 * log(alpha) + log(1 - 2 * log(alpha)))


Rule = Fixed | Stein | Decided


def until(text: str, *, seeds: int, most: int) -> Rule:
    """Return the rule that a text asks for; '' is a fixed number of *seeds*.

    >>> until("ci < 5%", seeds=30, most=1000)
    Stein(reach=0.05, relative=True)
    """
    asked = text.strip().lower()
    if not asked:
        return Fixed(seeds=seeds)
    if asked == "decided":
        if most < PILOT:
            refuse("--max-seeds", most, f"looks begin at {PILOT} seeds: give that or more")
        return Decided(most=most)
    found = _CI.fullmatch(asked)
    try:
        value = float(found["value"]) if found else 0.0
    except ValueError:
        value = 0.0
    if found is None or not value > 0 or not isfinite(value):
        refuse("--until", text, "write 'decided', 'ci < 5%' or 'ci < 0.002'")
    percent = bool(found["percent"])
    return Stein(reach=value / 100 if percent else value, relative=percent)
