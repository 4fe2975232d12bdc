"""How a stream changes: what moves, when, in which shape, and for how long."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.clock import us
from sim.errors import one_of, refuse, within

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.chance import Luck
    from sim.concepts import Concept, Progress


@dataclass(frozen=True, kw_only=True)
class Span:
    """When a change acts: from *at*, in full after *width*, undone at *until* (if ever).

    With *segment* it concerns the users of that segment alone.
    """

    at: str
    width: str = "0s"
    until: str = ""
    name: str = ""
    segment: str = ""

    kind: ClassVar[str]

    def __post_init__(self) -> None:
        us(self.at, f"{self.label}.at")
        us(self.width, f"{self.label}.width")
        until_us = self.until_us
        if until_us is not None and until_us < self.at_us + self.width_us:
            refuse(f"{self.label}.until", self.until, "it must come after at + width")

    @property
    def label(self) -> str:
        """The name by which reports call it."""
        return self.name or self.kind

    @property
    def at_us(self) -> int:
        """The onset: the first instant at which it acts."""
        return us(self.at)

    @property
    def width_us(self) -> int:
        """How long the transition takes."""
        return us(self.width)

    @property
    def until_us(self) -> int | None:
        """When it is undone, or None."""
        return us(self.until) if self.until else None

    def ramp(self, times_us: NDArray[np.int64], until_us: int | None = None) -> Progress:
        """Return how far the change has gone at each of *times_us* (shape n)."""
        at_us, full_us = self.at_us, self.at_us + self.width_us
        until_us = self.until_us if until_us is None else until_us
        if not len(times_us) or times_us[-1] < at_us:
            return 0.0
        undone = until_us is not None and times_us[-1] >= until_us
        if times_us[0] >= full_us and not undone:
            return 1.0
        if undone and until_us is not None and times_us[0] >= until_us:
            return 0.0
        width_us = max(self.width_us, 1)
        gone = np.clip((times_us - at_us) / width_us, 0.0, 1.0)
        gone[times_us >= full_us] = 1.0
        gone[times_us < at_us] = 0.0
        if until_us is not None:
            gone[times_us >= until_us] = 0.0
        return gone


@dataclass(frozen=True, kw_only=True)
class Drift(Span):
    """A change of the stream; *shape* is abrupt, gradual (a mixture) or incremental (it moves)."""

    shape: str = "abrupt"

    def __post_init__(self) -> None:
        super().__post_init__()
        one_of(f"{self.label}.shape", self.shape, ("abrupt", "gradual", "incremental"))
        if (self.shape == "abrupt") != (self.width_us == 0):
            refuse(
                f"{self.label}.width",
                self.width,
                "an abrupt drift has none; gradual and incremental need one",
            )

    def progress(self, times_us: NDArray[np.int64], luck: Luck, page: int) -> Progress:
        """Return each record's share of the new world; gradual drift tosses a coin for it."""
        gone = self.ramp(times_us)
        if self.shape == "gradual" and not isinstance(gone, float):
            coins = luck.page(f"drift:{self.label}", page).random(len(times_us))
            return (coins < gone).astype(np.float64)
        return gone


@dataclass(frozen=True, kw_only=True)
class CovariateShift(Drift):
    """The *columns* move by *shift* and stretch by *scale*; how y follows from x stays."""

    columns: tuple[str, ...] = ()
    shift: float = 1.0
    scale: float = 1.0
    kind: ClassVar[str] = "covariate"


@dataclass(frozen=True, kw_only=True)
class PriorShift(Drift):
    """The share of class 1, before noise flips any, becomes *to*; what a class looks like stays."""

    to: float
    kind: ClassVar[str] = "prior"

    def __post_init__(self) -> None:
        super().__post_init__()
        within(f"{self.label}.to", self.to, 0, 1)


@dataclass(frozen=True, kw_only=True)
class ConceptDrift(Drift):
    """The rule becomes *to*, a concept of the same class; the features stay."""

    to: Concept = field(repr=True)
    kind: ClassVar[str] = "concept"
