"""PSI: how far the shares of a window's values in bins have moved."""

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
class PSI:
    """The population stability index of each column; drift if one exceeds *limit*.

    *bins* are cut at the reference's quantiles; half a record is added to every count, so that
    empty bins have a logarithm. 0.1 is called a slight, 0.25 a major shift; of a window as small
    as the bins are many, noise alone gives more.

    >>> import numpy as np
    >>> window = PSI().fit(np.arange(1000.0)).compare(np.arange(500.0))
    >>> window.drift, round(window.statistic, 2)
    (True, 2.63)
    """

    limit: float = 0.25
    bins: int = 10

    def __post_init__(self) -> None:
        positive("PSI.limit", self.limit)
        whole("PSI.bins", self.bins, 2)

    def fit(self, reference: ArrayLike) -> FittedPSI:
        """Return it with the *reference*, shape (n, d) or n."""
        return FittedPSI(self, rows(reference, "PSI"))


class FittedPSI:
    """PSI with its reference."""

    def __init__(self, psi: PSI, reference: Floats) -> None:
        import numpy as np

        self._limit = psi.limit
        cuts = np.arange(1, psi.bins) / psi.bins
        self._edges = [
            np.unique(np.quantile(column, cuts, method="lower")) for column in reference.T
        ]
        self._shares = self._binned(reference)

    def compare(self, window: ArrayLike) -> Compared:
        """Return how *window* (m, d) compares."""
        import numpy as np

        shares = self._binned(rows(window, "PSI", len(self._edges)))
        apart = [
            float(((new - old) * np.log(new / old)).sum())
            for old, new in zip(self._shares, shares, strict=True)
        ]
        worst = int(np.argmax(apart))
        return Compared(drift=apart[worst] > self._limit, statistic=apart[worst], column=worst)

    def _binned(self, table: Floats) -> list[Floats]:
        import numpy as np

        shares = []
        for column, edges in zip(table.T, self._edges, strict=True):
            places = edges.searchsorted(column, side="left")
            counts = np.bincount(places, minlength=len(edges) + 1) + 0.5
            shares.append(counts / counts.sum())
        return shares
