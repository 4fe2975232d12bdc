"""Chi-square: whether two samples fall into categories, or bins, alike."""

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
class ChiSquare:
    """The chi-square test of homogeneity of each column; drift if one's p-value is below.

    A column with at most *bins* different values counts as categories (a value that the reference
    lacks is one more); another is cut at the reference's quantiles. Below means *alpha* divided
    by the number of columns.

    >>> fitted = ChiSquare().fit([0, 0, 0, 1] * 100)
    >>> fitted.compare([0, 0, 1, 0] * 25).drift, fitted.compare([0, 1, 2, 2] * 25).drift
    (False, True)
    """

    alpha: float = 0.001
    bins: int = 10

    def __post_init__(self) -> None:
        positive("ChiSquare.alpha", self.alpha, 1)
        whole("ChiSquare.bins", self.bins, 2)

    def fit(self, reference: ArrayLike) -> FittedChiSquare:
        """Return it with the *reference*, shape (n, d) or n."""
        return FittedChiSquare(self, rows(reference, "ChiSquare"))


class FittedChiSquare:
    """The test with its reference."""

    def __init__(self, test: ChiSquare, reference: Floats) -> None:
        self._test, self._reference = test, reference

    def compare(self, window: ArrayLike) -> Compared:
        """Return how *window* (m, d) compares."""
        from scipy.stats import chi2_contingency  # type: ignore[import-untyped]

        table = rows(window, "ChiSquare", self._reference.shape[1])
        found = []
        for old, new in zip(self._reference.T, table.T, strict=True):
            counts = _counts(old, new, self._test.bins)
            if counts.shape[1] < 2:  # one value in both: alike
                found.append((1.0, 0.0))
                continue
            result = chi2_contingency(counts, correction=False)
            found.append((float(result.pvalue), float(result.statistic)))
        worst = min(range(len(found)), key=lambda column: found[column][0])
        p_value, statistic = found[worst]
        return Compared(
            drift=p_value <= self._test.alpha / len(found),
            statistic=statistic,
            p_value=min(1.0, p_value * len(found)),
            column=worst,
        )


def _counts(old: Floats, new: Floats, bins: int) -> NDArray[np.int64]:
    """Return how often each category or bin occurs, shape (2, kinds), empty ones left out."""
    import numpy as np

    kinds = np.unique(old)
    if len(kinds) <= bins:
        kinds = np.unique(np.concatenate([kinds, new]))
        places = [kinds.searchsorted(sample) for sample in (old, new)]
        size = len(kinds)
    else:
        edges = np.unique(np.quantile(old, np.arange(1, bins) / bins))
        places = [edges.searchsorted(sample) for sample in (old, new)]
        size = len(edges) + 1
    counts = np.array([np.bincount(place, minlength=size) for place in places])
    return np.asarray(counts[:, counts.any(axis=0)])
