"""What passes between world and operator, as reference: actions, facts, the view; and results."""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path
from typing import Any, get_args

from reports.commands import listing
from reports.site.classes import entry
from reports.site.markdown import code, first, plain, prose, section, table

SCHEMAS = Path(__file__).parents[1] / "schemas"


def actions() -> str:
    """Write every action that an operator can take."""
    from sim import actions as module

    made = listing.actions()["actions"].values()
    rows = [[f"[{code(one.__name__)}](#{one.__name__.lower()})", first(one)] for one in made]
    windows = section("Windows", *(entry(one) for one in get_args(module.Window)))
    entries = section("Actions", prose(module.Action), *(entry(one) for one in made))
    return "\n\n".join([table(["action", "what it does"], rows), entries, windows])


def facts() -> str:
    """Write every kind of fact that a ledger holds, by whose it is."""
    from sim.facts import ACTION, KINDS, OBSERVATION, TRUTH

    told = {
        TRUTH: "Truth: only the world knows it, and reports afterwards",
        OBSERVATION: "Observations: the operator was told",
        ACTION: "Actions: the operator did it",
    }
    parts = []
    for role, title in told.items():
        made = [kind for kind in KINDS.values() if kind.role == role]
        parts.append(section(title, *(entry(kind) for kind in made)))
    return "\n\n".join(parts)


def view() -> str:
    """Write all that a strategy can see, and the cards that a view hands out."""
    from sim import cards
    from sim import view as module

    rows = []
    for name, asked, called in listing.of_view():
        takes = str(inspect.signature(asked)).partition(" ->")[0] if called else ""
        takes = takes.replace("self, ", "").replace("self", "").replace("'", "")
        rows.append([code(name + takes), _kind(asked), prose(asked)])
    handed_out = [cards.VersionCard, cards.JobCard, module.Route]
    parts = [prose(module.View), table(["of a view", "is", ""], rows)]
    return "\n\n".join([*parts, *(entry(card, level=2) for card in handed_out)])


def _kind(function: Any) -> str:
    return code(str(function.__annotations__.get("return", "")).replace("'", ""))


def measures() -> str:
    """Write what a year can be measured by where names of measures are given."""
    from reports.comparison.measure import KINDS

    units = {"s": "time", "": "a number", "share": "a share", "money": "money"}
    rows = [
        [code(kind.name + ("(…)" if kind.takes else "")), plain(kind.words), units[kind.unit]]
        for kind in KINDS.values()
    ]
    return table(["measure", "what it is", "in"], rows)


def store() -> str:
    """Write the tables of the store with the type of each column."""
    from reports.store import tables

    found = [one for one in vars(tables).values() if isinstance(one, tables.Table)]
    return "\n\n".join(
        section(
            code(one.name),
            table(["column", "type"], [[code(name), kind] for name, kind in one.columns.items()]),
        )
        for one in found
    )


def run_schema() -> str:
    """Write the fields of a run's summary, from its published schema."""
    return _schema("run.json")


def compare_schema() -> str:
    """Write the fields of a comparison's document, from its published schema."""
    return _schema("compare.json")


def _schema(name: str) -> str:
    read = json.loads((SCHEMAS / name).read_text(encoding="utf-8"))
    rows = list(_rows(read, ""))
    return table(["field", "is", ""], rows)


def _rows(node: dict[str, Any], path: str) -> list[list[str]]:
    rows = []
    for name, below in node.get("properties", {}).items():
        at = f"{path}.{name}" if path else name
        rows.append([code(at), _type(below), plain(below.get("description", ""))])
        rows += _rows(below, at)
        if isinstance(below.get("items"), dict):
            rows += _rows(below["items"], f"{at}[]")
    return rows


def _type(node: dict[str, Any]) -> str:
    if "enum" in node:
        return " or ".join(code(str(value)) for value in node["enum"])
    if "const" in node:
        return code(str(node["const"]))
    kind = node.get("type", "")
    kinds = kind if isinstance(kind, list) else [kind]
    return re.sub(r"\bnull\b", "nothing", " or ".join(kinds))
