"""What to change, for the mistakes that newcomers make most."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields
from difflib import get_close_matches

_HOMES = {"days": "sim.clock", "us": "sim.clock", "View": "sim.view", "dataclass": "dataclasses",
          "Iterator": "collections.abc", "replace": "dataclasses", "field": "dataclasses",
          "Any": "typing",
          **dict.fromkeys(("sqrt", "log", "exp", "pi", "ceil", "floor"), "math")}  # fmt: skip
_MODULES = {"np": "import numpy as np", "numpy": "import numpy", "math": "import math"}


def remedy(said: str) -> str:
    """Return what to change if *said* is a mistake that is known, else ''.

    >>> remedy("NameError: name 'Retrian' is not defined")
    'did you mean Retrain?'
    """
    for pattern, answer in _KNOWN:
        found = re.search(pattern, said)
        if found:
            return answer(*found.groups())
    return ""


def _name(name: str) -> str:
    if name in _MODULES:
        return f"it has to be imported: {_MODULES[name]}"
    known = {**dict.fromkeys(_actions(), "sim.actions"), **_HOMES}
    if name in known:
        return f"it has to be imported: from {known[name]} import {name}"
    near = get_close_matches(name, known, n=1)
    return f"did you mean {near[0]}?" if near else "is it spelt as where it was defined?"


def _attribute(kind: str, name: str) -> str:
    if kind == "View":
        from sim.view import View

        near = get_close_matches(name, [n for n in dir(View) if not n.startswith("_")], n=1)
        return f"did you mean view.{near[0]}?" if near else "`driftyard learn 2` says what it has"
    if kind == "Mine" or not kind:
        return f"write {name} into the class, with a value"
    return ""


def _keyword(action: str, name: str) -> str:
    made = _actions().get(action)
    if made is None:
        return ""
    known = [field.name for field in fields(made)]
    near = get_close_matches(name, known, n=1)
    return f"did you mean {near[0]}=? " * bool(near) + f"{action} takes {', '.join(known)}"


def _lacking(action: str, name: str) -> str:
    made = _actions().get(action)
    if made is None:
        return ""
    takes = ", ".join(field.name for field in fields(made))
    like = 'Promote(view.candidate, why="…")' if action == "Promote" else f"{action}({name}=…)"
    return f"{action} takes {takes}; write {like}"


def _actions() -> dict[str, type]:
    import sim.actions as module
    from sim.actions import Action

    return {
        name: one for name, one in vars(module).items()
        if isinstance(one, type) and issubclass(one, Action) and one is not Action
    }  # fmt: skip


def _always(words: str) -> Callable[..., str]:
    return lambda *_: words


_KNOWN: tuple[tuple[str, Callable[..., str]], ...] = (
    (r"NameError: name '(\w+)' is not defined", _name),
    (r"'(\w+)' object has no attribute '(\w+)'", _attribute),
    (r"(\w+)\.__init__\(\) got an unexpected keyword argument '(\w+)'", _keyword),
    (r"(\w+)\.__init__\(\) missing \d+ required [\w-]+ arguments?: '(\w+)'", _lacking),
    (r"FrozenInstanceError",
     _always("a policy keeps nothing between two calls: what happened is in the view")),
    (r"EOFError", _always("nobody answers while a file is marked: take the input() out")),
    (r"decide\(\) takes \d+ positional", _always("write it as def decide(self, view):")),
    (r"decide\(\) missing", _always("write it as def decide(self, view):")),
    (r"object is not iterable", _always("decide yields actions, or returns a list of them")),
    (r"cannot unpack|not subscriptable|unsupported operand|not supported between",
     _always("two kinds of things are mixed there: days are numbers, \"7d\" is a text; "
             "days(\"7d\") makes a number of it")),
    (r"SystemExit", _always("a policy does not end the program: take the exit out")),
    (r"RecursionError", _always("something calls itself without an end")),
    (r"ModuleNotFoundError: No module named '(\w+)'",
     lambda name: f"is {name} spelt right? Actions are in sim.actions, days in sim.clock"),
    (r"ImportError: cannot import name '(\w+)'", _name),
    (r"more than 1,000 actions at one moment",
     _always("an endless loop of yields? One action at a time is plenty")),
    (r"stopped by the clock", _always("look for a loop in decide that never ends")),
)  # fmt: skip
