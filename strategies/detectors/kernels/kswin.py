"""KSWIN over an array: Python's own sampling, and the two-sample test as a table.

With two samples of one size the p-value depends only on the number of steps by which their
empirical distributions differ, so scipy is asked once which numbers alarm. The draws are those
of Python's Mersenne Twister, whose 624 words lie in the state, two to a float.
"""

from __future__ import annotations

import random  # noqa: TID251 - River draws with it; only its first state is read, from a seed
import warnings
from functools import lru_cache
from math import ceil, log
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from strategies.detectors.kernels import SIGNATURE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Words = NDArray[np.uint32]

DRIFT, _, COUNT, NEXT_WORD = range(4)
HEADER = 4
WORDS = 624


def slots(window_size: int) -> int:
    """Return the size of the state: the header, the generator's words and the window."""
    return HEADER + WORDS // 2 + window_size


def first_words(seed: int) -> Words:
    """Return the words with which Python's generator begins."""
    return np.array(random.Random(seed).getstate()[1][:WORDS], dtype=np.uint32)


def pool_size(draws: int) -> int:
    """Return the largest population from which Python draws by shuffling a list of it."""
    return 21 + (4 ** ceil(log(draws * 3, 4)) if draws > 5 else 0)


@lru_cache(maxsize=64)
def least_steps(alpha: float, size: int) -> int:
    """Return the least number of steps between two samples of *size* that alarms."""
    low, high = 0, size + 1
    while low < high:  # the p-value falls with every step
        steps = (low + high) // 2
        if _alarms(steps, alpha, size):
            high = steps
        else:
            low = steps + 1
    return low


def _alarms(steps: int, alpha: float, size: int) -> bool:
    from scipy import stats  # type: ignore[import-untyped]  # it ships no types

    one, two = np.zeros(size), np.zeros(size)
    two[:steps] = 1.0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", category=RuntimeWarning)
        test: Any = stats.ks_2samp(one, two, method="auto")
    return bool(test.pvalue <= alpha and test.statistic > 0.1)


@njit(cache=True)
def _renew(words: Words) -> None:
    """Make the next 624 words."""
    for i in range(WORDS):
        y = (words[i] & np.uint32(0x80000000)) | (words[(i + 1) % WORDS] & np.uint32(0x7FFFFFFF))
        odd = np.uint32(0x9908B0DF) if y & np.uint32(1) else np.uint32(0)
        words[i] = words[(i + 397) % WORDS] ^ (y >> np.uint32(1)) ^ odd


@njit(cache=True)
def _below(limit: int, words: Words, place: int) -> tuple[int, int]:
    """Return a number below *limit*, as Python draws it, and the place of the next word."""
    bits = 0
    while limit >> bits:
        bits += 1
    while True:
        if place == WORDS:
            _renew(words)
            place = 0
        y = words[place]
        place += 1
        y ^= y >> np.uint32(11)
        y ^= (y << np.uint32(7)) & np.uint32(0x9D2C5680)
        y ^= (y << np.uint32(15)) & np.uint32(0xEFC60000)
        y ^= y >> np.uint32(18)
        drawn = int(y) >> (32 - bits)
        if drawn < limit:
            return drawn, place


@njit(cache=True)
def _steps(one: Floats, two: Floats) -> int:
    """Return by how many values two samples' distributions differ, 0 if one holds NaN."""
    one.sort()
    two.sort()
    size = one.size
    if np.isnan(one[size - 1]) or np.isnan(two[size - 1]):
        return 0
    i, j, most = 0, 0, 0
    while i < size and j < size:
        value = min(one[i], two[j])
        while i < size and one[i] == value:
            i += 1
        while j < size and two[j] == value:
            j += 1
        most = max(most, abs(i - j))
    return most


@njit(SIGNATURE, cache=True)
def scan(values: Floats, state: Floats, parameters: Floats) -> int:
    """Consume *values* to the first alarm; *least* steps between the samples raise it.

    The window is a ring: value n lies in slot n modulo its size. *by_pool* says how Python
    draws from a population of this size: from a list that shrinks, or anew until unseen. The
    first words of its luck follow in *parameters*.
    """
    least, window_size = int(parameters[0]), int(parameters[1])
    stat_size, by_pool = int(parameters[2]), parameters[3] != 0.0
    if values.size == 0:
        return -1
    if state[DRIFT] != 0.0:
        state[:] = 0.0
    words = state[HEADER : HEADER + WORDS // 2].view(np.uint32)
    ring = state[HEADER + WORDS // 2 :]
    count, place = int(state[COUNT]), int(state[NEXT_WORD])
    if count == 0:
        for k in range(WORDS):
            words[k] = np.uint32(parameters[4 + k])
        place = WORDS
    population = window_size - stat_size
    pool = np.empty(population, np.int64)
    old, new = np.empty(stat_size), np.empty(stat_size)
    found = -1
    for i in range(values.size):
        ring[count % window_size] = values[i]
        count += 1
        if count < window_size:
            continue
        for k in range(population):
            pool[k] = k
        for k in range(stat_size):
            left = population - k if by_pool else population
            drawn, place = _below(left, words, place)
            while not by_pool and pool[drawn] < 0:
                drawn, place = _below(left, words, place)
            old[k] = ring[(count + pool[drawn]) % window_size]
            pool[drawn] = pool[left - 1] if by_pool else -1
            new[k] = ring[(count + population + k) % window_size]
        if _steps(old, new) >= least:
            state[DRIFT] = 1.0
            found = i
            break
    state[COUNT], state[NEXT_WORD] = count, place
    return found
