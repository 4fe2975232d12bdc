"""Walks everything that can be reached from an object, the way a curious strategy could."""

from __future__ import annotations

import gc
import types
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.arrivals import Arrivals, Calendar, Parcel
from sim.chance import Luck
from sim.concepts import Judgements
from sim.drift import Span
from sim.facts import TRUTH, Fact
from sim.flight import Flight
from sim.incidents import Incidents
from sim.jobs import Jobs
from sim.labels import Labels
from sim.ledger import Ledger
from sim.router import Router
from sim.scenario import Scenario
from sim.source import Page, Source
from sim.stage import Stage
from sim.storage import Snapshot, Storage
from sim.stream import Stream, Truth
from sim.timeline import Timeline
from sim.workshop import Build, Workshop
from sim.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

FORBIDDEN = (
    Arrivals,
    Build,
    Calendar,
    Flight,
    Incidents,
    Jobs,
    Judgements,
    Labels,
    Ledger,
    Luck,
    Page,
    Parcel,
    Router,
    Scenario,
    Snapshot,
    Storage,
    Source,
    Span,
    Stage,
    Stream,
    Timeline,
    Truth,
    Workshop,
    World,
    np.random.Generator,
    np.random.BitGenerator,
)
"""What holds the truth, the future or the luck of a world."""

_LEAVES = (str, bytes, int, float, complex, bool, type(None), type, types.ModuleType)
_BY_REFERENCE = (
    types.CellType,
    types.FrameType,
    types.GeneratorType,
    types.MethodType,
    types.BuiltinMethodType,
)


@dataclass(frozen=True)
class Reached:
    """An object that was reached, and *path* says how."""

    path: str
    thing: Any


def reach(start: Any, *, name: str = "view") -> Iterator[Reached]:
    """Yield everything that can be reached from *start*.

    Not followed: modules, classes, and the globals of functions: they are the program and hold
    no run. Arrays are followed through their bases.
    """
    seen: dict[int, Any] = {}
    waiting = [Reached(name, start)]
    while waiting:
        at = waiting.pop()
        if id(at.thing) in seen or isinstance(at.thing, _LEAVES):
            continue
        seen[id(at.thing)] = at.thing  # kept alive, so that no other gets its id
        yield at
        waiting.extend(_next(at))


def _next(at: Reached) -> Iterator[Reached]:
    thing, path = at.thing, at.path
    if isinstance(thing, dict):
        for key, value in thing.items():
            yield Reached(f"{path} key", key)
            yield Reached(f"{path}[{key!r}]", value)
    elif isinstance(thing, list | tuple | set | frozenset):
        for i, value in enumerate(thing):
            yield Reached(f"{path}[{i}]", value)
    elif isinstance(thing, np.ndarray):
        yield Reached(f"{path}.base", thing.base)
        if thing.dtype.kind == "O":
            yield Reached(f"{path} items", thing.tolist())
    elif isinstance(thing, types.FunctionType):
        for cell in thing.__closure__ or ():
            yield Reached(f"{path} closure", cell)
        yield Reached(f"{path} defaults", (thing.__defaults__, thing.__kwdefaults__))
    elif isinstance(thing, _BY_REFERENCE):
        for other in gc.get_referents(thing):
            yield Reached(f"{path} → {type(other).__name__}", other)
    else:
        yield from _attributes(thing, path)


def _attributes(thing: Any, path: str) -> Iterator[Reached]:
    for name, value in getattr(thing, "__dict__", {}).items():
        yield Reached(f"{path}.{name}", value)
    for cls in type(thing).__mro__:
        slots = vars(cls).get("__slots__", ())
        for slot in (slots,) if isinstance(slots, str) else slots:
            if hasattr(thing, slot):
                yield Reached(f"{path}.{slot}", getattr(thing, slot))
    if _ours(type(thing)):
        for name in dir(type(thing)):
            if not name.startswith("__"):
                try:
                    value = getattr(thing, name)
                except Exception:  # a property that cannot be read now leads nowhere
                    continue
                yield Reached(f"{path}.{name}", value)
        for other in gc.get_referents(thing):
            if not isinstance(other, type):
                yield Reached(f"{path} → {type(other).__name__}", other)


def _ours(cls: type) -> bool:
    return cls.__module__.split(".")[0] in ("sim", "strategies", "scenarios", "tests")


def is_truth(thing: Any) -> bool:
    """Say whether *thing* is something that no operator may reach."""
    return isinstance(thing, FORBIDDEN) or (isinstance(thing, Fact) and thing.role == TRUTH)
