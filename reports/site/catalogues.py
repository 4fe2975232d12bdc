"""What there is, as reference: words of files, presets, parts of policies, stories, detectors."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from importlib import import_module
from inspect import get_annotations
from typing import Any

from reports.commands.listing import catalogue, words
from reports.runbook import sections
from reports.site.classes import entry, fields_of
from reports.site.markdown import code, first, plain, prose, section, table

PARTS = ("triggers", "windows", "gates", "rollouts", "judges", "responses")
"""Where the parts of a policy lie, in strategies/."""


def scenario_words() -> str:
    """Write every class that may stand in a scenario file, by where it stands."""
    places = words()
    listed = {made for classes in places.values() for made in classes.values()}
    shown = set[type]()
    parts = []
    for title, classes in places.items():
        fresh = {name: made for name, made in classes.items() if made not in shown}
        bases = dict.fromkeys(base for made in fresh.values() for base in _bases(made))
        bases = {base: None for base in bases if base not in listed | shown}
        shown |= {*fresh.values(), *bases}
        rows = [[f"[{code(name)}](#{name.lower()})", first(made)] for name, made in fresh.items()]
        entries = [_word(made, listed) for made in fresh.values()]
        common = [_word(base, listed) for base in bases]
        parts.append(section(_title(title), table(["kind", "what it is"], rows), *common, *entries))
    return "\n\n".join(parts)


def _title(place: str) -> str:
    return place if " " in place else code(place)


def _bases(made: type) -> list[type]:
    """Return what a class has its common fields from, nearest first."""
    return [
        base
        for base in made.__mro__[1:]
        if is_dataclass(base) and base.__module__.startswith("sim.") and base.__doc__
    ]


def _word(made: type, listed: set[type]) -> str:
    """Write one class with the fields that it adds or sets to something else."""
    bases = _bases(made)
    own = {name for one in made.__mro__ if one not in bases for name in get_annotations(one)}
    common = frozenset(field.name for field in fields(made)) - own
    given = {field.name for field in fields(made) if field.init}
    more = ""
    if bases and common & given:
        what = "Also takes" if own & given else "Takes"
        more = f"{what} what {_link(bases[0], listed)} takes."
    every = "" if made in listed else "Every "
    title = f"{every}{code(made.__name__)}"
    return section(title, prose(made), fields_of(made, common), more, level=3)


def _link(made: type, listed: set[type]) -> str:
    name = made.__name__
    if made in listed:
        return f"[{name}](#{name.lower()})"
    return f"[every {name}](#every-{name.lower()})"


def policy_parts() -> str:
    """Write every part that a policy can be made of."""
    parts = []
    for name in PARTS:
        module = import_module(f"strategies.{name}")
        made = [getattr(module, word) for word in module.__all__]
        entries = [entry(one) for one in made if isinstance(one, type) and is_dataclass(one)]
        parts.append(section(name.capitalize(), *entries))
    return "\n\n".join(parts)


def presets() -> str:
    """Write every built-in strategy as its runbook."""
    from strategies.policy import Policy

    made = catalogue("strategies")
    rows = [[f"[{code(name)}](#{name})", first(make)] for name, make in made.items()]
    entries = []
    for name, make in made.items():
        strategy = make()
        book = _runbook(strategy) if isinstance(strategy, Policy) else ""
        entries.append(section(code(name), prose(make), _signature(make), book))
    return "\n\n".join([table(["name", "what it is"], rows), *entries])


def _runbook(policy: Any) -> str:
    rows = [
        [title, "<br>".join(plain(item) for item in items)] for title, items in sections(policy)
    ]
    return table(["", ""], rows)


def _signature(make: Callable[..., Any]) -> str:
    takes = [
        f"{p.name}={p.default!r}" if p.default is not p.empty else p.name
        for p in inspect.signature(make).parameters.values()
    ]
    return f"Parameters: {code(', '.join(takes))}" if takes else ""


def stories() -> str:
    """Write every built-in scenario: its story, what went wrong, what a good team achieves."""
    made = {name: (make, make()) for name, make in catalogue("scenarios").items()}
    rows = [
        [f"[{code(name)}](#{name})", scenario.seam, scenario.domain, first(make)]
        for name, (make, scenario) in made.items()
    ]
    entries = []
    for name, (make, scenario) in made.items():
        facts = [
            ("cause", scenario.cause),
            ("expected", scenario.expect),
            ("lesson", scenario.lesson),
            ("breaks at", scenario.seam),
            ("domain", scenario.domain),
            ("loop", "closed" if scenario.closed_loop else "open"),
            ("lasts", scenario.horizon),
            ("incidents", ", ".join(f"{i.label} ({i.kind})" for i in scenario.incidents)),
        ]
        told = table(["", ""], [[key, plain(text)] for key, text in facts if text])
        entries.append(section(code(name), plain(scenario.story), told, _signature(make)))
    return "\n\n".join([table(["story", "breaks at", "domain", "what happens"], rows), *entries])


def detectors() -> str:
    """Write every detector with its parameters."""
    return "\n\n".join(
        section(code(name), prose(made), _parameters(made))
        for name, made in catalogue("detectors").items()
    )


def monitors() -> str:
    """Write every monitor with its parameters, and once what all of them take."""
    from strategies.monitors.monitor import Monitor

    shared = frozenset(inspect.signature(Monitor).parameters)
    own = [
        section(code(name), prose(made), fields_of(made, but=shared), level=3)
        for name, made in catalogue("monitors").items()
    ]
    return "\n\n".join([section("What every monitor takes", fields_of(Monitor)), *_under(own)])


def _under(entries: Iterable[str]) -> list[str]:
    return ["## Monitors", *entries]


def _parameters(made: Any) -> str:
    return fields_of(made) if isinstance(made, type) else _signature(made)
