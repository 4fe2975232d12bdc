"""An outcome that is a number: a mean that follows from the features, plus normal noise."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.concepts.concept import Drawn, Moment

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.chance import Luck

    Floats = NDArray[np.float64]


class Number:
    """Features first, then the mean outcome, then *noise* (a standard deviation)."""

    noise: float

    refuses: ClassVar[dict[str, str]] = {
        "prior": "a regression has no classes whose share could change"
    }

    @property
    def classes(self) -> int:
        """None: the outcome is a number."""
        return 0

    def features(self, generator: np.random.Generator, count: int) -> Floats:
        """Draw the features of *count* records."""
        raise NotImplementedError

    def best(self, x: Floats) -> Floats:
        """Return the mean outcome of each record."""
        raise NotImplementedError

    def draw(self, luck: Luck, now: Moment) -> Drawn:
        """Draw one page."""
        rules: list[Number] = [rule for rule, _ in now.rules]  # type: ignore[misc]
        count = len(now.times_us)
        x = self.features(luck.page("features", now.page), count)
        now.move(x)
        best = now.blend([rule.best(x) for rule in rules])
        noise = np.maximum(now.blend([rule.noise for rule in rules]) + now.extra_noise, 0.0)
        y = best + noise * luck.page("outcome", now.page).standard_normal(count)
        return Drawn(x, y, np.asarray(best))

    def bayes_loss(self) -> float:
        """The smallest reachable mean squared error."""
        return self.noise**2
