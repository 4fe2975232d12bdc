"""What the team's storage says of the outcomes of one page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Archive:
    """Labels as they came, and what they become when they are *corrected* (shape n each).

    *corrected_us* says when that is; None: no label is ever corrected.
    """

    label: Floats
    corrected: Floats
    corrected_us: Ints | None = None

    def changed(self, now_us: int) -> NDArray[np.bool_] | None:
        """Return which labels are corrected by *now_us*, None if none ever is."""
        return None if self.corrected_us is None else np.asarray(self.corrected_us <= now_us)

    def known(self, now_us: int) -> Floats:
        """Return what storage says at *now_us*: the latest correction."""
        changed = self.changed(now_us)
        return self.label if changed is None else np.where(changed, self.corrected, self.label)
