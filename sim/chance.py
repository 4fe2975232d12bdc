"""Luck: every draw is a function of the seed, a name and the thing it concerns.

Nothing here remembers what was drawn before, so any stretch of any stream can be drawn
alone, in any order, and gives the same numbers.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_S30, _S27, _S31, _S11 = (np.uint64(n) for n in (30, 27, 31, 11))
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
        key = np.frombuffer(self._hash(name, identity, 8), dtype=np.uint64)[0]
        with np.errstate(over="ignore"):
            z = (things.astype(np.uint64) + np.uint64(1)) * _GOLDEN ^ key
            z = (z ^ (z >> _S30)) * _MIX_1
            z = (z ^ (z >> _S27)) * _MIX_2 + key
            z = (z ^ (z >> _S30)) * _MIX_1
            z = (z ^ (z >> _S27)) * _MIX_2
            z ^= z >> _S31
        unit: NDArray[np.float64] = (z >> _S11) * _TO_UNIT
        return unit

    def _hash(self, name: str, identity: tuple[int | str, ...], size: int) -> bytes:
        if len(identity) == 1 and type(identity[0]) is int:  # a page, most of the time
            text = f"{self.seed}\0{name}\0i{identity[0]}"
        else:
            parts = [f"s{part}" if isinstance(part, str) else f"i{int(part)}" for part in identity]
            text = f"{self.seed}\0{name}\0" + "\0".join(parts)
        return blake2b(text.encode(), digest_size=size).digest()


def mistaken(
    coins: np.random.Generator, y: NDArray[np.float64], classes: int
) -> NDArray[np.float64]:
    """Return for each outcome a wrong one: another class, or what belongs to another record."""
    if classes == 0:
        return np.asarray(y[coins.permutation(len(y))])
    return np.asarray((y + coins.integers(1, max(classes, 2), len(y))) % classes)
