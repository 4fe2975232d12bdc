"""A shadow as a judge sees it: both versions answered every request, and differences count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

from reports.bench.judges import kernels
from strategies.judges import Means, Paired, Tally

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from reports.bench.judges.worlds import World

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Shadowed(Paired):
    """Paired evidence that knows on how many requests the two *differed*."""

    differed: int = 0

    @property
    def strangers(self) -> Paired:
        """The same as if each request came from somebody else."""
        told = cast("Tally", self.differences)
        n, total = told.requests, told.total
        return Paired(Tally(n, n, total, (float(n), total, float(self.differed)), told.means))


class Shadow:
    """What is known of a shadow at each look."""

    def __init__(self, world: World, effect: float, looks: Floats) -> None:
        values, place = world.grid
        self._values = np.concatenate([-values[:0:-1], values])
        sums = np.zeros((len(looks), 7), dtype=np.int64)
        self._means = np.zeros((len(looks), len(self._values)))
        better = world.better(effect)
        kernels.paired(
            world.order, world.known_at, world.who, better, looks, place, sums, self._means
        )
        self._sums: list[list[int]] = sums.tolist()

    def same(self, one: int, other: int) -> bool:
        """Say whether nothing has come between two looks."""
        return self._sums[one] == self._sums[other]

    def at(self, look: int) -> Shadowed:
        """Return what is known at one look."""
        people, requests, total, *squares, differed = self._sums[look]
        means = Means(self._values, self._means[look])
        sums = float(squares[0]), float(squares[1]), float(squares[2])
        return Shadowed(Tally(people, requests, float(total), sums, means), differed=differed)
