"""A year before it is lived: one lane for each thing that changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.clock import DAY_US, HOUR_US, WEEK_US

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

INCIDENT, RHYTHM, SEASON, LABELS = "incident", "rhythm", "season", "labels"
_STEPS_US = (HOUR_US, 6 * HOUR_US, DAY_US, 2 * DAY_US, WEEK_US, 2 * WEEK_US, 4 * WEEK_US,
             8 * WEEK_US, 13 * WEEK_US, 26 * WEEK_US, 52 * WEEK_US)  # fmt: skip


@dataclass(frozen=True)
class Lane:
    """One thing over time: its *level* from 0 to 1 in each step (shape steps), and a *note*."""

    name: str
    sort: str
    note: str
    level: Floats


@dataclass(frozen=True)
class Outline:
    """A year before it is lived; with several *worlds* the levels are means over them."""

    name: str
    story: str
    expect: str
    horizon_us: int
    worlds: int
    closed_loop: bool
    lanes: tuple[Lane, ...]

    @property
    def marks_us(self) -> list[int]:
        """Round times along the year, six at most and the first 0."""
        step_us = next((s for s in _STEPS_US if self.horizon_us <= 6.5 * s), _STEPS_US[-1])
        while self.horizon_us > 6.5 * step_us:
            step_us *= 2
        return list(range(0, self.horizon_us + 1, step_us))
