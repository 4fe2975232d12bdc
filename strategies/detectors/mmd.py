"""MMD: the distance between the means of two samples in the space of a kernel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from strategies.detectors.compared import Compared, rows
from strategies.detectors.parameters import positive, whole

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class MMD:
    """The maximum mean discrepancy of whole rows, Gaussian kernel; drift if p is at most *alpha*.

    The kernel's width is the median distance in the reference. The p-value comes from
    *permutations* of the two samples, by the luck of *seed*, and cannot be below
    1 / (permutations + 1). The reference is thinned to at most *most* rows: the cost is quadratic.

    >>> import numpy as np
    >>> luck = np.random.default_rng(1)
    >>> fitted = MMD(seed=1, alpha=0.01).fit(luck.normal(0, 1, (200, 3)))
    >>> window = luck.normal(0, 1, (100, 3))
    >>> fitted.compare(window).drift, fitted.compare(window * 2).drift
    (False, True)

    A. Gretton and others, A kernel two-sample test, JMLR 13, 2012.
    """

    seed: int
    alpha: float = 0.01
    permutations: int = 199
    most: int = 500

    def __post_init__(self) -> None:
        whole("MMD.seed", self.seed, 0)
        positive("MMD.alpha", self.alpha, 1)
        whole("MMD.permutations", self.permutations, 1)
        whole("MMD.most", self.most, 2)

    def fit(self, reference: ArrayLike) -> FittedMMD:
        """Return it with the *reference*, shape (n, d) or n."""
        return FittedMMD(self, rows(reference, "MMD"))


class FittedMMD:
    """MMD with its reference."""

    def __init__(self, test: MMD, reference: Floats) -> None:
        import numpy as np

        self._test, self._compared = test, 0
        places = np.linspace(0, len(reference) - 1, min(len(reference), test.most)).astype(int)
        self._reference = reference[places]
        far = _distances(self._reference, self._reference)
        near = far[far > 0]
        self._width = float(np.median(near)) if near.size else 1.0

    def compare(self, window: ArrayLike) -> Compared:
        """Return how *window* (m, d) compares; each comparison has luck of its own."""
        import numpy as np

        from sim.chance import Luck

        table = rows(window, "MMD", self._reference.shape[1])
        both = np.concatenate([self._reference, table])
        kernel = np.exp(-_distances(both, both) / self._width)
        size = len(both)
        signs = np.full((self._test.permutations + 1, size), -1.0 / len(table))
        signs[0, : len(self._reference)] = 1.0 / len(self._reference)
        luck = Luck(self._test.seed).page("mmd", self._compared)
        self._compared += 1
        for row in signs[1:]:
            row[luck.permutation(size)[: len(self._reference)]] = 1.0 / len(self._reference)
        apart = ((signs @ kernel) * signs).sum(axis=1)
        p_value = float((apart >= apart[0] * (1 - 1e-12)).mean())
        return Compared(
            drift=p_value <= self._test.alpha, statistic=float(apart[0]), p_value=p_value
        )


def _distances(one: Floats, two: Floats) -> Floats:
    """Return squared distances (n, m)."""
    import numpy as np

    squares = (one**2).sum(axis=1)[:, None] + (two**2).sum(axis=1) - 2 * one @ two.T
    return np.asarray(np.maximum(squares, 0.0))
