"""Luck: every draw is a function of the seed, a name and the thing it concerns.

Nothing here remembers what was drawn before, so any stretch of any stream can be drawn
alone, in any order, and gives the same numbers.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_S30, _S27, _S31, _S11, _S32 = (np.uint64(n) for n in (30, 27, 31, 11, 32))
_S3, _S24, _S40 = (np.uint64(n) for n in (3, 24, 40))
_ONE = np.uint64(1)
_TO_UNIT = 2.0**-53
_FIRST = (1).to_bytes(8, "little")
"""SFC64's counter at its beginning"""


_BLOCK = 512
"""How many places are drawn at a time: they stay in the nearest cache."""

Value = TypeVar("Value", bound=np.generic)


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
        generator.bit_generator.state = {
            "bit_generator": "SFC64",
            "state": {"state": self._words(name, identity)},
            "has_uint32": 0,
            "uinteger": 0,
        }
        return generator

    def words(self, name: str, *identity: int | str) -> NDArray[np.uint64]:
        """Return the state in which `page` sets out, for a compiled loop that draws by itself."""
        return self._words(name, identity)

    def random(
        self, name: str, shape: int | tuple[int, int], *identity: int | str
    ) -> NDArray[np.float64]:
        """Return numbers in [0, 1): those of `page(…).random(shape)`, sooner."""
        found = np.empty(shape)
        _random(self._words(name, identity), found.reshape(-1))
        return found

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

    def dealt(
        self, values: NDArray[Value], name: str, count: int, *identity: int | str
    ) -> NDArray[Value]:
        """Return *count* of *values* (each as likely): those at the places that `below` gives."""
        found: NDArray[Value] = _dealt(values, self._word(name, identity), count)
        return found

    def below_line(
        self, order: NDArray[np.float64], line: float, name: str, count: int, *identity: int | str
    ) -> tuple[NDArray[np.bool_], bool]:
        """Say of *count* things whether the *order* they are dealt is below *line*; and of any."""
        found: tuple[NDArray[np.bool_], bool]
        found = _below_line(order, line, self._word(name, identity), count)
        return found

    def _words(self, name: str, identity: tuple[int | str, ...]) -> NDArray[np.uint64]:
        return np.frombuffer(self._hash(name, identity, 24) + _FIRST, dtype=np.uint64)

    def _word(self, name: str, identity: tuple[int | str, ...]) -> np.uint64:
        return np.uint64(int.from_bytes(self._hash(name, identity, 8), "little"))

    def _hash(self, name: str, identity: tuple[int | str, ...], size: int) -> bytes:
        if len(identity) == 1 and type(identity[0]) is int:  # a page, most of the time
            text = f"{self.seed}\0{name}\0i{identity[0]}"
        else:
            parts = [f"s{part}" if isinstance(part, str) else f"i{int(part)}" for part in identity]
            text = f"{self.seed}\0{name}\0" + "\0".join(parts)
        return blake2b(text.encode(), digest_size=size).digest()


# What is inlined here is kept compiled beside those who call it (sim/concepts/compiled.py,
# clouds.py), and numba does not notice that it changed: whoever edits it clears their cache.
@njit(cache=True, inline="always")
def _mixed(z: np.uint64) -> np.uint64:
    z = (z ^ (z >> _S30)) * _MIX_1
    z = (z ^ (z >> _S27)) * _MIX_2
    return z ^ (z >> _S31)


@njit(cache=True, inline="always")
def next_word(a: np.uint64, b: np.uint64, c: np.uint64, counter: np.uint64) -> Any:
    """Return SFC64's next word, and the state after it."""
    word = a + b + counter
    turned = (c << _S24) | (c >> _S40)
    return word, b ^ (b >> _S11), c + (c << _S3), turned + word, counter + _ONE


@njit(cache=True, inline="always")
def fraction(word: np.uint64) -> float:
    """Return the number in [0, 1) that numpy makes of a word."""
    return np.int64(word >> _S11) * _TO_UNIT


@njit(cache=True, inline="always")
def fill(
    found: NDArray[np.float64], a: np.uint64, b: np.uint64, c: np.uint64, counter: np.uint64
) -> Any:
    """Draw numbers in [0, 1) (shape n) from SFC64's state; return the state after them."""
    for i in range(len(found)):
        word, a, b, c, counter = next_word(a, b, c, counter)
        found[i] = fraction(word)
    return a, b, c, counter


@njit(cache=True)
def _random(words: NDArray[np.uint64], found: NDArray[np.float64]) -> None:
    fill(found, words[0], words[1], words[2], words[3])


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
def _places(many: np.uint64, key: np.uint64, first: int, places: NDArray[np.uint64]) -> None:
    """Draw numbers below *many* by SplitMix64, begun at *key*, from the *first* on.

    It takes the upper half of each; the loop is vector code.
    """
    for i in range(len(places)):
        half = _mixed(key + (np.uint64(first + i) + _ONE) * _GOLDEN) >> _S32
        places[i] = (half * many) >> _S32


@njit(cache=True)
def _below(limit: int, key: np.uint64, count: int) -> Any:
    places = np.empty(count, dtype=np.uint64)
    _places(np.uint64(limit), key, 0, places)
    return places.view(np.int64)


@njit(cache=True)
def _dealt(values: Any, key: np.uint64, count: int) -> Any:
    found, places = np.empty(count, dtype=values.dtype), np.empty(_BLOCK, dtype=np.uint64)
    for start in range(0, count, _BLOCK):
        size = min(_BLOCK, count - start)
        _places(np.uint64(len(values)), key, start, places[:size])
        for i in range(size):
            found[start + i] = values[places[i]]
    return found


@njit(cache=True)
def _below_line(order: NDArray[np.float64], line: float, key: np.uint64, count: int) -> Any:
    found, places = np.empty(count, dtype=np.bool_), np.empty(_BLOCK, dtype=np.uint64)
    below, some = order < line, False
    for start in range(0, count, _BLOCK):
        size = min(_BLOCK, count - start)
        _places(np.uint64(len(order)), key, start, places[:size])
        for i in range(size):
            found[start + i] = below[places[i]]
            some |= found[start + i]
    return found, some


def mistaken(
    coins: np.random.Generator, y: NDArray[np.float64], classes: int
) -> NDArray[np.float64]:
    """Return for each outcome a wrong one: another class, or what belongs to another record."""
    if classes == 0:
        return np.asarray(y[coins.permutation(len(y))])
    return np.asarray((y + coins.integers(1, max(classes, 2), len(y))) % classes)
