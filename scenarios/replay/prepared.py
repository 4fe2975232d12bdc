"""Features made ready for a linear model, and the model that is taken if nobody names one."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import Pipeline, make_pipeline

Floats = np.ndarray[Any, np.dtype[np.float64]]


class Prepared(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Numbers centred and scaled with their gaps filled; categories one column each.

    *categories* says of each column how many codes were agreed, 0 for a number. A code beyond
    these, or none, is no category at all.
    """

    def __init__(self, categories: tuple[int, ...] = ()) -> None:
        self.categories = categories

    def fit(self, x: Floats, y: object = None) -> Prepared:
        """Learn means, spreads and which number columns have gaps."""
        numbers = x[:, np.array(self.categories) == 0]
        known = np.isfinite(numbers)
        count = np.maximum(known.sum(axis=0), 1)
        self.means_ = np.where(known, numbers, 0.0).sum(axis=0) / count
        centred = np.where(known, numbers - self.means_, 0.0)
        spread = np.sqrt((centred * centred).sum(axis=0) / count)
        self.spreads_ = np.where(spread > 0, spread, 1.0)
        self.gaps_ = ~known.all(axis=0)
        return self

    def transform(self, x: Floats) -> Floats:
        """Return the columns of the model (n, k)."""
        numbers = x[:, np.array(self.categories) == 0]
        known = np.isfinite(numbers)
        parts = [np.where(known, (numbers - self.means_) / self.spreads_, 0.0)]
        parts.append((~known[:, self.gaps_]).astype(np.float64))
        for column, size in enumerate(self.categories):
            if size:
                parts.append((x[:, column][:, None] == np.arange(size)).astype(np.float64))
        joined: Floats = np.clip(np.concatenate(parts, axis=1), -1e6, 1e6)
        return joined


def estimator(categories: tuple[int, ...], classes: int, *, balanced: bool) -> Pipeline:
    """Return a linear model for these columns: logistic for classes, ridge for numbers."""
    if not classes:
        return make_pipeline(Prepared(categories), Ridge())
    weight = "balanced" if balanced else None
    return make_pipeline(
        Prepared(categories), LogisticRegression(max_iter=500, class_weight=weight)
    )
