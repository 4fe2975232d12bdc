"""What may be written, as a JSON Schema: editors complete and underline by it.

The reader is stricter: it knows which values go together, and what may be left away because
something is extended.
"""

from __future__ import annotations

from types import UnionType
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin

from sim.notation.document import EXTENDS, WITH
from sim.notation.paths import KIND

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.notation.vocabulary import Slot, Vocabulary

_RANGE = {
    "type": "string",
    "pattern": r"^\s*(uniform|loguniform|normal|integers|choice)\s*\([^()]*\)\s*$",
    "description": "Each seed draws its own, as in uniform(4w, 8w).",
}
_PLAIN: dict[Any, tuple[str, dict[str, Any]]] = {
    int: ("whole", {"anyOf": [{"type": "integer"}, {"$ref": "#/$defs/range"}]}),
    float: ("number", {"anyOf": [{"type": "number"}, {"$ref": "#/$defs/range"}]}),
    bool: ("truth", {"anyOf": [{"type": "boolean"}, {"$ref": "#/$defs/range"}]}),
    str: ("text", {"type": ["string", "number", "boolean"]}),
}
"""A text may be written without quotes although YAML takes it for a number: `fixed: 0`."""


class Publisher:
    """Writes the schema of a *vocabulary*; *what* is what a file holds, *built_in* its names."""

    def __init__(self, vocabulary: Vocabulary, what: str, built_in: Iterable[str]) -> None:
        self._words = vocabulary
        self._what = what
        self._built_in = sorted(built_in)

    def schema(self) -> dict[str, Any]:
        """Return the schema as a document."""
        words = self._words
        root = self._class(words.root)
        fields = {
            EXTENDS: {
                "anyOf": [{"enum": self._built_in}, {"type": "string", "pattern": r"\.ya?ml$"}],
                "description": "What stays as it is where this file says nothing.",
            },
            WITH: {"type": "object", "description": "Parameters of the built-in that is extended."},
            **root["properties"],
        }
        needed = [slot.name for slot in words.slots(words.root).values() if slot.needs]
        needed = [name for name in needed if name != "name"]  # the file's own, if it says none
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": f"driftyard {self._what}",
            "description": root.get("description", ""),
            "type": "object",
            "properties": fields,
            "additionalProperties": False,
            "anyOf": [{"required": [EXTENDS]}, {"required": needed}],
            "$defs": {
                "range": _RANGE,
                **dict(_PLAIN.values()),
                "foreign": self._foreign(),
                **{
                    name: self._class(made)
                    for name, made in words.words.items()
                    if made is not words.root
                },
            },
        }

    def _class(self, made: type) -> dict[str, Any]:
        slots = self._words.slots(made)
        fields: dict[str, Any] = {} if KIND in slots else {KIND: {"const": made.__name__}}
        fields |= {slot.name: self._slot(slot) for slot in slots.values()}
        return {
            "description": " ".join((made.__doc__ or "").split("\n\n")[0].split()).replace("*", ""),
            "type": "object",
            "properties": fields,
            "additionalProperties": False,
        }

    def _slot(self, slot: Slot) -> dict[str, Any]:
        found = dict(self._type(slot.type))
        plain = isinstance(slot.default, str | int | float)
        if not slot.needs and plain and str(slot.default) not in ("inf", "-inf", "nan"):
            found["default"] = slot.default
        return found

    def _type(self, annotation: Any) -> dict[str, Any]:
        """Return what fits a field."""
        if annotation in _PLAIN:
            return {"$ref": f"#/$defs/{_PLAIN[annotation][0]}"}
        if annotation is type(None):
            return {"type": "null"}
        origin = get_origin(annotation)
        if origin is Literal:
            return {"enum": list(get_args(annotation))}
        if origin in (Union, UnionType):
            return {"anyOf": [self._type(arm) for arm in get_args(annotation)]}
        if origin in (tuple, list):
            return self._list(annotation)
        if origin is dict:
            return {"type": "object", "additionalProperties": self._type(get_args(annotation)[1])}
        known = self._words.classes(annotation)
        if annotation is Any or not known:
            return {"anyOf": [{"$ref": "#/$defs/foreign"}, {"not": {"required": [KIND]}}]}
        named = [name for name, made in known.items() if self._alone(made)]
        said = [{"$ref": f"#/$defs/{name}"} for name in known]
        return {"anyOf": [*said, {"enum": named}] if named else said}

    def _list(self, annotation: Any) -> dict[str, Any]:
        item = self._type(get_args(annotation)[0])
        items = {"type": "array", "items": item}
        verbs: dict[str, Any] = {"change": {"type": "object"}, "remove": {"type": "array"}}
        change = {
            "type": "object",
            "description": "Changes the list of what is extended: items by name.",
            "properties": {**verbs, "add": items},
            "additionalProperties": False,
        }
        return {"anyOf": [items, change]}

    def _alone(self, made: type) -> bool:
        """Say whether a kind's name is enough."""
        return not any(slot.needs for slot in self._words.slots(made).values())

    def _foreign(self) -> dict[str, Any]:
        names = [*self._words.foreign, *self._words.words]
        return {
            "description": "A class of scikit-learn or River that is known to be harmless.",
            "anyOf": [
                {"enum": names},
                {"type": "object", "properties": {KIND: {"enum": names}}, "required": [KIND]},
            ],
        }
