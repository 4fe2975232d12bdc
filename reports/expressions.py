"""Names with parameters, as Python would write them: taken apart, and called.

`scheduled(every="7d")`, `on-alarm(detector=ADWIN(delta=0.01))`, `my.py:Weekly(every="3d")`.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from reports.plugins import said
from sim.errors import Mistake, one_of, refuse

_HEAD = re.compile(
    r"\s*(?:(?P<file>[^()]+?\.(?:py|ya?ml))(?::(?P<inside>[\w-]+))?|(?P<name>[\w-]+))\s*"
)
_RIVER = (
    "river.drift.ADWIN",
    "river.drift.DummyDriftDetector",
    "river.drift.KSWIN",
    "river.drift.NoDrift",
    "river.drift.PageHinkley",
    "river.drift.PeriodicTrigger",
    "river.drift.binary.DDM",
    "river.drift.binary.EDDM",
    "river.drift.binary.FHDDM",
    "river.drift.binary.HDDMA",
    "river.drift.binary.HDDMW",
)


@dataclass(frozen=True)
class Expression:
    """A text taken apart: a built-in *name*, or a *file* and a name *inside* it; *arguments*."""

    text: str
    file: str
    name: str
    arguments: dict[str, Any] | None


def known(text: str, names: Mapping[str, Any], field: str) -> str:
    """Return the one of *names* that *text* means, hyphens or underscores."""
    plain = {name.replace("-", "_"): name for name in names}
    return plain.get(text.replace("-", "_")) or one_of(field, text, names)


def call(make: Callable[..., Any], arguments: Mapping[str, Any], name: str) -> Any:
    """Call *make* with *arguments*; what it does not take is named, with what is nearest."""
    takes = inspect.signature(make).parameters
    open_ended = any(p.kind is p.VAR_KEYWORD for p in takes.values())
    for given in arguments:
        if given not in takes and not open_ended:
            near = get_close_matches(given, takes, n=1)
            hint = f"did you mean {near[0]!r}? " if near else ""
            fields = ", ".join(takes) or "no field at all"
            raise Mistake(f"{name} has no field {given!r}: {hint}it has {fields}")
    missing = [
        p.name for p in takes.values() if p.default is p.empty and p.name not in arguments
        and p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)
    ]  # fmt: skip
    if missing:
        raise Mistake(f"{name} needs {', '.join(missing)}: write {name}({missing[0]}=…)")
    try:
        return make(**arguments)
    except Mistake:
        raise
    except Exception as error:
        raise Mistake(f"{name} cannot be made: {said(error)}") from error


def parse(text: str, field: str) -> Expression:
    """Take a text apart; *field* is named when it cannot be read."""
    there = _in_brackets(text)
    plain = text.replace(there, f"_{Path(there).suffix}", 1) if there else text
    head = _HEAD.match(plain)
    rest = plain[head.end() :].strip() if head else ""
    if head is None or (rest and not (rest.startswith("(") and rest.endswith(")"))):
        refuse(field, text, "write a name, name(field=value) or file.py:Name")
    name = head["inside"] or head["name"] or ""
    arguments = _arguments(rest, text, field) if rest else None
    file = there or head["file"] or ""
    if file and not Path(file).exists():
        from reports.course.places import long

        text, file = text.replace(file, long(file), 1), long(file)
    return Expression(text, file, name, arguments)


def _in_brackets(text: str) -> str:
    """Return the file of a text whose path has brackets: `C:\\Program Files (x86)\\my.py`."""
    ends = [found.end() for found in re.finditer(r"\.(?:py|ya?ml)(?=[:(\s]|$)", text)]
    paths = [text[:end].strip() for end in ends]
    return next((path for path in paths if "(" in path and Path(path).is_file()), "")


def _arguments(rest: str, text: str, field: str) -> dict[str, Any]:
    try:
        tree = ast.parse(f"_{rest}", mode="eval").body
    except SyntaxError as error:
        why = f"Python cannot read it ({error.msg})"
        refuse(field, text, f"{why}; put text in quotes, as in name(every='7d')")
    if not isinstance(tree, ast.Call) or not isinstance(tree.func, ast.Name):
        refuse(field, text, "write a name, name(field=value) or file.py:Name")
    return _keywords(tree, text, field)


def _keywords(tree: ast.Call, text: str, field: str) -> dict[str, Any]:
    if tree.args or any(word.arg is None for word in tree.keywords):
        refuse(field, text, "write every value with its field, as in name(every='7d')")
    return {str(word.arg): evaluated(word.value, str(word.arg)) for word in tree.keywords}


def evaluated(node: ast.expr, field: str) -> Any:
    """Return a literal, or a known class called with literals."""
    if isinstance(node, ast.Call):
        name = ast.unparse(node.func)
        return call(vocabulary(name, field), _keywords(node, ast.unparse(node), field), name)
    if isinstance(node, ast.Tuple | ast.List):
        items = [evaluated(item, field) for item in node.elts]
        return tuple(items) if isinstance(node, ast.Tuple) else items
    try:
        return ast.literal_eval(node)
    except ValueError:
        shown = ast.unparse(node)
        raise Mistake(
            f"{field} is {shown}: give a number, a text in quotes or a known class such as ADWIN()"
        ) from None


def vocabulary(name: str, field: str) -> Callable[..., Any]:
    """Return the class that may be called by *name* inside an expression."""
    words = {**_scenario_words(), **_strategy_words()}
    if name in words:
        return words[name]
    one_of(field, name, (*words, *_RIVER))
    from importlib import import_module

    module, _, last = name.rpartition(".")
    found = getattr(import_module(module), last, None)
    if found is None:
        refuse(field, name, "the installed River has none; give another detector")
    return found  # type: ignore[no-any-return]


def faults() -> dict[str, type[Any]]:
    """Return the classes of faults by name."""
    from sim.faults import Fault

    words = _scenario_words().items()
    return {n: made for n, made in words if isinstance(made, type) and issubclass(made, Fault)}


def _scenario_words() -> dict[str, Callable[..., Any]]:
    """Return what may stand in a scenario: the words of scenario files."""
    from scenarios.vocabulary import vocabulary as of_scenarios

    known = of_scenarios()
    elsewhere = {name: made.calls for name, made in known.foreign.items()}
    return {**elsewhere, **known.words}


def _strategy_words() -> dict[str, Callable[..., Any]]:
    import strategies.detectors
    import strategies.monitors
    import strategies.windows

    return {
        word: getattr(module, word)
        for module in (strategies.detectors, strategies.monitors, strategies.windows)
        for word in module.__all__
        if word[0].isupper()
    }
