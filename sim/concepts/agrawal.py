"""Agrawal's ten functions: who gets a loan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.concepts import agrawal_rules as rules
from sim.concepts.two_classes import TwoClasses
from sim.errors import whole, within
from sim.schema import Column, Schema

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.chance import Luck
    from sim.concepts.concept import Moment

    Floats = NDArray[np.float64]


def _category(name: str, categories: range) -> Column:
    texts = tuple(str(number) for number in categories)
    return Column(name=name, kind="category", low=0.0, high=len(texts) - 1.0, categories=texts)


_SCHEMA = Schema(
    (
        Column(name="salary", low=20_000.0, high=150_000.0),
        Column(name="commission", low=0.0, high=85_000.0),
        Column(name="age", unit="years", low=20.0, high=80.0),
        _category("elevel", range(5)),
        _category("car", range(1, 21)),
        _category("zipcode", range(9)),
        Column(name="hvalue", low=0.0, high=1_200_000.0),
        Column(name="hyears", unit="years", low=1.0, high=30.0),
        Column(name="loan", low=0.0, high=500_000.0),
    )
)


@dataclass(frozen=True, kw_only=True)
class Agrawal(TwoClasses):
    """People with a salary, a house and a loan; *function* (0 to 9) says who is class 1.

    The rules, columns and *perturbation* of River's `synth.Agrawal`: numbers are blurred by up
    to that share of their range once the class is decided. The best answer knows the exact
    numbers. As in River, a perturbed house value is 0 or 100,000 × (9 - zipcode). *noise* flips
    outcomes. The score is 1 or -1, so an incremental drift turns over at its middle.
    Agrawal, Imielinski and Swami, 'Database mining: a performance perspective', IEEE
    Transactions on Knowledge and Data Engineering 1993.

    >>> young = [30_000.0, 12_000.0, 35.0, 1.0, 4.0, 2.0, 500_000.0, 10.0, 90_000.0]
    >>> [Agrawal(function=function).best(np.array([young]))[0] for function in (0, 1, 3)]
    [1.0, 0.0, 1.0]
    """

    function: int = 0
    perturbation: float = 0.0
    noise: float = 0.0

    def __post_init__(self) -> None:
        whole("agrawal.function", self.function, 0, 9)
        within("agrawal.perturbation", self.perturbation, 0, 1)
        within("agrawal.noise", self.noise, 0, 0.5)

    @property
    def schema(self) -> Schema:
        """Six numbers and three categories; the code of car *k* is *k* - 1."""
        return _SCHEMA

    def features(self, generator: np.random.Generator, count: int) -> Floats:
        """Draw exact records (n, 9)."""
        x = generator.random((count, 9))
        rules.people(x)
        return x

    def score(self, x: Floats) -> Floats:
        """Return 1 for class 1, -1 for class 0."""
        return rules.judge(x, self.function)

    def blur(self, luck: Luck, now: Moment, x: Floats) -> None:
        """Perturb exact records, in place."""
        if self.perturbation:
            coins = luck.random("perturbation", (len(x), 6), now.page)
            rules.perturb(x, coins, self.perturbation)
