"""Kolmogorov-Smirnov: the greatest distance between two distribution functions, by column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from strategies.detectors.compared import Compared, rows
from strategies.detectors.parameters import positive

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class KolmogorovSmirnov:
    """The two-sample Kolmogorov-Smirnov test of each column; drift if one's p-value is below.

    Below means *alpha* divided by the number of columns (Bonferroni).

    >>> import numpy as np
    >>> luck = np.random.default_rng(1)
    >>> fitted = KolmogorovSmirnov().fit(luck.normal(0, 1, 500))
    >>> fitted.compare(luck.normal(0, 1, 200)).drift, fitted.compare(luck.normal(1, 1, 200)).drift
    (False, True)
    """

    alpha: float = 0.001

    def __post_init__(self) -> None:
        positive("KolmogorovSmirnov.alpha", self.alpha, 1)

    def fit(self, reference: ArrayLike) -> FittedKolmogorovSmirnov:
        """Return it with the *reference*, shape (n, d) or n."""
        return FittedKolmogorovSmirnov(self.alpha, rows(reference, "KolmogorovSmirnov"))


class FittedKolmogorovSmirnov:
    """The test with its reference."""

    def __init__(self, alpha: float, reference: Floats) -> None:
        import numpy as np

        self._alpha = alpha
        self._columns = np.sort(reference.T, axis=1)

    def compare(self, window: ArrayLike) -> Compared:
        """Return how *window* (m, d) compares."""
        import numpy as np
        from scipy.stats import ks_2samp  # type: ignore[import-untyped]

        table = rows(window, "KolmogorovSmirnov", len(self._columns))
        tests = [
            ks_2samp(old, new, method="asymp")
            for old, new in zip(self._columns, table.T, strict=True)
        ]
        worst = int(np.argmin([test.pvalue for test in tests]))
        p_value = float(tests[worst].pvalue)
        return Compared(
            drift=p_value <= self._alpha / len(tests),
            statistic=float(tests[worst].statistic),
            p_value=min(1.0, p_value * len(tests)),
            column=worst,
        )
