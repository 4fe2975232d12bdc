"""Labels that all take the same time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.clock import us

if TYPE_CHECKING:
    from sim.chance import Luck


@dataclass(frozen=True, kw_only=True)
class Constant:
    """Every label takes *delay*."""

    delay: str = "1d"

    def __post_init__(self) -> None:
        us(self.delay, "labels.delay")

    @property
    def in_order(self) -> bool:
        """Yes."""
        return True

    def draw_us(self, luck: Luck, page: int, count: int) -> int:
        """Return the delay."""
        return us(self.delay)

    def quantile_us(self, share: float) -> int:
        """Return the delay."""
        return us(self.delay)
