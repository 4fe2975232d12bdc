"""From frozen objects to a text that gives them again: what is as it would be is left away."""

from __future__ import annotations

from types import UnionType
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin

import numpy as np
import yaml

from sim.digest import digest
from sim.errors import Mistake
from sim.notation import ranges
from sim.notation.merging import parts
from sim.notation.nodes import Place, Scalar
from sim.notation.paths import KIND, joined
from sim.notation.reading import foreign_slots
from sim.notation.scalars import plain

if TYPE_CHECKING:
    from sim.notation.vocabulary import Slot, Vocabulary

LONGEST_LINE = 76
_STRING = "tag:yaml.org,2002:str"


class _Quoted(str):
    """A text that would be taken for something else without quotes."""


class _Block(str):
    """A text that stands in lines of its own."""


class _Inline(dict[str, Any]):
    """Fields in braces."""


class _Row(list[Any]):
    """A list in brackets."""


class Writer:
    """Writes objects of *vocabulary*."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._words = vocabulary

    def write(self, value: Any) -> str:
        """Return the text of an object of the vocabulary's root."""
        tree = self._object(value, self._words.root, "", whole=True)
        return yaml.dump(
            tree, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100, indent=2
        )

    def _any(self, value: Any, annotation: Any, path: str) -> Any:
        if isinstance(value, np.generic):
            value = value.item()
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, str):
            return self._text(value, annotation)
        if isinstance(value, tuple | list):
            inside = _inside(annotation)
            items = [
                self._any(item, inside[min(i, len(inside) - 1)], f"{path}[{i}]")
                for i, item in enumerate(value)
            ]
            return _Row(items) if all(_short(item) for item in items) else items
        if isinstance(value, dict):
            if not all(isinstance(key, str) for key in value):
                raise Mistake(f"{path} cannot be written: its keys are no texts")
            return _compact({k: self._any(v, Any, joined(path, k)) for k, v in value.items()})
        return self._object(value, annotation, path)

    def _object(self, value: Any, annotation: Any, path: str, *, whole: bool = False) -> Any:
        known = {value.__class__.__name__: type(value)} if whole else self._known(annotation)
        name = self._words.name_of(value)
        slots = self._slots(value, name, known, path)
        values = dict(parts(value) or {})
        usual = name if whole else self._words.usual(annotation)
        found: dict[str, Any] = {} if name == usual else {KIND: name}
        nested: dict[str, Any] = {}
        for field, slot in slots.items():
            if field not in values or (
                not slot.needs and digest(values[field]) == digest(slot.default)
            ):
                continue
            told = self._any(values[field], slot.type, joined(path, field))
            (nested if isinstance(told, list | dict) else found)[field] = told
        if found == {KIND: name} and not nested and not path.endswith("]"):
            return name
        tree = {**found, **nested}
        return tree if whole or path.endswith("]") else _compact(tree)

    def _known(self, annotation: Any) -> dict[str, Any]:
        known: dict[str, Any] = self._words.classes(annotation)
        return known or {**self._words.words, **self._words.foreign}

    def _slots(self, value: Any, name: str, known: dict[str, Any], path: str) -> dict[str, Slot]:
        made = known.get(name)
        if made is type(value):
            return self._words.slots(made)
        foreign = self._words.foreign.get(name)
        if made is not None and foreign is made and foreign.load() is type(value):
            return foreign_slots(foreign, type(value))
        where = f"{path} cannot be written: " if path else ""
        raise Mistake(f"{where}{name} is no class that a file can name")

    def _text(self, value: str, annotation: Any) -> str:
        if ("\n" in value and not value.endswith("\n")) or _is_range(value):
            return _Block(value)
        arms = (
            get_args(annotation) if get_origin(annotation) in (Union, UnionType) else [annotation]
        )
        bare = Scalar(Place("", 0), value)
        if arms != [str] and (
            plain(bare, bool) is not None
            or plain(bare, float) is not None
            or value in self._words.foreign
            or value in self._words.words
        ):
            return _Quoted(value)
        return value


class _Dumper(yaml.SafeDumper):
    """Writes what the tree asks for; the same thing twice is written twice."""

    def ignore_aliases(self, data: Any) -> bool:
        """Nothing is an alias."""
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent lists below their field."""
        super().increase_indent(flow, False)


_Dumper.add_representer(_Quoted, lambda d, text: d.represent_scalar(_STRING, str(text), style="'"))
_Dumper.add_representer(_Block, lambda d, text: d.represent_scalar(_STRING, str(text), style="|"))
_Dumper.add_representer(
    _Inline, lambda d, fields: d.represent_mapping("tag:yaml.org,2002:map", fields.items(), True)
)
_Dumper.add_representer(
    _Row, lambda d, items: d.represent_sequence("tag:yaml.org,2002:seq", items, True)
)


def _inside(annotation: Any) -> tuple[Any, ...]:
    """Return what the items of a list are."""
    for arm in (annotation, *get_args(annotation)):
        if get_origin(arm) in (tuple, list):
            return tuple(part for part in get_args(arm) if part is not ...)
    return (Any,)


def _compact(tree: dict[str, Any]) -> dict[str, Any]:
    """Return fields in braces if they fit a line."""
    if tree and all(_short(value) for value in tree.values()):
        inline = _Inline(tree)
        if len(str(dict(inline))) <= LONGEST_LINE:
            return inline
    return tree


def _short(told: Any) -> bool:
    """Say whether something can stand within a line."""
    if isinstance(told, str):
        return not isinstance(told, _Block) and len(told) <= LONGEST_LINE
    if isinstance(told, _Row | _Inline):
        return len(str(told)) <= LONGEST_LINE
    return not isinstance(told, list | dict)


def _is_range(text: str) -> bool:
    try:
        return ranges.parse(text) is not None or ranges.begins(text)
    except Mistake:
        return True
