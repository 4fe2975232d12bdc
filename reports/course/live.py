"""A figure that follows sliders: what a chapter's page draws while somebody plays with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Slider:
    """A number that a reader moves: from *low* to *high* in steps, at first *value*.

    *label* says what it is; *unit* is written behind the number.
    """

    label: str
    low: float
    high: float
    value: float
    step: float = 1.0
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class Line:
    """A series: at each of *x* it has *y* (None: nothing to be seen)."""

    name: str
    x: list[float]
    y: list[float | None]
    dashed: bool = False


@dataclass(frozen=True, kw_only=True)
class Band:
    """A stretch of the x axis that is shaded: *words* say what happens there."""

    low: float
    high: float
    words: str


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A moment that is marked on the x axis."""

    x: float
    words: str


@dataclass(frozen=True, kw_only=True)
class Dot:
    """A point that was measured, and what it is."""

    x: float
    y: float
    words: str


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """What is drawn: *lines* over *x*, *bands*, *spots*, *dots*, and the finding in a *sentence*.

    The y axis goes from *low* to *high*, or as far as the lines do. *names* stand under 0, 1, 2 …
    on an x axis that is none of numbers.
    """

    x: str
    y: str
    lines: list[Line]
    sentence: str
    bands: list[Band] = field(default_factory=list)
    spots: list[Spot] = field(default_factory=list)
    dots: list[Dot] = field(default_factory=list)
    low: float = 0.0
    high: float | None = None
    names: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Live:
    """Sliders by the names that *draw* takes; it plays the simulator and returns a drawing.

    It must be quick: the page asks at every move, and wants to see the answer in 200 ms.
    """

    sliders: dict[str, Slider]
    draw: Callable[..., Drawing]

    def at(self, values: dict[str, Any]) -> Drawing:
        """Draw it for *values*, within their sliders' ranges; those left out are as at first."""
        kept = {
            name: min(max(float(values.get(name, one.value)), one.low), one.high)
            for name, one in self.sliders.items()
        }
        return self.draw(**kept)

    @property
    def corners(self) -> list[dict[str, float]]:
        """Values that lead through most of what *draw* does: as at first, all low, all high."""
        sliders = self.sliders.items()
        return [
            {},
            {name: one.low for name, one in sliders},
            {name: one.high for name, one in sliders},
        ]
