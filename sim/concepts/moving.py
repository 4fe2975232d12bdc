"""A world without features, for what is not learned: code and content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.clock import positive_us, us
from sim.concepts.compiled import places
from sim.concepts.concept import Drawn, Moment, uniforms
from sim.errors import within
from sim.schema import Column, Schema

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.chance import Luck

    Floats = NDArray[np.float64]

_PLACE = Schema((Column(name="place"),))


@dataclass(frozen=True, kw_only=True)
class Moving:
    """A world with no features that moves away by *speed* every *step*.

    Code whose surroundings change and content that people tire of live here: a version is
    good where it was built. The one column is the place; the outcome is the luck of the
    request, a number in [0, 1). Nobody can make it fail more seldom than *least*.
    """

    speed: float = 0.01
    step: str = "1d"
    place: float = 0.0
    least: float = 0.0

    refuses: ClassVar[dict[str, str]] = dict.fromkeys(
        ("covariate", "prior", "category mix"), "a world without features has none"
    )

    def __post_init__(self) -> None:
        within("moving.speed", self.speed, -1e12, 1e12)
        within("moving.place", self.place, -1e12, 1e12)
        within("moving.least", self.least, 0, 1)
        positive_us(self.step, "moving.step")

    @property
    def classes(self) -> int:
        """None: how good an answer is depends on the version alone."""
        return 0

    @property
    def schema(self) -> Schema:
        """The place."""
        return _PLACE

    def draw(self, luck: Luck, now: Moment) -> Drawn:
        """Draw one page."""
        place = self.where(now)
        return Drawn(place[:, None], uniforms(luck, now), np.full(len(place), self.least))

    def where(self, now: Moment) -> Floats:
        """Return where the world is at each time of a moment (shape n), by all its rules."""
        each = [rule.at(now.times_us) for rule, _ in now.rules]  # type: ignore[attr-defined]
        return np.asarray(now.blend(each))

    def at(self, times_us: NDArray[np.int64]) -> Floats:
        """Return where the world is at each time."""
        place: Floats = places(times_us, us(self.step), float(self.place), float(self.speed))
        return place

    def best(self, x: Floats) -> Floats:
        """A fresh version fails as seldom as anything can."""
        return np.full(len(x), self.least)

    def bayes_loss(self) -> float:
        """A version built this very moment loses nothing to staleness."""
        return self.least
