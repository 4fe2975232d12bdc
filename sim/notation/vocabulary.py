"""Which classes may stand where: found by looking at them, never by a list."""

from __future__ import annotations

import re
import sys
import typing
from collections import ChainMap
from dataclasses import MISSING, dataclass, fields, is_dataclass
from difflib import get_close_matches
from functools import cached_property
from importlib import import_module
from inspect import get_annotations, getattr_static, isclass, isfunction, signature
from pkgutil import walk_packages
from types import ModuleType, UnionType
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


@dataclass(frozen=True)
class Slot:
    """A field: its *name*, what *type* fits it, and whether it *needs* a value."""

    name: str
    type: Any
    needs: bool
    default: Any = None
    """what it holds if nothing is said, where it *needs* nothing"""


@dataclass(frozen=True)
class Foreign:
    """A class of another package that is known to be harmless: *path* is where it is found.

    With *positional*, the field of that name holds what is given without names.
    """

    path: str
    positional: str = ""

    def calls(self, **values: Any) -> Any:
        """Make an object of it."""
        make = self.load()
        given = values.pop(self.positional, ()) if self.positional else ()
        return make(*(tuple(x) if isinstance(x, list) else x for x in given), **values)

    def load(self) -> Callable[..., Any]:
        """Import it."""
        module, _, name = self.path.rpartition(".")
        found: Callable[..., Any] = getattr(import_module(module), name)
        return found


class Vocabulary:
    """The frozen dataclasses of *packages* that *root* can be made of, and *foreign* classes.

    A class may stand in a field if it is a subclass of the field's type, or has all that a
    protocol asks for. Classes that leave a class variable open are not complete, and those that
    need what no words can give (a table of data) are left out. Foreign classes may stand where
    any value may.
    """

    def __init__(
        self,
        root: type,
        packages: Iterable[ModuleType],
        foreign: Mapping[str, Foreign] | None = None,
    ) -> None:
        self.root = root
        self.foreign = dict(foreign or {})
        self._modules = [module for package in packages for module in _modules(package)]
        self._slots: dict[type, dict[str, Slot]] = {}
        self._fitting: dict[type, dict[str, type]] = {}

    @cached_property
    def words(self) -> dict[str, type]:
        """Every class that may stand somewhere, by its name."""
        found: dict[str, type] = {}
        waiting = [self.root]
        while waiting:
            made = waiting.pop()
            if found.get(made.__name__) is made:
                continue
            if made.__name__ in found:
                other = found[made.__name__]
                raise RuntimeError(f"two classes share a name in files: {made} and {other}")
            found[made.__name__] = made
            for slot in self.slots(made).values():
                waiting += self.classes(slot.type).values()
        return dict(sorted(found.items()))

    def slots(self, made: type) -> dict[str, Slot]:
        """Return the fields of a class, in order."""
        known = self._slots.get(made)
        if known is None:
            known = {}
            for field in fields(made):
                if not field.init:
                    continue
                default = field.default
                if field.default_factory is not MISSING:
                    default = field.default_factory()
                annotation = self._annotation(made, field.name)
                needs = default is MISSING
                known[field.name] = Slot(field.name, annotation, needs, None if needs else default)
            self._slots[made] = known
        return known

    def classes(self, annotation: Any) -> dict[str, type]:
        """Return the classes that may stand where *annotation* is asked for, by name."""
        if get_origin(annotation) in (Union, UnionType, tuple, list, dict):
            found: dict[str, type] = {}
            for part in get_args(annotation):
                found |= self.classes(part)
            return found
        if not isclass(annotation) or annotation in (str, int, float, bool, type(None)):
            return {}
        known = self._fitting.get(annotation)
        if known is None:
            fitting = [c for c in self._complete if _fits(c, annotation)]
            known = {c.__name__: c for c in fitting if self._can_be_said(c)}
            self._fitting[annotation] = known
        return known

    def usual(self, annotation: Any) -> str:
        """Return the name of the class that is meant if no kind is said, or ''."""
        arms = get_args(annotation) if get_origin(annotation) in (Union, UnionType) else ()
        for arm in arms or (annotation,):
            known = self.classes(arm) if isclass(arm) else {}
            if len(known) == 1:
                return next(iter(known))
            if arm in known.values():
                return str(arm.__name__)
        return ""

    def name_of(self, value: Any) -> str:
        """Return the name of a value's class in a file, or at least its name."""
        made = type(value)
        for name, foreign in self.foreign.items():
            package = foreign.path.partition(".")[0]
            alike = name.rpartition(".")[2] == made.__name__ and made.__module__.startswith(package)
            if alike and foreign.load() is made:
                return name
        return str(made.__name__)

    def nearest(self, name: str, known: Mapping[str, Any]) -> str:
        """Return the one of *known* that *name* was perhaps meant to be, or ''."""
        plain = {_plain(word.rpartition(".")[2]): word for word in known}
        plain |= {_plain(word): word for word in known}
        plain |= {
            _plain(thing.kind): word
            for word, thing in known.items()
            if isinstance(getattr(thing, "kind", None), str)
        }
        if _plain(name) in plain:
            return plain[_plain(name)]
        near = get_close_matches(_plain(name), plain, n=1)
        return plain[near[0]] if near else ""

    def _can_be_said(self, made: type) -> bool:
        """Say whether words can give all that a class needs: not if it holds, say, a table."""
        return all(self._has_words(slot.type) for slot in self.slots(made).values() if slot.needs)

    def _has_words(self, annotation: Any) -> bool:
        if get_origin(annotation) in (Union, UnionType):
            return any(self._has_words(arm) for arm in get_args(annotation))
        if not isclass(annotation) or annotation in (Any, str, int, float, bool):
            return True
        return any(_fits(made, annotation) for made in self._complete)

    @cached_property
    def _complete(self) -> list[type]:
        """The frozen dataclasses that leave nothing open, of modules that are not apart."""
        return [
            thing
            for module in self._modules
            if getattr(module, "IN_FILES", True)
            for name, thing in vars(module).items()
            if isclass(thing)
            and thing.__module__ == module.__name__
            and not name.startswith("_")
            and is_dataclass(thing)
            and thing.__dataclass_params__.frozen  # type: ignore[attr-defined]
            and not _open(thing)
        ]

    @cached_property
    def _names(self) -> dict[str, Any]:
        """What annotations may speak of without importing it when they run."""
        found: dict[str, Any] = dict(vars(typing))
        for module in self._modules:
            found |= {k: v for k, v in vars(module).items() if not isinstance(v, ModuleType)}
        return found

    def _annotation(self, made: type, name: str) -> Any:
        owner = next(base for base in made.__mro__ if name in get_annotations(base))
        annotation = get_annotations(owner)[name]
        if isinstance(annotation, str):
            known = ChainMap(vars(sys.modules[owner.__module__]), self._names)
            annotation = eval(annotation, {}, known)
        return annotation


def _modules(package: ModuleType) -> list[ModuleType]:
    found = [package]
    if hasattr(package, "__path__"):
        inside = walk_packages(package.__path__, f"{package.__name__}.")
        found += [import_module(module.name) for module in inside]
    return found


def _fits(made: type, annotation: type) -> bool:
    if not getattr(annotation, "_is_protocol", False):
        return issubclass(made, annotation)
    if made is annotation or getattr(made, "_is_protocol", False):
        return False
    has = {field.name for field in fields(made)}
    return all(_has(made, has, name, annotation) for name in _asked(annotation))


def _has(made: type, has: set[str], name: str, protocol: type) -> bool:
    """Say whether a class has what a protocol asks for.

    A method is one that can be called as the protocol calls it: others may share its name.
    """
    asked = getattr(protocol, name, None)
    if not isfunction(asked):
        return name in has or hasattr(made, name)
    own = getattr_static(made, name, None)
    if not isfunction(own):
        return name not in has and own is not None
    taken = signature(asked).parameters.values()
    by_name = {p.name: p for p in taken if p.kind is p.KEYWORD_ONLY}
    try:
        signature(own).bind(*(p for p in taken if p.name not in by_name), **by_name)
    except TypeError:
        return False
    return True


def _asked(protocol: type) -> set[str]:
    """Return the names that a protocol asks for."""
    found: set[str] = set()
    for base in protocol.__mro__:
        if getattr(base, "_is_protocol", False) and base.__name__ != "Protocol":
            names = {*vars(base), *get_annotations(base)}
            found |= {name for name in names if not name.startswith("_")}
    return found


def _open(made: type) -> bool:
    """Say whether a class variable was announced and never set."""
    for base in made.__mro__:
        for name, annotation in get_annotations(base).items():
            told = str(annotation).removeprefix("typing.").startswith("ClassVar")
            if told and not hasattr(made, name):
                return True
    return False


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
