"""What counts as a difference: a size, or a share of what it is compared with."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from sim.clock import SECOND_US, us
from sim.errors import Mistake, refuse

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True)
class Margin:
    """A difference of *size* or more matters; *relative*: of that share of the other's mean."""

    size: float = 0.05
    relative: bool = True

    def of(self, other: NDArray[np.float64]) -> float:
        """Return it for a contrast with *other*."""
        if not self.relative:
            return self.size
        known = other[np.isfinite(other)]
        return self.size * abs(float(known.mean())) if len(known) else 0.0


def margin(text: str, field: str = "--margin") -> Margin:
    """Read a margin: `5%`, `0.002` or, of lags, `6h`.

    >>> margin("5%")
    Margin(size=0.05, relative=True)
    """
    asked = text.strip()
    percent = asked.endswith("%")
    try:
        size = float(asked.removesuffix("%"))
    except ValueError:
        try:
            size = us(asked) / SECOND_US
        except Mistake:
            size = -1.0
    if not isfinite(size) or size < 0:
        refuse(field, text, "give a share such as 5%, a size such as 0.002, or a time such as 6h")
    return Margin(size=size / 100 if percent else size, relative=percent)
