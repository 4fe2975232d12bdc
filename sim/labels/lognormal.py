"""Labels whose delay is spread lognormally."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.clock import us
from sim.errors import within

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.chance import Luck


@dataclass(frozen=True, kw_only=True)
class LogNormal:
    """Labels take *median*, lognormally spread with *sigma* on the log scale."""

    median: str = "1d"
    sigma: float = 1.0

    def __post_init__(self) -> None:
        us(self.median, "labels.median")
        within("labels.sigma", self.sigma, 0, 10)

    @property
    def in_order(self) -> bool:
        """No."""
        return False

    def draw_us(self, luck: Luck, page: int, count: int) -> NDArray[np.int64]:
        """Draw the delays; none longer than a century."""
        spread = np.exp(self.sigma * luck.page("delay", page).standard_normal(count))
        delay_us: NDArray[np.int64] = np.minimum(us(self.median) * spread, us("100y")).astype(
            np.int64
        )
        return delay_us

    def quantile_us(self, share: float) -> int:
        """Return the quantile of the lognormal."""
        from statistics import NormalDist

        spread = float(np.exp(self.sigma * NormalDist().inv_cdf(share)))
        return round(us(self.median) * spread)
