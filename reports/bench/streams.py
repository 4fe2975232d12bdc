"""Streams whose changes are known: errors of a rate, or normal numbers of a mean."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Protocol

import numpy as np

from sim.chance import Luck
from sim.errors import one_of, refuse, whole, within

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Drifts = tuple[tuple[int, int], ...]
SHAPES = ("stationary", "abrupt", "gradual", "incremental", "recurring")
SCORING, CALIBRATION = "bench", "bench calibration"
"""names of luck: what is calibrated on one is scored on the other"""


@dataclass(frozen=True, kw_only=True)
class Normal:
    """What a stream is before and *after* its change: of a *kind*, around a mean *before*."""

    kind: str
    before: float
    after: float
    spread: float = 1.0

    @property
    def sd(self) -> float:
        """The standard deviation of a value before the change."""
        return sqrt(self.before * (1 - self.before)) if self.kind == "bernoulli" else self.spread

    @property
    def family(self) -> str:
        """The stationary stream for which detectors are calibrated, in words."""
        if self.kind == "bernoulli":
            return f"bernoulli {self.before:g}"
        return f"gaussian {self.before:g} sd {self.spread:g}"

    def calm(self, run: int, n: int) -> Floats:
        """Return *n* values without change, by the luck of calibration."""
        return self.values(np.full(n, self.before), run, CALIBRATION)

    def values(self, level: Floats, run: int, luck: str) -> Floats:
        """Return values around *level* (shape n); the same luck for every level and shape."""
        if self.kind == "bernoulli":
            chance = Luck(run).page(f"{luck} errors").random(len(level))
            return (chance < level).astype(np.float64)
        return level + self.spread * Luck(run).page(f"{luck} numbers").standard_normal(len(level))


class Stream(Protocol):
    """What the bench takes for a stream."""

    @property
    def name(self) -> str:
        """By what it is called."""

    @property
    def n(self) -> int:
        """How many values it has."""

    @property
    def late(self) -> int:
        """How many values later labels come."""

    @property
    def normal(self) -> Normal:
        """What detectors may be told."""

    @property
    def family(self) -> str:
        """What detectors are calibrated for."""

    @property
    def runs(self) -> int | None:
        """How many runs there are, None for as many as one likes."""

    def draw(self, run: int) -> tuple[Floats, Drifts]:
        """Return one run's values and drifts."""

    def calm(self, run: int, n: int) -> Floats:
        """Return *n* values without change, by the luck of calibration."""

    def __hash__(self) -> int: ...


@dataclass(frozen=True, kw_only=True)
class Changing:
    """*n* values whose level is *before* until *burn_in*, and *after* that as *shape* says.

    `abrupt`: at once. `incremental`: the level moves evenly over *width* values. `gradual`: over
    *width* values ever more stretches of *stretch* are new. `recurring`: it comes and goes every
    *every* values, and each of these is a drift. *kind* is `bernoulli` (errors, 0 or 1) or
    `gaussian`, with standard deviation *spread*. Labels come *late* values later.
    """

    name: str
    kind: str = "bernoulli"
    before: float = 0.2
    after: float = 0.3
    shape: str = "abrupt"
    n: int = 10_000
    burn_in: int = 5_000
    width: int = 1_000
    stretch: int = 50
    every: int = 1_250
    spread: float = 1.0
    late: int = 1_000

    def __post_init__(self) -> None:
        one_of(f"stream {self.name}.kind", self.kind, ("bernoulli", "gaussian"))
        one_of(f"stream {self.name}.shape", self.shape, SHAPES)
        if self.kind == "bernoulli":
            for field in ("before", "after"):
                rate = within(f"stream {self.name}.{field}", getattr(self, field), 0, 1)
                if rate in (0, 1):
                    refuse(f"stream {self.name}.{field}", rate, "give a rate between 0 and 1")
        if self.before == self.after:
            refuse(f"stream {self.name}.after", self.after, "give another level than before")
        for field in ("n", "burn_in", "width", "stretch", "every"):
            whole(f"stream {self.name}.{field}", getattr(self, field), 1)
        whole(f"stream {self.name}.late", self.late, 0)
        if self.shape != "stationary" and self.burn_in + self.width > self.n:
            refuse(f"stream {self.name}.n", self.n, "too short: burn_in and width must fit in")

    @property
    def normal(self) -> Normal:
        """What is normal, and what comes."""
        return Normal(
            kind=self.kind, before=float(self.before), after=float(self.after), spread=self.spread
        )

    @property
    def family(self) -> str:
        """What detectors are calibrated for."""
        return self.normal.family

    @property
    def runs(self) -> int | None:
        """As many as one likes."""
        return None

    def draw(self, run: int) -> tuple[Floats, Drifts]:
        """Return one run's values and drifts."""
        return self.normal.values(self._level(run), run, SCORING), self.drifts

    def calm(self, run: int, n: int) -> Floats:
        """Return *n* values without change."""
        return self.normal.calm(run, n)

    @property
    def drifts(self) -> Drifts:
        """Where each drift starts, and where it is over."""
        if self.shape == "stationary":
            return ()
        if self.shape == "recurring":
            return tuple((place, place) for place in range(self.burn_in, self.n, self.every))
        last = self.burn_in + (0 if self.shape == "abrupt" else self.width)
        return ((self.burn_in, last),)

    def _level(self, run: int) -> Floats:
        places = np.arange(self.n)
        if self.shape == "stationary":
            return np.full(self.n, float(self.before))
        moved = np.clip((places - self.burn_in + 1) / self.width, 0.0, 1.0)
        if self.shape == "abrupt":
            moved = (places >= self.burn_in).astype(np.float64)
        elif self.shape == "recurring":
            moved = ((places - self.burn_in) // self.every % 2 == 0) * (places >= self.burn_in)
        elif self.shape == "gradual":
            stretch = (places - self.burn_in) // self.stretch
            chance = Luck(run).page("bench gradual").random(self.width // self.stretch + 2)
            inside = np.clip(stretch, 0, len(chance) - 1)
            moved = np.where(moved < 1, chance[inside] < moved, 1.0) * (places >= self.burn_in)
        return np.asarray(self.before + (self.after - self.before) * moved, dtype=np.float64)
