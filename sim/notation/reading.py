"""From a tree to frozen objects; every mistake is kept, with its line."""

from __future__ import annotations

import re
from collections.abc import Mapping as Dict
from inspect import isclass
from types import UnionType
from typing import TYPE_CHECKING, Any, Literal, NoReturn, Union, get_args, get_origin

from sim.errors import MANY, Mistake
from sim.notation import ranges
from sim.notation.mistakes import Mistakes
from sim.notation.nodes import Given, Mapping, Node, Place, Scalar, Sequence
from sim.notation.paths import KIND, item_names, joined
from sim.notation.scalars import plain
from sim.notation.vocabulary import Foreign

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.notation.ranges import Range, Unit, Value
    from sim.notation.vocabulary import Slot, Vocabulary

_PLAIN = (int, float, bool)
VERBS = ("change", "remove", "add")
_HEAD = re.compile(r"^(.{1,80}?)( is .*)$", re.DOTALL)


class _Skip(Exception):
    """What stands here cannot be made; it has been said why."""


class Reader:
    """Makes objects of *vocabulary*; ranges are drawn with the luck that *unit* gives a path."""

    def __init__(self, vocabulary: Vocabulary, unit: Unit) -> None:
        self._words = vocabulary
        self._unit = unit
        self._places: dict[str, tuple[str, Node]] = {}
        self.mistakes: list[str] = []
        self.ranges: dict[str, Range] = {}
        self.drawn: dict[str, Value] = {}

    def read(self, node: Node, annotation: Any, path: str = "") -> Any:
        """Return what *node* stands for; raise `Mistakes` if anything is wrong."""
        try:
            made = self._read(node, annotation, path)
        except _Skip:
            made = None
        if self.mistakes:
            raise Mistakes(self.mistakes)
        return made

    def arguments(
        self, node: Mapping, slots: dict[str, Slot], owner: str, path: str
    ) -> dict[str, Any]:
        """Return the values of the fields that *node* gives *owner*."""
        values: dict[str, Any] = {}
        for name, child in node.items.items():
            if name == KIND and name not in slots:
                continue
            if name not in slots and not _torn(name, child):
                self._note(node.where(name), self._unknown(name, slots, owner, path))
            if name not in slots:
                continue
            try:
                values[name] = self._read(child, slots[name].type, joined(path, name))
            except _Skip:
                continue
        missing = [
            slot.name for slot in slots.values() if slot.needs and slot.name not in node.items
        ]
        for name in missing:
            self._note(node.place, f"{path or owner} needs {name}: write {name}: …")
        return values

    # -- by the sort of node ---------------------------------------------------------------

    def _read(self, node: Node, annotation: Any, path: str) -> Any:
        if isinstance(node, Given):
            return node.value
        if isinstance(node, Scalar):
            return self._scalar(node, annotation, path)
        origin = get_origin(annotation)
        if origin in (Union, UnionType):
            return self._read(node, self._arm(node, annotation), path)
        if isinstance(node, Sequence):
            return self._sequence(node, annotation, path)
        if origin in (dict, Dict) or annotation is dict:
            inside = get_args(annotation)[1] if origin else Any
            return {
                name: self._read(child, inside, joined(path, name))
                for name, child in node.items.items()
            }
        if annotation is Any:
            return self._foreign(node, path) if KIND in node.items else self._loose(node, path)
        known = self._words.classes(annotation)
        if known and not _is_list(annotation):
            return self._object(node, known, path, self._words.usual(annotation))
        if _is_list(annotation) and set(node.items) & set(VERBS):
            self._fail(node.place, f"{path}: add, change and remove need something to extend")
        return self._fail(node.place, f"{path} holds fields: {_wanted(annotation, path)}")

    def _arm(self, node: Node, annotation: Any) -> Any:
        """Return the part of a union that a list or a mapping is meant for."""
        lists = isinstance(node, Sequence)
        chosen = node.items.get(KIND) if isinstance(node, Mapping) else None
        arms = []
        for arm in get_args(annotation):
            is_list = get_origin(arm) in (tuple, list)
            fitting = is_list if lists else self._words.classes(arm) or get_origin(arm) is dict
            if arm is Any or (fitting and (lists or not is_list)):
                arms.append(arm)
        if isinstance(chosen, Scalar):  # of two sorts of classes it is the one that has this kind
            arms.sort(key=lambda arm: chosen.text not in self._words.classes(arm))
        return arms[0] if arms else get_args(annotation)[0]

    def _sequence(self, node: Sequence, annotation: Any, path: str) -> Any:
        if annotation is Any:
            return [self._read(item, Any, f"{path}[{i}]") for i, item in enumerate(node.items)]
        if get_origin(annotation) not in (tuple, list):
            self._fail(node.place, f"{path} is a list: {_wanted(annotation, path)}")
        inside = get_args(annotation)
        endless = get_origin(annotation) is list or inside[-1:] == (...,)
        if not endless and len(inside) != len(node.items):
            self._fail(node.place, f"{path} has {len(node.items)} values: give {len(inside)}")
        values, failed = [], False
        for i, (item, name) in enumerate(zip(node.items, item_names(node.items), strict=True)):
            try:
                values.append(self._read(item, inside[0 if endless else i], f"{path}[{name}]"))
            except _Skip:
                failed = True
        if failed:
            raise _Skip
        return tuple(values) if get_origin(annotation) is tuple else values

    def _object(self, node: Mapping, known: dict[str, type], path: str, usual: str = "") -> Any:
        made = self._class(node, known, path, usual)
        before = len(self.mistakes)
        values = self.arguments(node, self._words.slots(made), made.__name__, path)
        if len(self.mistakes) > before:
            raise _Skip
        try:
            built = made(**values)
        except Exception as error:
            self._refused(node, made, path, error)
            raise _Skip from error
        label = getattr(built, "label", None)
        if isinstance(label, str):
            self._places[label] = (path, node)
        return built

    def _class(self, node: Mapping, known: dict[str, type], path: str, usual: str) -> type:
        """Return the class that is meant: by kind, or the *usual* one."""
        chosen = node.items.get(KIND)
        if usual and (chosen is None or KIND in self._words.slots(known[usual])):
            return known[usual]
        if chosen is None:
            first = next(iter(node.items), "")
            name = self._words.nearest(first, known) if len(node.items) == 1 else ""
            if name:
                self._fail(node.where(first), f"{path} needs a kind: write kind: {name}, and its "
                           "fields in the lines below, as far to the right as kind")  # fmt: skip
            self._fail(node.place, f"{path} needs a kind: write kind: and one of {_all(known)}")
        name = chosen.text if isinstance(chosen, Scalar) else ""
        if name not in known:
            what = self._did_you_mean(chosen, known)
            field = KIND if len(node.items) > 1 else ""
            self._fail(node.where(KIND), f"{joined(path, field)} is {_shown(name)}: {what}")
        return known[name]

    # -- scalars ---------------------------------------------------------------------------

    def _scalar(self, node: Scalar, annotation: Any, path: str) -> Any:
        node = self._drawn(node, path)
        if node.empty:
            if annotation is Any or annotation is None or type(None) in get_args(annotation):
                return None
            self._fail(
                node.place, f"{path} is empty: {_wanted(annotation, path)}, or leave it away"
            )
        arms = (
            get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)
        )
        for arm in arms:
            if get_origin(arm) is Literal and node.text in get_args(arm):
                return node.text
            if arm in _PLAIN and (value := plain(node, arm)) is not None:
                return value
        if str in arms:
            return node.text
        if Any in arms:
            return self._any(node, path)
        known = self._words.classes(annotation) if not _is_list(annotation) else {}
        if known:
            if node.text not in known and not self._words.nearest(node.text, known):
                remedy = f"write kind: and its fields; kinds are {_all(known)}"
                self._fail(node.place, f"{path} is {_shown(node.text)}: {remedy}")
            return self._object(_only_kind(node), known, path)
        bare = Scalar(node.place, node.text)
        if not node.plain and any(plain(bare, arm) is not None for arm in arms if arm in _PLAIN):
            self._fail(node.place, f"{path} is the text {_shown(node.text)}: leave the quotes away")
        return self._fail(node.place, f"{path} is {_shown(node.text)}: {_wanted(annotation, path)}")

    def _drawn(self, node: Scalar, path: str) -> Scalar:
        """Return a range's value in its place, and anything else as it is."""
        if node.block:
            return node
        if node.plain and ranges.begins(node.text):
            remedy = "within braces put it in quotes, as in {at: 'uniform(4w, 8w)'}"
            self._fail(node.place, f"{path} is {_shown(node.text)}, half a range: {remedy}")
        try:
            found = ranges.parse(node.text)
        except Mistake as mistake:
            self._fail(node.place, f"{path}: {mistake}")
        if found is None:
            return node
        value = found.draw(self._unit(path))
        self.ranges[path], self.drawn[path] = found, value
        return Scalar(node.place, value if isinstance(value, str) else repr(value))

    def _any(self, node: Scalar, path: str) -> Any:
        """Return a scalar of a field that takes anything, as YAML 1.2 reads it."""
        if not node.plain:
            return node.text
        for kind in (bool, float):
            value = plain(node, kind)
            if value is not None:
                return value
        if node.text in self._words.foreign:
            return self._foreign(_only_kind(node), path)
        if node.text in self._words.words:
            return self._object(_only_kind(node), self._words.words, path)
        return node.text

    def _loose(self, node: Mapping, path: str) -> dict[str, Any]:
        return {k: self._read(child, Any, joined(path, k)) for k, child in node.items.items()}

    def _foreign(self, node: Mapping, path: str) -> Any:
        """Return an object of a class from elsewhere that is known to be harmless."""
        chosen = node.items[KIND]
        name = chosen.text if isinstance(chosen, Scalar) else ""
        if name in self._words.words and name not in self._words.foreign:
            return self._object(node, self._words.words, path)
        if name not in self._words.foreign:
            known = self._words.foreign
            what = self._did_you_mean(chosen, known)
            self._fail(node.where(KIND), f"{joined(path, KIND)} is {_shown(name)}: {what}")
        foreign = self._words.foreign[name]
        make = foreign.load()
        slots = foreign_slots(foreign, make)
        before = len(self.mistakes)
        values = self.arguments(node, slots, name, path)
        if len(self.mistakes) > before:
            raise _Skip
        try:
            return foreign.calls(**values)
        except Exception as error:
            self._refused(node, make, path, error)
            raise _Skip from error

    # -- mistakes --------------------------------------------------------------------------

    def _refused(self, node: Mapping, made: Any, path: str, error: Exception) -> None:
        """Note what an object said of its own fields, at the line of the field."""
        text = " ".join(str(error).split())
        if not isinstance(error, Mistake):
            name = getattr(made, "__name__", str(made))
            text = f"{name} cannot be made: {type(error).__name__}: {text[:200]}"
        found = _HEAD.match(text) if isinstance(error, Mistake) else None
        head, rest = (found[1], found[2]) if found else ("", "")
        where, _, field = head.rpartition(".")
        inner, there = self._places.get(where, ("", node))
        inside = node.items.get(where)
        if inner.startswith(path) and where in self._places:  # a part that was made already
            place = there.where(field) if isinstance(there, Mapping) else there.place
            self._note(place, f"{joined(inner, field)}{rest}")
        elif isinstance(inside, Mapping):
            self._note(inside.where(field), f"{joined(joined(path, where), field)}{rest}")
        elif field in node.items:
            self._note(node.where(field), f"{joined(path, field)}{rest}")
        else:
            self._note(node.place, f"{path}: {text}" if path else text)

    def _unknown(self, name: str, slots: Dict[str, Any], owner: str, path: str) -> str:
        near = self._words.nearest(name, slots)
        hint = f"did you mean {near!r}? " if near else ""
        has = ", ".join(slots) or "no field at all"
        return f"{joined(path, name)}: {owner} has no field {_shown(name)}; {hint}it has {has}"

    def _did_you_mean(self, chosen: Node, known: Dict[str, Any]) -> str:
        near = self._words.nearest(chosen.text, known) if isinstance(chosen, Scalar) else ""
        hint = f"did you mean {near!r}? " if near else ""
        if len(known) > MANY:
            return f"{hint}there are {len(known)}: driftyard list words"
        return f"{hint}known are {_all(known)}"

    def _fail(self, place: Place, what: str) -> NoReturn:
        self._note(place, what)
        raise _Skip

    def _note(self, place: Place, what: str) -> None:
        self.mistakes.append(f"{place}: {what.lstrip(': ')}")


def _only_kind(node: Scalar) -> Mapping:
    """Return what a kind alone stands for: the kind with its defaults."""
    return Mapping(node.place, {KIND: node}, {KIND: node.place})


def foreign_slots(foreign: Foreign, make: Any) -> dict[str, Slot]:
    """Return what a class from elsewhere takes."""
    from inspect import signature

    from sim.notation.vocabulary import Slot

    found = {}
    for taken in signature(make).parameters.values():
        if taken.kind in (taken.VAR_KEYWORD, taken.VAR_POSITIONAL):
            continue
        needs = taken.default is taken.empty
        found[taken.name] = Slot(taken.name, Any, needs, None if needs else taken.default)
    if foreign.positional:
        found[foreign.positional] = Slot(foreign.positional, list[Any], True)
    return found


def _torn(name: str, child: Node) -> bool:
    """Say whether this is the rest of a range that the comma of a {mapping} has torn."""
    return name.endswith(")") and "(" not in name and isinstance(child, Scalar) and child.empty


def _is_list(annotation: Any) -> bool:
    return get_origin(annotation) in (tuple, list)


def _wanted(annotation: Any, path: str) -> str:
    """Say what would be right."""
    arms = get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)
    said = []
    for arm in arms:
        if _is_list(arm):
            inside = get_args(arm)[0]
            field = path.rpartition(".")[2]
            pairs = "[[name, 0.5]]" if get_origin(inside) is tuple else None
            example = {str: "[x0, x1]", float: "[0.5, 0.5]"}.get(inside, pairs)
            said.append(
                f"a list such as {field}: {example}" if example else "a list, each item after -"
            )
        elif arm is type(None):
            continue
        elif get_origin(arm) is Literal:
            said.append(f"one of {', '.join(map(str, get_args(arm)))}")
        else:
            words = {
                int: "a whole number", float: "a number such as 0.5", bool: "true or false",
                str: "a text",
            }  # fmt: skip
            said.append(
                words.get(arm, "fields, each in a line of its own" if isclass(arm) else "a value")
            )
    return f"write {' or '.join(said)}"


def _all(known: Iterable[str]) -> str:
    return ", ".join(known)


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "…")
