"""Frozen dataclasses as reference: what they say of themselves, and field by field."""

from __future__ import annotations

import ast
import inspect
import re
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from typing import Any

from reports.site.markdown import code, prose, section, table


def entry(made: type, *more: str, level: int = 3) -> str:
    """Write one class: its name, its words, its fields."""
    return section(f"`{made.__name__}`", prose(made), fields_of(made), *more, level=level)


def fields_of(made: type, but: frozenset[str] = frozenset()) -> str:
    """Write the fields of a class as a table, '' if there are none that anybody gives."""
    if not is_dataclass(made):
        return ""
    given = [field for field in fields(made) if field.init and field.name not in but]
    if not given:
        return ""
    words = notes(made)
    rows = [
        [code(field.name), code(kind_of(field)), usual(field), words.get(field.name, "")]
        for field in given
    ]
    head = ["field", "takes", "if not said", ""]
    if not any(row[3] for row in rows):
        head, rows = head[:3], [row[:3] for row in rows]
    return table(head, rows)


def usual(field: Field[Any]) -> str:
    """Write what a field holds if nothing is said."""
    if field.default is not MISSING:
        return code(repr(field.default)) if field.default != "" else "nothing"
    if field.default_factory is not MISSING:
        return code(repr(field.default_factory()))
    return "*needed*"


def kind_of(field: Field[Any]) -> str:
    """Return the type of a field without the modules that it comes from."""
    kind = field.type
    text = kind.__name__ if isinstance(kind, type) else str(kind)
    return re.sub(r"(?:\w+\.)+(\w+)", r"\1", text)


@cache
def notes(made: type) -> dict[str, str]:
    """Return the string behind each field of a class and of those it inherits from."""
    found: dict[str, str] = {}
    for base in reversed(made.__mro__):
        if base.__module__ != "builtins" and is_dataclass(base):
            found |= _notes(base)
    return found


def _notes(made: type) -> dict[str, str]:
    body = ast.parse(inspect.cleandoc("\n" + inspect.getsource(made))).body[0]
    assert isinstance(body, ast.ClassDef)
    found = {}
    for field, after in zip(body.body, body.body[1:], strict=False):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(after, ast.Expr)
            and isinstance(after.value, ast.Constant)
        ):
            found[field.target.id] = " ".join(str(after.value.value).split())
    return found
