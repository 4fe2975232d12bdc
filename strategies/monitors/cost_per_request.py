"""What an answer costs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.errors import fits
from sim.prices import Prices
from sim.timeline import CHALLENGER
from strategies.monitors.monitor import Ratio

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.monitoring import Baseline, DeskSeen

    Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, repr=False)
class CostPerRequest(Ratio):
    """Alarms when a request costs more than *limit*, at the *prices* that the team knows.

    A request that a version answers costs prices.request, one that a shadow answers besides
    prices.shadow, a label that comes prices.review; the fallback costs nothing. Without any
    price there is nothing to judge.

    >>> CostPerRequest(prices=Prices(request=0.01), limit=0.02).layer
    'performance'
    """

    prices: Prices = field(default_factory=Prices)
    limit: float = 0.02
    window: int | str = "1d"
    name: str = "cost per request"
    layer: str = "performance"
    owner: str = "platform"
    clock: ClassVar[str] = "desk"

    def __post_init__(self) -> None:
        fits("cost_per_request.prices", self.prices, "request", "Prices(request=0.01)")
        super().__post_init__()

    def summarise(self, seen: DeskSeen) -> Floats:
        """Add up per tick what was spent on requests, and count them."""
        count, prices = seen.observed["count"], self.prices
        spent = prices.request * count[:, : CHALLENGER + 1].sum(axis=1)
        spent = spent + prices.shadow * seen.observed["shadow"][:, 0]
        spent = spent + prices.review * seen.observed["labels"].sum(axis=1)
        priced = prices.request or prices.shadow or prices.review
        return np.stack([spent, count.sum(axis=1) * bool(priced)], axis=1)

    def explain(self, counts: Floats, baseline: Baseline) -> tuple[tuple[str, ...], str]:
        """Say how much."""
        what = f"a request costs {self.prices.currency}".rstrip()
        return (), self.told(counts, what, "requests", share=False)
