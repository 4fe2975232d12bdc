"""The loop over the requests of one stage, compiled: sums per arm as they stand at each look."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

ENTITIES, REQUESTS, ONES, CAME_CAME, CAME_ONES, ONES_ONES = range(6)


class Grid(NamedTuple):
    """All means that somebody can have who came at most so often: *place[c, t]* among *values*."""

    values: Floats
    place: Ints


@cache
def grid(most: int) -> Grid:
    """Return the means t / c for c up to *most*, each once and rising."""
    came, ones = np.nonzero(np.tri(most + 1, dtype=np.bool_))
    values, rank = np.unique(ones / np.maximum(came, 1), return_inverse=True)
    place = np.zeros((most + 1, most + 1), dtype=np.int64)
    place[came, ones] = rank
    return Grid(values, place)


@njit(cache=True)
def looked(
    order: Ints,
    known_at: Floats,
    who: Ints,
    treated: NDArray[np.bool_],
    ones: NDArray[np.bool_],
    looks: Floats,
    place: Ints,
    sums: Ints,
    means: Floats,
) -> Any:
    """Go through the requests in the *order* in which they are known; write sums at each look.

    *who* (requests) came with *ones* or not, *treated* (entities) met the challenger. *sums* has
    shape (looks, arms, 6), *means* (looks, arms, values of the grid).
    """
    came = np.zeros(len(treated), dtype=np.int64)
    good = np.zeros(len(treated), dtype=np.int64)
    now = np.zeros((2, 6), dtype=np.int64)
    held = np.zeros((2, means.shape[2]), dtype=np.float64)
    at = 0
    for look in range(len(looks)):
        while at < len(order) and known_at[order[at]] <= looks[look]:
            request = order[at]
            at += 1
            entity = who[request]
            arm = 1 if treated[entity] else 0
            c, t, x = came[entity], good[entity], 1 if ones[request] else 0
            if c == 0:
                now[arm, 0] += 1
            else:
                held[arm, place[c, t]] -= 1.0
            held[arm, place[c + 1, t + x]] += 1.0
            now[arm, 1] += 1
            now[arm, 2] += x
            now[arm, 3] += 2 * c + 1
            now[arm, 4] += (c + 1) * (t + x) - c * t
            now[arm, 5] += (2 * t + 1) * x
            came[entity] = c + 1
            good[entity] = t + x
        sums[look] = now
        means[look] = held


@njit(cache=True)
def met(served: Floats, who: Ints, from_when: Floats, looks: Floats, found: Ints) -> Any:
    """Write how many entities had met the challenger before each look.

    An entity meets it from *from_when* on: when its stage gave it the challenger.
    """
    seen = np.zeros(len(from_when), dtype=np.bool_)
    at, count = 0, 0
    for look in range(len(looks)):
        while at < len(served) and served[at] <= looks[look]:
            entity = who[at]
            if not seen[entity] and served[at] >= from_when[entity]:
                seen[entity] = True
                count += 1
            at += 1
        found[look] = count


@njit(cache=True)
def crossed(
    order: Ints,
    known_at: Floats,
    who: Ints,
    stage: Ints,
    arm: Ints,
    ones: NDArray[np.bool_],
    looks: Floats,
    people: Ints,
    cross: Floats,
) -> Any:
    """Count what stages have in common: who came in several of them, as known at each look.

    *stage* is that of each request, *arm* (stages, entities) whom an entity met, *ones* (stages,
    requests) what went well. *people* (looks, stages, arms) are different ones in all stages up
    to one; *cross* (looks, stages, stages, arms, arms, 4) the sums of c·c', c·t', t·c' and t·t' of
    who came in an earlier and in a later stage.
    """
    stages, entities = arm.shape
    came = np.zeros((stages, entities), dtype=np.int64)
    good = np.zeros((stages, entities), dtype=np.int64)
    met = np.zeros((stages, 2), dtype=np.int64)
    both = np.zeros((stages, stages, 2, 2, 4), dtype=np.float64)
    at = 0
    for look in range(len(looks)):
        while at < len(order) and known_at[order[at]] <= looks[look]:
            request = order[at]
            at += 1
            here, entity = stage[request], who[request]
            mine, x = arm[here, entity], 1 if ones[here, request] else 0
            for upto in range(here, stages):
                new = True
                for old in range(upto + 1):
                    new &= not (came[old, entity] > 0 and arm[old, entity] == mine)
                met[upto, mine] += new
            for other in range(stages):
                c, t = came[other, entity], good[other, entity]
                if other == here or c == 0:
                    continue
                theirs = arm[other, entity]
                if here < other:
                    sums = both[here, other, mine, theirs]
                    sums[1] += t
                    sums[2] += x * c
                else:
                    sums = both[other, here, theirs, mine]
                    sums[1] += c * x
                    sums[2] += t
                sums[0] += c
                sums[3] += x * t
            came[here, entity] += 1
            good[here, entity] += x
        people[look] = met
        cross[look] = both


@njit(cache=True)
def paired(
    order: Ints,
    known_at: Floats,
    who: Ints,
    better: Ints,
    looks: Floats,
    place: Ints,
    sums: Ints,
    means: Floats,
) -> Any:
    """Go through requests that both versions answered; write sums of differences at each look.

    *better* (requests) is 1 where only the challenger did well, -1 where only the champion did.
    *sums* has shape (looks, 7): as in `looked`, and how often the two differed; *means* (looks,
    values), rising from -1 to 1.
    """
    entities = who.max() + 1
    came = np.zeros(entities, dtype=np.int64)
    good = np.zeros(entities, dtype=np.int64)
    now = np.zeros(7, dtype=np.int64)
    held = np.zeros(means.shape[1], dtype=np.float64)
    middle = (means.shape[1] - 1) // 2
    at = 0
    for look in range(len(looks)):
        while at < len(order) and known_at[order[at]] <= looks[look]:
            request = order[at]
            at += 1
            entity, x = who[request], better[request]
            c, t = came[entity], good[entity]
            if c == 0:
                now[0] += 1
            else:
                held[middle + np.sign(t) * place[c, abs(t)]] -= 1.0
            held[middle + np.sign(t + x) * place[c + 1, abs(t + x)]] += 1.0
            now[1] += 1
            now[2] += x
            now[3] += 2 * c + 1
            now[4] += (c + 1) * (t + x) - c * t
            now[5] += 2 * t * x + x * x
            now[6] += abs(x)
            came[entity] = c + 1
            good[entity] = t + x
        sums[look] = now
        means[look] = held
