"""Puts the values of parameters where they belong: into scenarios or into strategies."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from reports import expressions, names
from reports.sweeps.grid import number
from sim.errors import refuse

if TYPE_CHECKING:
    from collections.abc import Callable


_PLACE = re.compile(r"=\{\w+\}")


def placed(parts: Sequence[str], kind: str, name: str) -> list[str]:
    """Return texts of one *kind* with a place for the parameter *name*, where they take it.

    >>> placed(["scheduled(window='9d')", "never"], "strategy", "every")
    ["scheduled(window='9d', every={every})", 'never']
    """
    return [_placed(text, name) if takes(text, kind, name) else text for text in parts]


def takes(text: str, kind: str, name: str) -> bool:
    """Say whether a scenario or a strategy has a parameter *name* that is still open."""
    asked = expressions.parse(_PLACE.sub("='…'", text), kind)
    if names.is_yaml(asked.file) or name in (asked.arguments or {}):
        return False
    make = _maker(asked, kind)
    return make is not None and name in inspect.signature(make).parameters


def _maker(asked: expressions.Expression, kind: str) -> Callable[..., Any] | None:
    """Return the class or function that makes what is asked for."""
    if asked.file:
        from reports.plugins import load, public

        module, plugin = load(asked.file)
        fits = names.is_strategy if kind == "strategy" else names.is_scenario
        offered = {n: x for n, x in public(module, plugin.source).items() if fits(x)}
        found = offered.get(asked.name) if asked.name else next(iter(offered.values()), None)
        return found if callable(found) else None
    if kind == "strategy":
        from strategies import catalogue
    else:
        from scenarios import catalogue
    known: Any = catalogue()
    return known[expressions.known(asked.name, known, kind)]  # type: ignore[no-any-return]


def _placed(text: str, name: str) -> str:
    head, bracket, rest = text.strip().partition("(")
    if not bracket:
        return f"{head}({name}={{{name}}})"
    inside = rest.rstrip().removesuffix(")").rstrip().removesuffix(",")
    return f"{head}({inside}{', ' if inside else ''}{name}={{{name}}})"


def filled(text: str, values: dict[str, str]) -> str:
    """Return a text with values in their places, as Python would write them.

    >>> filled("scheduled(every={every}, window={n})", {"every": "7d", "n": "100"})
    "scheduled(every='7d', window=100)"
    >>> filled("scheduled(every='{every}')", {"every": "7d"})
    "scheduled(every='7d')"
    """
    for name, value in values.items():
        place = f"{{{name}}}"
        for quote in "'\"":
            text = text.replace(f"{quote}{place}{quote}", f"{quote}{value}{quote}")
        text = text.replace(f"={place}", f"={_literal(value)}").replace(place, value)
    return text


def _literal(value: str) -> str:
    """Return a value as Python writes it: what is neither number nor literal is a text."""
    known = number(value)
    if known is not None and not known[1]:
        return value
    try:
        ast.literal_eval(value)
    except (ValueError, SyntaxError):
        return repr(value)
    return value


def places(
    scenarios: Sequence[str], strategies: Sequence[str], parameters: Sequence[str]
) -> tuple[list[str], list[str]]:
    """Return scenarios and strategies with a place for each of the *parameters*.

    One that nobody has made a place for goes into the strategies that have such a field or, if
    none has, into the scenarios.
    """
    worlds, operators = list(scenarios), list(strategies)
    for name in parameters:
        if any(f"{{{name}}}" in text for text in [*worlds, *operators]):
            continue
        if any(takes(text, "strategy", name) for text in operators):
            operators = placed(operators, "strategy", name)
        elif any(takes(text, "scenario", name) for text in worlds):
            worlds = placed(worlds, "scenario", name)
        else:
            remedy = f"no scenario or strategy here has such a field; say where, as {{{name}}}"
            refuse("--over", name, remedy)
    return worlds, operators
