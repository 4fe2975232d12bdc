"""One entry of what may be looked up: a word of a file, a part of a policy, an action, the view."""

from __future__ import annotations

import inspect
import re
from dataclasses import is_dataclass
from typing import TYPE_CHECKING, Any

from reports.commands.listing import first_line, of_view
from reports.table import table
from reports.words import one_line

if TYPE_CHECKING:
    from sim.notation.vocabulary import Vocabulary

WIDE = 80


def word(name: str, made: type, kind: str) -> list[str]:
    """Say what one class is that may stand in a file or be done, and how it is written."""
    slots = _vocabulary(kind).slots(made).values()
    rows = [
        [slot.name, "needed" if slot.needs else one_line(default(slot.default)), _type(slot.type)]
        for slot in slots
    ]
    needed = [slot.name for slot in slots if slot.needs]
    what, where, written = {
        "words": ("a word of scenario files", "In a file", [f"kind: {name}"]),
        "parts": ("a part of policies", "In a file", [f"kind: {name}"]),
        "actions": ("an action", "In `decide`", []),
    }[kind]
    if kind == "actions":
        written = [f"yield {name}({', '.join([*needed, 'why=…'])})"]
    else:
        written += [f"{field}: …" for field in needed]
    return [
        f"{name}: {what}",
        "",
        *prose(made),
        *_inherited(made),
        *(["", *table(["field", "if not said", "takes"], rows, wide=WIDE)] if rows else []),
        "",
        where,
        *(f"  {line}" for line in written),
    ]


def elsewhere(name: str) -> list[str]:
    """Say what a class of another package takes that may stand in a scenario."""
    from scenarios.vocabulary import foreign
    from sim.notation.reading import foreign_slots

    found = foreign()[name]
    slots = foreign_slots(found, found.load()).values()
    rows = [[s.name, "needed" if s.needs else one_line(default(s.default))] for s in slots]
    title = f"{name}: a word of scenario files, from {found.path.partition('.')[0]}"
    return [title, "", *table(["field", "if not said"], rows, wide=WIDE), "", "In a file",
            f"  kind: {name}"]  # fmt: skip


def _vocabulary(kind: str) -> Vocabulary:
    """Return the vocabulary that knows the fields of classes of a *kind*."""
    if kind == "words":
        from scenarios.vocabulary import vocabulary
    else:
        from strategies.reading import vocabulary
    return vocabulary()


def view() -> list[str]:
    """Say what a strategy can ask its view for."""
    from sim.view import View

    rows = []
    for name, asked, called in of_view():
        takes = ", ".join(p for p in inspect.signature(asked).parameters if p != "self")
        rows.append([f"view.{name}({takes})" if called else f"view.{name}", first_line(asked)])
    head = ["the view", "what `decide(view)` sees of it"]
    return ["view: what a strategy sees", "", *prose(View), "", *table(head, rows, wide=100)]


def _inherited(made: type) -> list[str]:
    """Say what all classes of its kind have in common, nearest first."""
    lines = []
    for base in made.__mro__[1:]:
        if is_dataclass(base) and base.__module__.startswith("sim."):
            lines += ["", f"As with every {base.__name__}:", *prose(base)]
    return lines


def _type(annotation: Any) -> str:
    """Return what a field takes, as short as can be."""
    text = annotation.__name__ if isinstance(annotation, type) else str(annotation)
    return re.sub(r"(?:\w+\.)+(\w+)", r"\1", text).replace("NoneType", "None")


def prose(thing: object) -> list[str]:
    """Return a docstring as it stands, its examples left out."""
    lines = []
    for line in (inspect.getdoc(thing) or "It says nothing of itself.").split("\n"):
        if line.startswith(">>>"):
            break
        lines.append(line.replace("*", ""))
    return "\n".join(lines).rstrip().split("\n")


def default(value: object) -> str:
    return repr(value) if "<factory>" not in repr(value) else "…"
