"""Something whose quality falls with how far the world has moved: code, content."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from sim.artifacts.artifact import Answers
from sim.errors import one_of, refuse, within
from sim.evaluation import Graded

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.artifacts.artifact import Examples, Model
    from sim.losses import Loss
    from sim.source import Page

    Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Parametric:
    """Something whose chance to fail grows with how far the world has moved since it was built.

    *base* is the chance when fresh. With the *shape* linear, *slope* is what one unit of distance
    adds, never above *worst*; exponential comes nearer to *worst* by the rate *slope*. A build can
    be a regression, with the chance *regress*: it then fails more often by *regression*. The
    evaluation report tells, but for a share of them that its test *misses*.
    """

    base: float = 0.0
    slope: float = 1.0
    worst: float = field(default=float("inf"))
    shape: str = "linear"
    regress: float = 0.0
    regression: float = 0.05
    misses: float = 0.3

    def __post_init__(self) -> None:
        within("parametric.base", self.base, 0, 1)
        within("parametric.slope", self.slope, 0, 1e9)
        within("parametric.worst", self.worst, self.base, float("inf"))
        one_of("parametric.shape", self.shape, ("linear", "exponential"))
        if self.shape == "exponential" and not isfinite(self.worst):
            refuse("parametric.worst", self.worst, "exponential comes nearer to a worst: give it")
        within("parametric.regress", self.regress, 0, 1)
        within("parametric.regression", self.regression, 0, 1)
        within("parametric.misses", self.misses, 0, 1)

    @property
    def chancy(self) -> bool:
        """Whether two builds from the same snapshot can differ."""
        return self.regress > 0

    def build(self, examples: Examples, *, random_state: int, warm: Model | None) -> Model:
        """Build it for the world as it is; whether it is a regression is the job's own luck."""
        del random_state, warm
        luck = examples.luck
        if luck is None or luck("regression") >= self.regress:
            return Placed(self, examples.place)
        seen = luck("integration test") >= self.misses
        return Placed(self, examples.place, self.regression, seen=seen)

    def fails(self, distance: Floats, more: float = 0.0) -> Floats:
        """Return the chance to fail at each *distance* (shape n), *more* for a regression."""
        if self.shape == "linear":
            chance = self.base + self.slope * distance
        else:
            chance = self.worst - (self.worst - self.base) * np.exp(-self.slope * distance)
        return np.asarray(np.minimum(chance + more, self.worst))


@dataclass(frozen=True)
class Placed:
    """A parametric artifact that was built at *place*; a regression fails *more* often.

    *seen* says whether the test that the evaluation report rests on has found it.
    """

    recipe: Parametric
    place: float
    more: float = 0.0
    seen: bool = False

    def answers(self, page: Page) -> Answers:
        """Answer each request with its chance to fail."""
        chance = self.recipe.fails(np.abs(page.truth.x[:, 0] - self.place), self.more)
        return Answers(chance, chance)

    def loss_on(self, examples: Examples, loss: Loss) -> tuple[float, float]:
        """Return the chance to fail when fresh, as the test sees it, twice: loss and answer."""
        claim = self.recipe.base + (self.more if self.seen else 0.0)
        return claim, claim

    def graded(self, examples: Examples, loss: Loss) -> Graded:
        """Grade it as the test sees it where the world is now, once for each example at least."""
        distance = np.full(max(1, len(examples.y)), abs(examples.place - self.place))
        chance = self.recipe.fails(distance, self.more if self.seen else 0.0)
        return Graded(chance, chance)

    @property
    def suite_failed(self) -> bool | None:
        """Whether the integration test found a regression, None where there is no such test."""
        return self.seen if self.recipe.chancy else None

    @property
    def suite(self) -> str:
        """What the integration test says."""
        if not self.recipe.chancy:
            return "none declared"
        said = f"found a regression of {self.more:g}" if self.seen else "passed"
        return f"integration test: {said}; it misses {self.recipe.misses:.0%} of regressions"
