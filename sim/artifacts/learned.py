"""A scikit-learn estimator as an artifact."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from sim.artifacts.adjusted import Adjusted
from sim.artifacts.artifact import CannotBuild, drawn
from sim.artifacts.fitted import Fitted
from sim.errors import Mistake, one_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from sim.artifacts.artifact import Examples, Model

    Floats = NDArray[np.float64]


HELD_BACK = ("C", "alpha", "l2_regularization", "ccp_alpha")
"""Parameters that say how much an estimator is held back, or how little."""


@dataclass(frozen=True, kw_only=True)
class Learned:
    """Any scikit-learn *estimator* with fit or partial_fit, and predict.

    Values that did not arrive are filled with the mean of the training data.
    """

    estimator: Any = None
    weighs: ClassVar[bool] = True
    """It knows what weights of records are."""

    def variant(self, random_state: int) -> Learned:
        """Return another configuration of the same estimator: how much it is held back is drawn.

        It is held back up to a hundred times more, or less, where the estimator says how much.
        """
        estimator = self._template()
        given = estimator.get_params()
        knob = next((name for name in HELD_BACK if isinstance(given.get(name), float)), "")
        if not knob:
            return self
        times = 10.0 ** np.random.Generator(np.random.SFC64(random_state)).uniform(-2.0, 2.0)
        return self.changed({knob: given[knob] * times}, "candidates")

    def changed(self, given: dict[str, Any], field: str) -> Learned:
        """Return the same artifact with other parameters of its estimator."""
        from sklearn.base import clone

        estimator = self._template()
        known = estimator.get_params()
        for name in given:
            one_of(field, name, known)
        return Learned(estimator=clone(estimator).set_params(**given))

    def build(self, examples: Examples, *, random_state: int, warm: Model | None) -> Model:
        """Fit a clone of the estimator; a warm start goes on with partial_fit."""
        from sklearn.base import clone

        if len(examples.y) == 0:
            raise CannotBuild("no labelled record in the window")
        means, x = _filled(examples.x)
        if isinstance(warm, Adjusted):
            warm = warm.model
        goes_on = isinstance(warm, Fitted) and hasattr(warm.estimator, "partial_fit")
        if isinstance(warm, Fitted) and goes_on:
            estimator = deepcopy(warm.estimator)
        else:
            estimator = clone(self._template())
            chances = [name for name in estimator.get_params() if name.endswith("random_state")]
            if chances:
                estimator.set_params(**dict.fromkeys(chances, random_state))
        try:
            with _heard() as said:
                _fit(estimator, x, examples, random_state, warm=goes_on)
        except (ValueError, TypeError, ArithmeticError) as error:
            first = str(error).strip().split("\n")[0]
            raise CannotBuild(f"{type(estimator).__name__} cannot fit: {first}") from error
        return Fitted(estimator, means, examples.classes, unfinished=bool(said))

    def _template(self) -> Any:
        if self.estimator is None:
            from sklearn.linear_model import LogisticRegression

            return LogisticRegression()
        for method in ("predict", "get_params"):
            if isinstance(self.estimator, type) or not hasattr(self.estimator, method):
                raise Mistake(
                    f"artifact.estimator is {self.estimator!r}: give an instance with {method}(), "
                    "a scikit-learn estimator; a River model goes into Online(model=…)"
                )
        return self.estimator


@contextmanager
def _heard() -> Iterator[list[str]]:
    """Gather what scikit-learn says of fits that stopped before they converged.

    Said on standard error at every training of every year, it would drown what else is said
    there; the evaluation report holds it. Other warnings are passed on.
    """
    from sklearn.exceptions import ConvergenceWarning

    found: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.filterwarnings("always", category=ConvergenceWarning)
        yield found
    for one in caught:
        if issubclass(one.category, ConvergenceWarning):
            found.append(str(one.message))
        else:
            warnings.warn_explicit(one.message, one.category, one.filename, one.lineno)


def _fit(estimator: Any, x: Floats, examples: Examples, random_state: int, *, warm: bool) -> None:
    from inspect import signature

    whole = not warm and hasattr(estimator, "fit")
    fit, y = estimator.fit if whole else estimator.partial_fit, examples.y
    more: dict[str, Any] = {}
    if not whole and examples.classes and not hasattr(estimator, "classes_"):
        more["classes"] = np.arange(float(examples.classes))
    if examples.weight is not None:
        if "sample_weight" in signature(fit).parameters:
            more["sample_weight"] = examples.weight
        else:
            rows = drawn(examples.weight, random_state)
            x, y = x[rows], y[rows]
    fit(x, y, **more)


def _filled(x: Floats) -> tuple[Floats, Floats]:
    """Return the columns' means and *x* with its gaps filled by them."""
    gaps = np.isnan(x)
    if not gaps.any():
        return x.mean(axis=0), x
    counts = (~gaps).sum(axis=0)
    means = np.where(gaps, 0.0, x).sum(axis=0) / np.maximum(counts, 1)
    return means, np.where(gaps, means, x)
