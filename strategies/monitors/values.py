"""One stream of values: a column as it arrives, or the champion's scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from sim.errors import one_of
from strategies.monitors.monitor import Monitor

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.monitoring import RequestsSeen


@dataclass(frozen=True, kw_only=True, repr=False)
class Values(Monitor):
    """Lets *detector* scan a column, request by request; *of* 'score' is the champion's score.

    *name* and *layer* follow from *of* unless they are given.

    >>> from strategies.detectors import PageHinkley
    >>> values = Values(of="x3", detector=PageHinkley())
    >>> values.name, values.layer
    ('x3', 'input')
    """

    detector: Any
    of: str = "score"
    name: str = ""
    layer: str = ""
    clock: ClassVar[str] = "request"

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", self.name or self.of)
        layer = "output" if self.of == "score" else "input"
        object.__setattr__(self, "layer", self.layer or layer)

    def read(self, seen: RequestsSeen) -> NDArray[np.float64]:
        """Return the value of each request (shape n), NaN where there is none."""
        if self.of == "score":
            return np.where(seen.arm == 0, seen.score, np.nan) if seen.arm.any() else seen.score
        one_of(f"monitor {self.name}.of", self.of, (*seen.names, "score"))
        return seen.x[:, seen.names.index(self.of)]
