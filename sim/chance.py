"""Luck: every draw is a function of the seed, a name and the thing it concerns.

Nothing here remembers what was drawn before, so any stretch of any stream can be drawn
alone, in any order, and gives the same numbers.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_S30, _S27, _S31, _S11, _S32 = (np.uint64(n) for n in (30, 27, 31, 11, 32))
_ONE = np.uint64(1)
_TO_UNIT = 2.0**-53
_FIRST = (1).to_bytes(8, "little")
"""SFC64's counter at its beginning"""


class Luck:
    """All the chance of one world, given its *seed*."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._generators: dict[str, np.random.Generator] = {}

    def page(self, name: str, *identity: int | str) -> np.random.Generator:
        """Return the generator for *name* and *identity*, at its beginning.

        It is the same object for every page of one name: draw at once what you need.
        SFC64's state is 192 bits; a cryptographic hash fills them, so no warm-up is owed.
        """
        generator = self._generators.get(name)
        if generator is None:
            generator = self._generators[name] = np.random.Generator(np.random.SFC64(0))
        words = np.frombuffer(self._hash(name, identity, 24) + _FIRST, dtype=np.uint64)
        generator.bit_generator.state = {
            "bit_generator": "SFC64",
            "state": {"state": words},
            "has_uint32": 0,
            "uinteger": 0,
        }
        return generator

    def uniform(self, name: str, *identity: int | str) -> float:
        """Return one number in [0, 1) that belongs to *name* and *identity*."""
        word = int.from_bytes(self._hash(name, identity, 8), "little")
        return (word >> 11) * _TO_UNIT

    def lognormal(self, name: str, *identity: int | str, median: float, sigma: float) -> float:
        """Return one lognormal number with the given *median* and log-scale *sigma*."""
        return float(median * np.exp(sigma * self.page(name, *identity).standard_normal()))

    def uniforms(
        self, name: str, things: NDArray[np.int64], *identity: int | str
    ) -> NDArray[np.float64]:
        """Return a number in [0, 1) for each of *things* (shape n), whatever stands beside it."""
        found: NDArray[np.float64] = _uniforms(things, self._word(name, identity))
        return found

    def below(self, limit: int, name: str, count: int, *identity: int | str) -> NDArray[np.int64]:
        """Return *count* whole numbers from 0 to below *limit*, equally likely (shape n)."""
        found: NDArray[np.int64] = _below(limit, self._word(name, identity), count)
        return found

    def _word(self, name: str, identity: tuple[int | str, ...]) -> np.uint64:
        return np.uint64(int.from_bytes(self._hash(name, identity, 8), "little"))

    def _hash(self, name: str, identity: tuple[int | str, ...], size: int) -> bytes:
        if len(identity) == 1 and type(identity[0]) is int:  # a page, most of the time
            text = f"{self.seed}\0{name}\0i{identity[0]}"
        else:
            parts = [f"s{part}" if isinstance(part, str) else f"i{int(part)}" for part in identity]
            text = f"{self.seed}\0{name}\0" + "\0".join(parts)
        return blake2b(text.encode(), digest_size=size).digest()


@njit(cache=True, inline="always")
def _mixed(z: np.uint64) -> np.uint64:
    z = (z ^ (z >> _S30)) * _MIX_1
    z = (z ^ (z >> _S27)) * _MIX_2
    return z ^ (z >> _S31)


@njit(cache=True)
def _uniforms(things: NDArray[np.int64], key: np.uint64) -> Any:
    unit = np.empty(len(things))
    for i in range(len(things)):
        z = (np.uint64(things[i]) + _ONE) * _GOLDEN ^ key
        z = (z ^ (z >> _S30)) * _MIX_1
        z = (z ^ (z >> _S27)) * _MIX_2 + key
        unit[i] = (_mixed(z) >> _S11) * _TO_UNIT
    return unit


@njit(cache=True)
def _below(limit: int, key: np.uint64, count: int) -> Any:
    """SplitMix64, begun at *key*; of each number the upper half."""
    places, many = np.empty(count, dtype=np.int64), np.uint64(limit)
    for i in range(count):
        half = _mixed(key + (np.uint64(i) + _ONE) * _GOLDEN) >> _S32
        places[i] = (half * many) >> _S32
    return places


def mistaken(
    coins: np.random.Generator, y: NDArray[np.float64], classes: int
) -> NDArray[np.float64]:
    """Return for each outcome a wrong one: another class, or what belongs to another record."""
    if classes == 0:
        return np.asarray(y[coins.permutation(len(y))])
    return np.asarray((y + coins.integers(1, max(classes, 2), len(y))) % classes)
