"""TwoSample: a classifier that tries to tell a window from the reference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from strategies.detectors.compared import Compared, rows
from strategies.detectors.parameters import positive, whole

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class TwoSample:
    """The classifier two-sample test on whole rows; drift if p is at most *alpha*.

    *estimator* (any of scikit-learn's with `predict_proba`; None: logistic regression on values
    and their squares) learns to tell old from new in *folds* parts, each judged by the others.
    The statistic is the AUC, 0.5 if nobody can tell; its p-value is that of Mann and Whitney's
    rank test, with ties. It is approximate, since folds share rows.

    >>> import numpy as np
    >>> luck = np.random.default_rng(1)
    >>> fitted = TwoSample(seed=1).fit(luck.normal(0, 1, (400, 3)))
    >>> window = luck.normal(0, 1, (200, 3))
    >>> fitted.compare(window).drift, fitted.compare(window * 2).drift
    (False, True)

    D. Lopez-Paz and M. Oquab, Revisiting classifier two-sample tests, ICLR 2017.
    """

    seed: int
    alpha: float = 0.001
    folds: int = 3
    estimator: Any = None

    def __post_init__(self) -> None:
        whole("TwoSample.seed", self.seed, 0)
        positive("TwoSample.alpha", self.alpha, 1)
        whole("TwoSample.folds", self.folds, 2)

    def fit(self, reference: ArrayLike) -> FittedTwoSample:
        """Return it with the *reference*, shape (n, d) or n."""
        return FittedTwoSample(self, rows(reference, "TwoSample"))


class FittedTwoSample:
    """The test with its reference."""

    def __init__(self, test: TwoSample, reference: Floats) -> None:
        self._test, self._reference, self._compared = test, reference, 0

    def compare(self, window: ArrayLike) -> Compared:
        """Return how *window* (m, d) compares; each comparison has luck of its own."""
        import numpy as np
        from scipy.stats import mannwhitneyu  # type: ignore[import-untyped]

        from sim.chance import Luck

        table = rows(window, "TwoSample", self._reference.shape[1])
        least = min(len(table), len(self._reference))
        if least < self._test.folds:
            raise ValueError(f"TwoSample needs {self._test.folds} rows or more, got {least}")
        both = np.concatenate([self._reference, table])
        new = np.arange(len(both)) >= len(self._reference)
        luck = Luck(self._test.seed).page("two sample", self._compared)
        self._compared += 1
        fold = np.empty(len(both), dtype=np.int64)
        for side in (new, ~new):
            fold[side] = luck.permutation(int(side.sum())) % self._test.folds
        score = np.empty(len(both))
        for part in range(self._test.folds):
            model = _model(self._test.estimator, self._test.seed)
            model.fit(both[fold != part], new[fold != part])
            score[fold == part] = model.predict_proba(both[fold == part])[:, 1]
        test = mannwhitneyu(score[new], score[~new], alternative="greater", method="asymptotic")
        auc = float(test.statistic) / (int(new.sum()) * int((~new).sum()))
        p_value = float(test.pvalue)
        return Compared(drift=p_value <= self._test.alpha, statistic=auc, p_value=p_value)


def _model(estimator: Any, seed: int) -> Any:
    """Return a fresh classifier, its luck fixed."""
    from sklearn.base import clone
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import PolynomialFeatures, StandardScaler

    if estimator is None:
        squares = PolynomialFeatures(2, include_bias=False)
        return make_pipeline(StandardScaler(), squares, StandardScaler(), LogisticRegression())
    fresh = clone(estimator)
    if "random_state" in fresh.get_params():
        fresh.set_params(random_state=seed)
    return fresh
