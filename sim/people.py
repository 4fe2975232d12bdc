"""Who owns what, and how fast they answer."""

from __future__ import annotations

from dataclasses import dataclass

from sim.clock import us
from sim.errors import within

OWNERS = ("data", "model", "platform", "product")
LAYERS = ("input", "output", "performance", "business")


@dataclass(frozen=True, kw_only=True)
class People:
    """How long the owners take to answer a page: medians, lognormally spread by *sigma*.

    With *office*, the time starts running in the next office hours.
    """

    data: str = "4h"
    model: str = "4h"
    platform: str = "1h"
    product: str = "1d"
    sigma: float = 0.5
    office: bool = True

    def __post_init__(self) -> None:
        for owner in OWNERS:
            us(getattr(self, owner), f"people.{owner}")
        within("people.sigma", self.sigma, 0, 5)

    def median_us(self, owner: str) -> int:
        """Return how long *owner* usually takes."""
        return us(getattr(self, owner))
