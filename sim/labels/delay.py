"""How long labels take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.chance import Luck


class Delay(Protocol):
    """How long a label takes."""

    @property
    def in_order(self) -> bool:
        """Whether labels arrive in the order of their records."""

    def draw_us(self, luck: Luck, page: int, count: int) -> NDArray[np.int64] | int:
        """Return the delay of each of *count* records, or one for all."""

    def quantile_us(self, share: float) -> int:
        """Return the delay that *share* of the labels keep within."""
