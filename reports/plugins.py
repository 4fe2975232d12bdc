"""Users' files: loaded as they are, and remembered by their source."""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from types import ModuleType

from sim.errors import Mistake

_loaded: dict[tuple[str, str], ModuleType] = {}
"""A file that gives both scenario and strategy is run once, so that they share its classes."""


@dataclass(frozen=True)
class Plugin:
    """A file of the user's: its *name* without folders, its *source* and the source's digest."""

    name: str
    source: bytes
    digest: str


def read(path: str) -> Plugin:
    """Read a plug-in's source."""
    file = Path(path)
    try:
        source = file.read_bytes()
    except OSError as error:
        why = (error.strerror or "it cannot be read").lower()
        raise Mistake(f"file is {path!r}: {why}; give the path of a Python file") from None
    return Plugin(file.name, source, blake2b(source, digest_size=16).hexdigest())


def load(path: str) -> tuple[ModuleType, Plugin]:
    """Run a plug-in's source as a module and return both.

    What is run is what was read: no cached bytecode, and none is written beside it.
    """
    plugin = read(path)
    key = (str(Path(path).resolve()), plugin.digest)
    known = _loaded.get(key)
    if known is not None:
        return known, plugin
    try:
        code = compile(plugin.source, path, "exec")
    except (SyntaxError, ValueError) as error:
        line = f", line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
        what = error.msg if isinstance(error, SyntaxError) else str(error)
        raise Mistake(f"{path}{line}: Python cannot read it: {what}") from None
    module = ModuleType(f"plugin_{Path(path).stem}")
    module.__file__ = path
    sys.modules[module.__name__] = module  # dataclasses look their module up
    try:
        exec(code, module.__dict__)
    except Mistake as mistake:
        raise Mistake(f"{path}: {mistake}") from None
    except (Exception, SystemExit) as error:
        raise Mistake(f"{path}{_line(error, path)}: it cannot be loaded: {said(error)}") from None
    _loaded[key] = module
    return module, plugin


def public(module: ModuleType, source: bytes) -> dict[str, object]:
    """Return what a plug-in defines itself (not what it imports) under public names."""
    defined: list[str] = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            defined.append(node.name)
        elif isinstance(node, ast.Assign):
            defined.extend(t.id for t in node.targets if isinstance(t, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            defined.append(node.target.id)
    known = vars(module)
    return {name: known[name] for name in defined if not name.startswith("_") and name in known}


def said(error: BaseException) -> str:
    """Return an exception in one line."""
    first = str(error).strip().split("\n")[0]
    return f"{type(error).__name__}: {first}" if first else type(error).__name__


def _line(error: BaseException, path: str) -> str:
    """Return ', line 7' where *path* itself went wrong."""
    found, step = "", error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == path:
            found = f", line {step.tb_lineno}"
        step = step.tb_next
    return found
