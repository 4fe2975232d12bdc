"""Is this object a sound detector? The public conformance check for plug-ins."""

from __future__ import annotations

import pickle
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import Mistake
from sim.monitoring import running
from strategies.detectors.dummies import RunningDummy

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

JUMP = 3000
"""how many values come before, and how many after, the error rate jumps"""


class Raised(Exception):
    """What a detector raised where it should not have."""


def check_detector(detector: Any) -> list[str]:
    """Say in words what is wrong with *detector*; an empty list means that it is sound.

    Errors (0 and 1) whose rate jumps from 10 % to 90 % are given to it, value by value, whole and
    in blocks; then constants, NaN and huge numbers, which it may refuse with a ValueError that
    names the value. What it has forgotten after an alarm, a copy and a pickle must be right.

    >>> check_detector(object())
    ['object is no detector: it has update(x) and drift_detected, or start(), or fit and compare']
    """
    name = type(detector).__name__
    if isinstance(detector, type):
        return [f"{detector.__name__} is a class: give an instance, {detector.__name__}()"]
    batch, stream = callable(getattr(detector, "fit", None)), hasattr(detector, "update")
    if not (batch or stream or hasattr(detector, "start")):
        return [
            f"{name} is no detector: it has update(x) and drift_detected, or start(), "
            "or fit and compare"
        ]
    found: list[str] = []
    described = getattr(detector, "__dataclass_params__", None)
    if described is not None and not described.frozen:
        found.append(f"{name} is a dataclass that is not frozen: write @dataclass(frozen=True)")
    try:
        if batch and not stream and not hasattr(detector, "start"):
            return found + _batch(name, detector)
        running(detector, name)
        before = _pickled(detector)
        for look in (_alike, _forgets, _copies, _odd_values):
            found += look(name, lambda: running(detector, name))
        if before != _pickled(detector):
            found.append(f"{name} changed itself: what happens belongs to what start() returns")
    except Mistake as mistake:
        found.append(str(mistake))
    except Raised as raised:
        found.append(str(raised))
    return found


def alarms(at_work: Any, values: Floats) -> list[int]:
    """Return the places at which a detector at work alarms, fed as fast as it can be."""
    if not hasattr(at_work, "scan"):
        return one_by_one(at_work, values)
    found, place = [], 0
    while (index := at_work.scan(values[place:])) >= 0:
        found.append(place + index)
        place += index + 1
    return found


def one_by_one(at_work: Any, values: Floats) -> list[int]:
    """Return the places at which it alarms, fed value by value."""
    found = []
    for i, value in enumerate(values.tolist()):
        at_work.update(value)
        if at_work.drift_detected:
            found.append(i)
    return found


def jump(nth: int = 0) -> Floats:
    """Return errors whose rate jumps from 10 % to 90 %."""
    chance = np.random.Generator(np.random.SFC64(nth)).random(2 * JUMP)
    return np.where(np.arange(2 * JUMP) < JUMP, chance < 0.1, chance < 0.9).astype(np.float64)


def _alike(name: str, fresh: Callable[[], Any]) -> list[str]:
    """Compare two fresh ones, and all the ways to feed one."""
    values = jump()
    found: list[str] = []
    alone = _guarded(name, alarms, fresh(), values)
    if alone != _guarded(name, alarms, fresh(), values):
        return [
            f"{name} alarms at other places the second time: draw luck from a seed that is a field"
        ]
    if not hasattr(fresh(), "scan"):
        return found
    if hasattr(fresh(), "update") and alone != _guarded(name, one_by_one, fresh(), values):
        found.append(f"{name}'s scan and update disagree: first alarms {alone[:3]} by scan")
    at_work, in_blocks = fresh(), []
    for start in range(0, len(values), 700):
        block = values[start : start + 700]
        in_blocks += [start + place for place in _guarded(name, alarms, at_work, block)]
    if in_blocks != alone:
        found.append(f"{name} alarms elsewhere when values come in blocks: it reads ahead or drops")
    at_work = fresh()
    if hasattr(at_work, "snapshot"):
        _guarded(name, alarms, at_work, values[:JUMP])
        state = at_work.snapshot()
        first = _guarded(name, alarms, at_work, values[JUMP:])
        at_work.restore(state)
        if _guarded(name, alarms, at_work, values[JUMP:]) != first:
            found.append(f"{name} does not come back with restore(snapshot): something is left out")
    return found


def _forgets(name: str, fresh: Callable[[], Any]) -> list[str]:
    """Compare it after its first alarm with a fresh one."""
    values = jump()
    first = next(iter(_guarded(name, alarms, fresh(), values)), None)
    if first is None or isinstance(fresh(), RunningDummy):  # these have nothing to forget
        return []
    at_work, rest = fresh(), np.concatenate([values[first + 1 :], jump(1), jump(2)])
    _guarded(name, alarms, at_work, values[: first + 1])
    if _guarded(name, alarms, at_work, rest) != _guarded(name, alarms, fresh(), rest):
        return [
            f"{name} remembers something after an alarm: the next value must find it as if fresh "
            "(the bench starts a fresh one where it does not)"
        ]
    return []


def _copies(name: str, fresh: Callable[[], Any]) -> list[str]:
    """Copy and pickle it at work."""
    values, found = jump(), []
    half = JUMP + 5
    at_work = fresh()
    _guarded(name, alarms, at_work, values[:half])
    ways: dict[str, Callable[[Any], Any]] = {
        "copied": deepcopy,
        "pickled": lambda thing: pickle.loads(pickle.dumps(thing)),
    }
    others = []
    for how, way in ways.items():
        try:
            others.append((how, way(at_work)))
        except Exception as error:
            found.append(f"{name} at work cannot be {how}: {type(error).__name__}: {error}")
    expected = _guarded(name, alarms, at_work, values[half:])
    found += [
        f"{name}, {how} at work, goes on otherwise than the one it was made from"
        for how, other in others
        if _guarded(name, alarms, other, values[half:]) != expected
    ]
    return found


def _odd_values(name: str, fresh: Callable[[], Any]) -> list[str]:
    """Give it constants, NaN and huge numbers: it goes on, or says clearly why not."""
    found = []
    hears = bool(_guarded(name, alarms, fresh(), jump()))
    for value in (0.0, 1.0):
        _guarded(name, alarms, fresh(), np.full(500, value))
    for value, said in ((float("nan"), "NaN"), (1e300, "1e300")):
        at_work = fresh()
        _guarded(name, alarms, at_work, jump()[:100])
        try:
            alarms(at_work, np.array([value]))
        except ValueError as error:
            if repr(value) not in str(error) and said not in str(error):
                found.append(f"{name} refuses {said} without naming it: {_first(error)}")
            continue
        except Exception as error:
            found.append(f"{name} breaks down at {said}: {type(error).__name__}: {_first(error)}")
            continue
        if hears and not _guarded(name, alarms, at_work, np.concatenate([jump(), jump(1)])):
            found.append(
                f"{name} takes {said} in silence and never alarms again: raise a ValueError that "
                "names the value"
            )
    return found


def _batch(name: str, detector: Any) -> list[str]:
    """Look at one with fit and compare, on numbers and on rows."""
    from strategies.detectors.on_windows import fitted

    luck, found = np.random.Generator(np.random.SFC64(0)), []
    for columns in (1, 3):
        reference, window = luck.normal(0, 1, (400, columns)), luck.normal(0, 1, (200, columns))
        try:
            compared = [fitted(detector, reference).compare(window) for _ in range(2)]
        except Exception as error:
            return [f"{name} raised {type(error).__name__} on {columns} columns: {_first(error)}"]
        if not isinstance(getattr(compared[0], "drift", None), bool | np.bool_):
            return [f"{name}.compare must give something with drift, True or False"]
        if _pickled(compared[0]) != _pickled(compared[1]):
            found.append(f"{name} judges the same window otherwise the second time")
        if compared[0].drift:
            found.append(f"{name} sees drift between samples of one distribution ({columns} wide)")
        if not fitted(detector, reference).compare(window * 3 + 3).drift:
            found.append(f"{name} sees no drift where mean and spread tripled ({columns} wide)")
    return found


def _guarded(name: str, feed: Callable[[Any, Floats], list[int]], *what: Any) -> list[int]:
    """Feed it; what it raises on values that every detector of errors takes is said in words."""
    try:
        return feed(*what)
    except Exception as error:
        raise Raised(
            f"{name} raised {type(error).__name__} on values of 0 and 1: {_first(error)}"
        ) from None


def _pickled(thing: Any) -> bytes | str:
    try:
        return pickle.dumps(thing)
    except Exception:
        return repr(thing)


def _first(error: Exception) -> str:
    return str(error).strip().split("\n")[0]
