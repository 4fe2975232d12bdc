"""When the truth about a record becomes known to the team, if ever, and how exactly."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np

from sim.clock import NEVER, Phase, us
from sim.errors import fits, refuse, within
from sim.selection import Review, Selection

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.chance import Luck


class Delay(Protocol):
    """How long a label takes."""

    @property
    def in_order(self) -> bool:
        """Whether labels arrive in the order of their records."""

    def draw_us(self, luck: Luck, page: int, count: int) -> NDArray[np.int64] | int:
        """Return the delay of each of *count* records, or one for all."""

    def quantile_us(self, share: float) -> int:
        """Return the delay that *share* of the labels keep within."""


@dataclass(frozen=True, kw_only=True)
class Constant:
    """Every label takes *delay*."""

    delay: str = "1d"

    def __post_init__(self) -> None:
        us(self.delay, "labels.delay")

    @property
    def in_order(self) -> bool:
        """Yes."""
        return True

    def draw_us(self, luck: Luck, page: int, count: int) -> int:
        """Return the delay."""
        return us(self.delay)

    def quantile_us(self, share: float) -> int:
        """Return the delay."""
        return us(self.delay)


@dataclass(frozen=True, kw_only=True)
class LogNormal:
    """Labels take *median*, lognormally spread with *sigma* on the log scale."""

    median: str = "1d"
    sigma: float = 1.0

    def __post_init__(self) -> None:
        us(self.median, "labels.median")
        within("labels.sigma", self.sigma, 0, 10)

    @property
    def in_order(self) -> bool:
        """No."""
        return False

    def draw_us(self, luck: Luck, page: int, count: int) -> NDArray[np.int64]:
        """Draw the delays; none longer than a century."""
        spread = np.exp(self.sigma * luck.page("delay", page).standard_normal(count))
        delay_us: NDArray[np.int64] = np.minimum(us(self.median) * spread, us("100y")).astype(
            np.int64
        )
        return delay_us

    def quantile_us(self, share: float) -> int:
        """Return the quantile of the lognormal."""
        from statistics import NormalDist

        spread = float(np.exp(self.sigma * NormalDist().inv_cdf(share)))
        return round(us(self.median) * spread)


@dataclass(frozen=True, kw_only=True)
class Labels:
    """The label process: *delay*, *coverage* (the share that ever comes), *noise* (flips).

    With *selection* it hangs on the answers which labels come: `Selective` or `Review`.
    """

    delay: Delay = field(default_factory=Constant)
    coverage: float = 1.0
    noise: float = 0.0
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

    @property
    def in_order(self) -> bool:
        """Whether labels arrive in the order of their records."""
        return self.delay.in_order and not isinstance(self.selection, Review)

    def due(
        self, luck: Luck, page: int, times_us: NDArray[np.int64], served_us: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Return the moment at which each label arrives (shape n), or NEVER.

        A label that is known before its request was answered counts from the answer on.
        """
        delay_us = self.delay.draw_us(luck, page, len(times_us))
        if served_us is times_us and isinstance(delay_us, int):
            late = Phase.LATE if delay_us == 0 else Phase.LABELS
            due = (times_us + delay_us) * 8 + int(late)
        else:
            known_us = np.maximum(times_us + delay_us, served_us)
            late_or_not = np.where(known_us == served_us, Phase.LATE, Phase.LABELS)
            due = known_us * 8 + late_or_not
        if self.coverage < 1.0:
            due[luck.page("coverage", page).random(len(due)) >= self.coverage] = NEVER
        return due

    def seen(
        self, luck: Luck, page: int, y: NDArray[np.float64], classes: int
    ) -> NDArray[np.float64]:
        """Return the labels as the team will see them: *noise* of them are wrong."""
        if not self.noise:
            return y
        coins = luck.page("label noise", page)
        wrong = coins.random(len(y)) < self.noise
        if classes == 0:
            return np.where(wrong, y[coins.permutation(len(y))], y)
        return np.where(wrong, (y + coins.integers(1, max(classes, 2), len(y))) % classes, y)
