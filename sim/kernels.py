"""The few loops that run once per record, compiled; each keeps the order of the records.

A sum that runs in record order into one accumulator per tick and arm is the same number
however the records are cut into blocks, so no tolerance is needed anywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

_PRIME = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(32)
_ONE = np.uint64(1)


@njit(cache=True)
def tally(
    bounds: Ints,
    arm: NDArray[np.int8],
    loss: Floats,
    ideal: Floats,
    bits: NDArray[np.uint64],
    count_out: Ints,
    loss_out: Floats,
    ideal_out: Floats,
    checksum: np.uint64,
) -> Any:
    """Add the outcomes of records to the accounts of their tick and arm.

    *bounds* (ticks + 1) holds where each tick begins among the records; the outputs have
    shape (ticks, arms). *bits* are the raw scores; the checksum over them is returned.
    """
    for tick in range(len(bounds) - 1):
        for i in range(bounds[tick], bounds[tick + 1]):
            a = arm[i]
            count_out[tick, a] += 1
            loss_out[tick, a] += loss[i]
            ideal_out[tick, a] += ideal[i]
            checksum = (checksum ^ bits[i] ^ np.uint64(a)) * _PRIME
            checksum ^= checksum >> _SHIFT
    return checksum


@njit(cache=True)
def all_answered(score: Floats, answer: Floats, arm: NDArray[np.int8]) -> bool:
    """Say whether every request met a version (arms 0 and 1), and that gave it a number."""
    for i in range(len(arm)):
        told = score[i] + answer[i]
        if arm[i] > 1 or told - told != 0.0:
            return False
    return True


@njit(cache=True)
def tally_labels(
    bounds: Ints,
    arm: NDArray[np.int8],
    loss: Floats,
    count_out: Ints,
    loss_out: Floats,
) -> None:
    """Add what arrived labels say about answers to the accounts of their tick and arm."""
    for tick in range(len(bounds) - 1):
        for i in range(bounds[tick], bounds[tick + 1]):
            count_out[tick, arm[i]] += 1
            loss_out[tick, arm[i]] += loss[i]


@njit(cache=True)
def tally_signals(
    bounds: Ints,
    arm: NDArray[np.int8],
    signals: Floats,
    count_out: Ints,
    sum_out: Floats,
) -> None:
    """Add each signal (n, k; NaN for none) to its tick and arm; outputs (ticks, k × arms)."""
    kinds = signals.shape[1]
    arms = count_out.shape[1] // kinds
    for tick in range(len(bounds) - 1):
        for i in range(bounds[tick], bounds[tick + 1]):
            for k in range(kinds):
                value = signals[i, k]
                if value == value:
                    count_out[tick, k * arms + arm[i]] += 1
                    sum_out[tick, k * arms + arm[i]] += value


@njit(cache=True)
def histograms(bounds: Ints, x: Floats, edges: Floats, out: Ints) -> None:
    """Count values per tick, column and bin; *edges* (d, bins - 1), *out* (ticks, d, bins + 1).

    A value falls into the bin of how many edges it reaches; NaN into the last one.
    """
    inner = edges.shape[1]
    for tick in range(len(bounds) - 1):
        for i in range(bounds[tick], bounds[tick + 1]):
            for j in range(x.shape[1]):
                value = x[i, j]
                place = 0
                for k in range(inner):
                    place += value >= edges[j, k]
                if value != value:
                    place = inner + 1
                out[tick, j, place] += 1


@njit(cache=True)
def queue(ready: Ints, took: int, free: int, patience: int, done: Ints) -> Any:
    """Serve *ready* (n, in order) one after another, each taking *took*, from *free* on.

    Writes when each is done, -1 for those that would wait longer than *patience* and go away;
    returns when the server is free.
    """
    for i in range(len(ready)):
        start = max(ready[i], free)
        if start - ready[i] > patience:
            done[i] = -1
        else:
            free = start + took
            done[i] = free
    return free


@njit(cache=True)
def line(
    times: Ints,
    work: Ints,
    free: int,
    patience: int,
    fallback: int,
    arm: NDArray[np.int8],
    latency: Floats,
    free_out: Ints,
) -> None:
    """Let requests wait in line for one server that is free at *free*, in order (shape n each).

    Who would wait longer than *patience* meets the *fallback* arm, as do those who met it anyway:
    they keep nobody waiting. Writes latencies, and when the server is free after each.
    """
    for i in range(len(times)):
        latency[i] = 0.0
        if arm[i] != fallback:
            start = max(times[i], free)
            if start - times[i] > patience:
                arm[i] = fallback
                latency[i] = patience
            else:
                free = start + work[i]
                latency[i] = free - times[i]
        free_out[i] = free


@njit(cache=True)
def tally_buckets(bounds: Ints, bucket: Ints, out: Ints) -> None:
    """Count per tick how many fall into which bucket (ticks × buckets)."""
    for tick in range(len(bounds) - 1):
        for i in range(bounds[tick], bounds[tick + 1]):
            out[tick, bucket[i]] += 1
