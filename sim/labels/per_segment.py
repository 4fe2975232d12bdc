"""Labels that take their time by the user's segment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import fits, one_of, refuse
from sim.labels.constant import Constant

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.chance import Luck
    from sim.labels.delay import Delay
    from sim.traffic import Segments


@dataclass(frozen=True, kw_only=True)
class PerSegment:
    """Users of the k-th of *segments* wait the k-th of *delays*; all others wait *rest*.

    >>> slow = Constant(delay="2w")
    >>> PerSegment(segments=("abroad",), delays=(slow,)).quantile_us(0.95) == slow.quantile_us(1)
    True
    """

    segments: tuple[str, ...]
    delays: tuple[Delay, ...]
    rest: Delay = field(default_factory=Constant)

    def __post_init__(self) -> None:
        if not self.segments or len(self.segments) != len(self.delays):
            refuse("labels.delays", self.delays, "give one delay for each of the segments")
        for delay in (*self.delays, self.rest):
            fits("labels.delays", delay, "draw_us", "Constant(delay='1d')")
            if isinstance(delay, PerSegment):
                refuse("labels.delays", delay, "give each segment a delay of its own")

    def check(self, segments: Segments | None) -> None:
        """Refuse segments that the stream doesn't have."""
        if segments is None:
            refuse("labels.segments", self.segments, "give the stream segments=Segments()")
        for name in self.segments:
            one_of("labels.segments", name, segments.names)

    @property
    def in_order(self) -> bool:
        """No."""
        return False

    def draw_us(self, luck: Luck, page: int, count: int) -> NDArray[np.int64] | int:
        """Draw the delays of users who belong to none of the segments."""
        return self.rest.draw_us(luck, page, count)

    def mixed_us(
        self, luck: Luck, page: int, segment: NDArray[np.int8], known: Segments
    ) -> NDArray[np.int64]:
        """Draw the delay of each record by the number of its *segment* among those *known*."""
        mixed = np.empty(len(segment), dtype=np.int64)
        mixed[:] = self.draw_us(luck, page, len(segment))
        for name, delay in zip(self.segments, self.delays, strict=True):
            rows = segment == known.names.index(name)
            drawn = np.broadcast_to(delay.draw_us(luck, page, len(segment)), len(segment))
            mixed[rows] = drawn[rows]
        return mixed

    def quantile_us(self, share: float) -> int:
        """Return what *share* of the labels of every segment keep within."""
        return max(delay.quantile_us(share) for delay in (*self.delays, self.rest))
