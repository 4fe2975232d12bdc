"""The champion's loss, label by label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from strategies.monitors.monitor import Monitor

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.monitoring import LabelsSeen


@dataclass(frozen=True, kw_only=True, repr=False)
class OnErrors(Monitor):
    """Lets *detector* scan the loss of the champion's answers as their labels arrive.

    A challenger's answers and the fallback's say nothing about the champion: they are left out.

    >>> from strategies.detectors import ADWIN
    >>> OnErrors(detector=ADWIN()).layer
    'performance'
    """

    detector: Any
    name: str = "errors"
    layer: str = "performance"
    clock: ClassVar[str] = "label"

    def read(self, seen: LabelsSeen) -> NDArray[np.float64]:
        """Return the loss that each label showed (shape n), NaN where others answered."""
        if not seen.arm.any():
            return seen.loss
        return np.where(seen.arm == 0, seen.loss, np.nan)
