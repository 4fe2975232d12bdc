"""Something whose quality falls with how far the world has moved: code, content."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from sim.artifacts.artifact import Answers
from sim.errors import within

if TYPE_CHECKING:
    from sim.artifacts.artifact import Examples, Model
    from sim.losses import Loss
    from sim.source import Page


@dataclass(frozen=True, kw_only=True)
class Parametric:
    """Something whose chance to fail grows with how far the world has moved since it was built.

    *base* is the chance when fresh, *slope* what one unit of distance adds; never above *worst*.
    """

    base: float = 0.0
    slope: float = 1.0
    worst: float = field(default=float("inf"))

    def __post_init__(self) -> None:
        within("parametric.base", self.base, 0, 1)
        within("parametric.slope", self.slope, 0, 1e9)

    def build(self, examples: Examples, *, random_state: int, warm: Model | None) -> Model:
        """Build it for the world as it is."""
        del random_state, warm
        return Placed(self, examples.place)


@dataclass(frozen=True)
class Placed:
    """A parametric artifact that was built at *place*."""

    recipe: Parametric
    place: float

    def answers(self, page: Page) -> Answers:
        """Answer each request with its chance to fail."""
        distance = np.abs(page.truth.x[:, 0] - self.place)
        chance = np.minimum(self.recipe.base + self.recipe.slope * distance, self.recipe.worst)
        return Answers(chance, chance)

    def loss_on(self, examples: Examples, loss: Loss) -> tuple[float, float]:
        """Return the chance to fail when fresh, twice: it is loss and answer."""
        return self.recipe.base, self.recipe.base
