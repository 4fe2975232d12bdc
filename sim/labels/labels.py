"""The label process: when labels come, if ever, and what they say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from sim.chance import mistaken
from sim.clock import NEVER, Phase, us
from sim.errors import fits, refuse, within
from sim.labels.constant import Constant
from sim.labels.delay import Delay
from sim.labels.per_segment import PerSegment
from sim.selection import Review, Selection
from sim.timeline import CORRECTED, REVIEWED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.chance import Luck
    from sim.traffic import Segments

    Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Labels:
    """The label process: *delay*, *coverage* (the share that ever comes), *noise* (flips).

    Of the wrong labels the share *corrected* is put right *corrected_after* they came: monitors
    saw the first value, snapshots hold the latest that was known. With *selection* it hangs on
    the answers which labels come: `Selective` or `Review`.
    """

    delay: Delay = field(default_factory=Constant)
    coverage: float = 1.0
    noise: float = 0.0
    corrected: float = 0.0
    corrected_after: str = "7d"
    selection: Selection | None = None

    def __post_init__(self) -> None:
        if self.selection is not None:
            fits("labels.selection", self.selection, "reveal", "Selective() or Review()")
        if isinstance(self.selection, Review) and not isinstance(self.delay, Constant):
            refuse("labels.delay", self.delay, "what waits for review is ready after a Constant")
        fits(
            "labels.delay", self.delay, "draw_us", "Constant(delay='1d') or LogNormal(median='1d')"
        )
        within("labels.coverage", self.coverage, 0, 1)
        within("labels.noise", self.noise, 0, 1)
        within("labels.corrected", self.corrected, 0, 1)
        us(self.corrected_after, "labels.corrected_after")

    def check(self, segments: Segments | None) -> None:
        """Refuse a delay by segments that the stream doesn't have."""
        if isinstance(self.delay, PerSegment):
            self.delay.check(segments)

    @property
    def reviews(self) -> tuple[str, ...]:
        """What is counted of people who look at answers, and of labels put right."""
        looked = REVIEWED if isinstance(self.selection, Review) else ()
        return (*looked, *((CORRECTED,) if self.corrected else ()))

    @property
    def in_order(self) -> bool:
        """Whether labels arrive in the order of their records."""
        return self.delay.in_order and not isinstance(self.selection, Review)

    def due(
        self,
        luck: Luck,
        page: int,
        times_us: Ints,
        served_us: Ints,
        segment: NDArray[np.int8] | None = None,
        segments: Segments | None = None,
    ) -> Ints:
        """Return the moment at which each label arrives (shape n), or NEVER.

        A label that is known before its request was answered counts from the answer on.
        *segment* is the number of each user's segment among *segments*.
        """
        delay_us: Ints | int
        if isinstance(self.delay, PerSegment) and segment is not None and segments is not None:
            delay_us = self.delay.mixed_us(luck, page, segment, segments)
        else:
            delay_us = self.delay.draw_us(luck, page, len(times_us))
        if served_us is times_us and isinstance(delay_us, int):
            late = Phase.LATE if delay_us == 0 else Phase.LABELS
            due = (times_us + delay_us) * 8 + int(late)
        else:
            known_us = np.maximum(times_us + delay_us, served_us)
            late_or_not = np.where(known_us == served_us, Phase.LATE, Phase.LABELS)
            due = known_us * 8 + late_or_not
        if self.coverage < 1.0:
            due[luck.random("coverage", len(due), page) >= self.coverage] = NEVER
        return due

    def seen(
        self, luck: Luck, page: int, y: NDArray[np.float64], classes: int
    ) -> NDArray[np.float64]:
        """Return the labels as the team will see them: *noise* of them are wrong."""
        if not self.noise:
            return y
        coins = luck.page("label noise", page)
        wrong = coins.random(len(y)) < self.noise
        return np.where(wrong, mistaken(coins, y, classes), y)

    def corrections(self, luck: Luck, page: int, due: Ints, wrong: NDArray[np.bool_]) -> Ints:
        """Return when each label is put right (shape n), NEVER for most."""
        picked = wrong & (due < NEVER)
        picked &= luck.random("correction", len(due), page) < self.corrected
        return np.where(picked, (due >> 3) + us(self.corrected_after), NEVER)
