"""Actions as a person types them, as a page sends them and as a language model says them.

One line is one action: the verb, its fields, and after `because` the reason.

    release v3 share=0.05 because it beats the champion on last week's labels
"""

from __future__ import annotations

import ast
import re
import shlex
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from types import UnionType
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin, get_type_hints

from sim import actions
from sim.actions import Action, Note
from sim.clock import us
from sim.errors import Mistake, one_of, refuse

if TYPE_CHECKING:
    from collections.abc import Mapping

BECAUSE = "because"
LONGEST = 2_000
"""So many characters one order may have."""
_EXPRESSION = re.compile(r"[A-Z]\w*\(.*\)$")
_YES, _NO = ("true", "yes", "on"), ("false", "no", "off")


@cache
def _verbs() -> dict[str, type[Action]]:
    known = (value for value in vars(actions).values() if isinstance(value, type))
    return {
        cls.verb: cls
        for cls in known
        if issubclass(cls, Action) and cls not in (Action, Note) and hasattr(cls, "verb")
    }


VERBS = tuple(_verbs())
"""All that an operator can do, by the word for it; a note is what policies write."""


def order(text: str) -> Action:
    """Return the action that a line of words means.

    >>> order("retrain window=14d because errors have doubled")
    Retrain(window='14d', why='errors have doubled', warm=False, stage='')
    >>> order("page data")
    PageOwner(owner='data', why='')
    >>> order("retrain Everything()").window
    Everything()
    """
    if len(text) > LONGEST:
        raise Mistake(f"order has {len(text):,} characters: give at most {LONGEST:,}")
    said, _, why = f" {text.strip()} ".partition(f" {BECAUSE} ")
    try:
        words = shlex.split(said)
    except ValueError as error:
        raise Mistake(f"order is {text!r}: {str(error).lower()}; close the quotes") from None
    if not words:
        raise Mistake(f"order is {text!r}: begin with a verb: {', '.join(VERBS)}")
    verb, rest = _begun(words)
    names = [f.name for f in _asked(verb)]
    given: dict[str, Any] = {}
    for place, word in enumerate(rest):
        name, equals, value = word.partition("=")
        if not equals:
            if place >= len(names):
                refuse(verb, word, f"write name=value; it takes {', '.join(names) or 'nothing'}")
            name, value = names[place], word
        if name in given:
            refuse(f"{verb}.{name}", value, "it is given twice")
        given[name] = value
    return made({"verb": verb, "why": why.strip(), **given})


def _begun(words: list[str]) -> tuple[str, list[str]]:
    """Return the verb that *words* begin with, and the rest; some verbs are several words."""
    for count in (3, 2):
        if " ".join(words[:count]) in VERBS:
            return " ".join(words[:count]), words[count:]
    return one_of("verb", words[0].replace("-", " "), VERBS), words[1:]


def made(given: Mapping[str, Any]) -> Action:
    """Return the action that plain data mean: its *verb*, and its fields by name.

    >>> made({"verb": "release", "version": "v2", "share": 0.05})
    Release(version='v2', share=0.05, why='')
    """
    verb = given.get("verb")
    if not isinstance(verb, str):
        refuse("verb", verb, f"give one of {', '.join(VERBS)}")
    cls = _verbs()[one_of("verb", verb, VERBS)]
    hints, known = get_type_hints(cls), {f.name: f for f in fields(cls)}
    values = {}
    for name, value in given.items():
        if name != "verb":
            one_of(f"{verb}: field", name, known)
            values[name] = _read(f"{verb}.{name}", value, hints[name])
    for f in known.values():
        if f.name not in values and f.default is MISSING and f.default_factory is MISSING:
            raise Mistake(f"{verb}.{f.name} is missing: say which, as {_example(f)}")
    return cls(**values)


def spoken(action: Action) -> str:
    """Return the line that `order` reads as this action.

    >>> spoken(order("quarantine columns=x0,x1 because they are spoilt"))
    'quarantine columns=x0,x1 because they are spoilt'
    """
    told = [action.verb]
    for f in _asked(action.verb):
        value = getattr(action, f.name)
        if value != f.default:
            told.append(f"{f.name}={shlex.quote(_written(value))}")
    why = str(getattr(action, "why", ""))
    return " ".join([*told, *([BECAUSE, why] if why else [])])


def help_lines() -> list[str]:
    """Return a line for each verb: what it takes, and what it does."""
    lines = []
    for verb, cls in _verbs().items():
        takes = [f"{f.name}={_usual(f)}" for f in _asked(verb)]
        lines.append(f"{' '.join([verb, *takes])}: {(cls.__doc__ or '').split(chr(10))[0]}")
    return lines


def _asked(verb: str) -> list[Field[Any]]:
    return [f for f in fields(_verbs()[verb]) if f.name != "why"]


def _usual(f: Field[Any]) -> str:
    return f.name.upper() if f.default is MISSING else _written(f.default) or "''"


def _example(f: Field[Any]) -> str:
    return f"{f.name}={'v1' if f.name == 'version' else '…'}"


def _written(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(str(item) for item in value)
    return repr(value) if is_dataclass(value) else str(value)


def _read(field: str, value: Any, kind: Any) -> Any:
    """Return *value* as a field of this *kind* wants it, words turned into what they mean."""
    options = get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)
    if bool in options:
        if isinstance(value, bool):
            return value
        word = str(value).lower()
        if word not in _YES + _NO:
            refuse(field, value, "say yes or no")
        return word in _YES
    if any(get_origin(option) is tuple for option in options):
        return _several(field, value)
    if isinstance(value, dict):
        return _filled_in(field, value, options)
    if isinstance(value, str) and _EXPRESSION.match(value):
        value = _thing(field, value)
        if not isinstance(value, tuple(o for o in options if isinstance(o, type))):
            refuse(field, value, "that does not go here")
        return value
    if isinstance(value, str):
        value = _number(field, value, options)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        refuse(field, value, "give a word or a number")
    if isinstance(value, str) and str not in options:
        refuse(field, value, "give a number")
    if isinstance(value, float) and float not in options:
        refuse(field, value, "give a whole number" if int in options else "give a word")
    if field == "retrain.window" and isinstance(value, str):
        us(value, field)
    return value


def _filled_in(field: str, value: dict[str, Any], options: tuple[Any, ...]) -> Any:
    """Return the thing whose fields a page sends by name: a rollout note."""
    kinds = (option for option in options if isinstance(option, type) and is_dataclass(option))
    for cls in kinds:
        if value.keys() == {f.name for f in fields(cls)}:
            if not all(isinstance(said, str) and len(said) <= LONGEST for said in value.values()):
                refuse(field, "…", f"give texts of at most {LONGEST:,} characters")
            return cls(**value)
    return refuse(field, sorted(map(str, value)), "that is not what goes here")


def _several(field: str, value: Any) -> tuple[str, ...]:
    names = value.split(",") if isinstance(value, str) else value
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        refuse(field, value, "give names, separated by commas")
    return tuple(name.strip() for name in names if name.strip())


def _thing(field: str, text: str) -> Any:
    """Return the thing of `sim.actions` that an expression such as `Everything()` means."""
    try:
        return _built(ast.parse(text, mode="eval").body)
    except (SyntaxError, ValueError, TypeError) as error:
        if isinstance(error, Mistake):
            raise
        refuse(field, text, "write it as Python would: Last(span='30d'), Everything()")


def _built(node: ast.expr) -> Any:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.args:
        cls = vars(actions).get(node.func.id)
        if isinstance(cls, type) and is_dataclass(cls):
            return cls(**{str(k.arg): _built(k.value) for k in node.keywords})
    if isinstance(node, ast.Tuple):
        return tuple(_built(item) for item in node.elts)
    return ast.literal_eval(node)


def _number(field: str, word: str, options: tuple[Any, ...]) -> str | int | float:
    """Return a word as a number where the field takes one and the word is one."""
    if int in options:
        try:
            return int(word.replace("_", "").replace(",", ""))
        except ValueError:
            pass
    if float in options:
        try:
            share = word.endswith("%")
            return float(word.rstrip("%")) / (100 if share else 1)
        except ValueError:
            refuse(field, word, "give a number, as 0.05 or 5%")
    return word
