"""A hyperplane through the unit cube."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

from sim.concepts.concept import MOST_COLUMNS
from sim.concepts.two_classes import TwoClasses
from sim.errors import whole, within
from sim.schema import Schema, numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Hyperplane(TwoClasses):
    """Uniform *columns* on [0, 1]; class 1 where Σ w x reaches ½ Σ w.

    The weights w are uniform on [0, 1], as in River's `synth.Hyperplane`; *rule* names them: the
    same name is the same weights. *shift* is added to the weights of the first *moved* columns,
    so an incremental drift to another *shift* is River's `mag_change` × records without its
    random turns. A tie, which has probability 0, is class 0 here and class 1 in River.
    Hulten, Spencer and Domingos, 'Mining time-changing data streams', KDD 2001.

    >>> Hyperplane(columns=3, shift=0.5, moved=1).weights - Hyperplane(columns=3).weights
    array([0.5, 0. , 0. ])
    """

    columns: int = 10
    rule: str = "start"
    shift: float = 0.0
    moved: int = 2
    noise: float = 0.05

    def __post_init__(self) -> None:
        whole("hyperplane.columns", self.columns, 1, MOST_COLUMNS)
        whole("hyperplane.moved", self.moved, 0)
        within("hyperplane.shift", self.shift, -1e6, 1e6)
        within("hyperplane.noise", self.noise, 0, 0.5)

    @property
    def schema(self) -> Schema:
        """x0, x1, …"""
        return numbers(self.columns, low=0.0, high=1.0)

    @property
    def weights(self) -> Floats:
        """The weights of the rule (shape d)."""
        weights = _uniform(self.rule, self.columns).copy()
        weights[: self.moved] += self.shift
        return weights

    def features(self, generator: np.random.Generator, count: int) -> Floats:
        """Draw uniforms (n, d)."""
        return generator.random((count, self.columns))

    def score(self, x: Floats) -> Floats:
        """Return the weighted sum less half the sum of the weights."""
        weights = self.weights
        score = x @ weights
        score -= 0.5 * weights.sum()
        return score


@lru_cache(maxsize=256)
def _uniform(rule: str, size: int) -> Floats:
    """Return the weights (shape d) that the name *rule* stands for."""
    hashed = blake2b(f"hyperplane {rule}".encode(), digest_size=8).digest()
    seed = int.from_bytes(hashed, "little")
    weights = np.random.Generator(np.random.SFC64(seed)).random(size)
    weights.flags.writeable = False
    return weights
