"""What a teacher says of a file that cannot be marked: what should be there, what to change."""

from __future__ import annotations

import ast
import inspect
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from reports.course.claims import MINE
from reports.course.places import long
from reports.course.remedies import remedy
from reports.words import one_line
from sim.errors import Mistake
from sim.sweeps import limited
from sim.watchdog import StoppedByClock

if TYPE_CHECKING:
    from reports.course.chapter import Chapter
    from reports.course.playing import Stage

LOADS_WITHIN_S = 10.0
"""Of computing, as a busy machine may need longer for it."""
LONGEST_S = 60.0
WARM = ("reports.names", "sim.run", "strategies.reading", "scenarios.vocabulary")
SUFFIXES = (".py", ".yaml", ".yml")


class Broken(Exception):
    """A file that cannot be marked; its text is what a teacher says."""


@contextmanager
def understood(chapter: Chapter, file: str) -> Iterator[None]:
    """Turn whatever goes wrong with a learner's *file* into a sentence."""
    path = path_of(file)
    _looked_at(chapter, path)
    if path.suffix != ".py":
        _words_known()
    for module in WARM:  # what takes its time to be imported is no fault of the learner's
        import_module(module)
    try:
        yield
    except Broken:
        raise
    except Mistake as mistake:
        raise Broken(_of_mistake(str(mistake), chapter, path)) from None
    except StoppedByClock:
        raise Broken(
            f"{path.name} is still busy, or waits, while it is read, after {LOADS_WITHIN_S:g} "
            "seconds and more: an endless loop outside of the functions, or a sleep? "
            "Everything belongs into decide."
        ) from None


def _words_known() -> None:
    """Learn the words of YAML files before the clock runs: a busy machine takes seconds for it."""
    from scenarios.vocabulary import vocabulary as of_worlds
    from strategies.reading import vocabulary as of_policies

    assert of_worlds().words
    assert of_policies().words


@contextmanager
def quietly() -> Iterator[None]:
    """Let what a learner's file prints go nowhere, and end it if it does not end."""
    with (
        redirect_stdout(StringIO()),
        limited(LONGEST_S),
        limited(LOADS_WITHIN_S, clock=time.process_time),
    ):
        yield


@contextmanager
def nobody_answers() -> Iterator[None]:
    """Let a file that asks a question meet the end of a file, and not wait for an answer."""
    held, sys.stdin = sys.stdin, StringIO()
    try:
        yield
    finally:
        sys.stdin = held


def path_of(file: str) -> Path:
    """Return the path in what may be 'file.py:Name'."""
    head, colon, name = file.rpartition(":")
    inside = colon and head.endswith(SUFFIXES) and name.replace("-", "_").isidentifier()
    return Path(long(head if inside else file))


def _looked_at(chapter: Chapter, path: Path) -> None:
    """Refuse what is no file with something of the learner's own in it."""
    number, suffix = chapter.number, chapter.suffix
    fresh = f"`driftyard new chapter {number}` writes one to begin with"
    if path.is_dir():
        raise Broken(f"{path} is a folder: give the {suffix} file in it, as {path / 'my'}{suffix}")
    if not path.is_file():
        raise Broken(f"there is no file {str(path)!r} here ({Path.cwd()}): {fresh}")
    if path.suffix not in chapter.exam.suffixes:
        fits = " or ".join(chapter.exam.suffixes)
        raise Broken(f"{path.name} is no {fits} file: this chapter wants {chapter.exam.wants}")
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Broken(f"{path.name} is not plain text: save it as UTF-8 and try again") from None
    except OSError as error:
        raise Broken(f"{path.name} cannot be read: {(error.strerror or '').lower()}") from None
    if not text.strip():
        raise Broken(f"{path.name} is empty: it should hold {chapter.exam.wants}; {fresh}")
    other = _of_another_kind(text, path.suffix)
    if other:
        wants = f"this chapter wants {chapter.exam.wants}"
        remedy = f"call it {path.stem}{other}" if other in chapter.exam.suffixes else wants
        raise Broken(f"{path.name} holds {'Python' if other == '.py' else 'YAML'}: {remedy}")
    if same(text, chapter.file("starter").read_text(encoding="utf-8"), path.suffix):
        todo = "the lines marked TODO are yours"
        raise Broken(f"{path.name} is the starter as it was: {todo}; read the task again")


def _of_another_kind(text: str, suffix: str) -> str:
    """Name the suffix that a file should have which holds Python as YAML or YAML as Python."""
    import yaml

    try:
        parts = ast.parse(text).body
    except (SyntaxError, ValueError):
        parts = []
    if suffix != ".py":
        code = ast.ClassDef, ast.FunctionDef, ast.Import, ast.ImportFrom
        return ".py" if any(isinstance(part, code) for part in parts) else ""
    if any(not isinstance(part, ast.AnnAssign) for part in parts):  # `extends: weekly` is both
        return ""
    with suppress(yaml.YAMLError):
        return ".yaml" if isinstance(yaml.safe_load(text), dict) else ""
    return ""


def same(one: str, other: str, suffix: str) -> bool:
    """Say whether two files say the same, comments and blanks aside."""
    if suffix != ".py":
        import yaml

        try:
            return bool(yaml.safe_load(one) == yaml.safe_load(other))
        except yaml.YAMLError:
            return False
    try:
        return ast.dump(ast.parse(one)) == ast.dump(ast.parse(other))
    except (SyntaxError, ValueError):
        return False


def _of_mistake(said: str, chapter: Chapter, path: Path) -> str:
    """Say what is wrong, and, where the remedy is not in it, what should be there."""
    said = one_line(said).replace(f"{path}:", f"{path.name}:").replace(str(path), path.name)
    if "Python cannot read it" in said:
        return f"{said}. {_where_to_look(said)}"
    if "it cannot be loaded" in said:
        return f"{said}: {remedy(said) or 'this is while the file is read, before any year'}"
    if "defines no" in said or "says no answer" in said:
        return f"{said.partition(': write')[0]}: it should hold {chapter.exam.wants}"
    outside = re.search(r"Scenario has no field '(\w+)'", said)
    if outside and outside[1] in _parameters(path):
        where = said[: outside.start()]
        return f"{where}it is a parameter of the year that is extended: indent it, below `with:`"
    missing = re.fullmatch(r"(\w+) needs ([\w, ]+): write .*", said)
    if missing:
        return f"{path.name}: {missing[1]} needs {missing[2]}: give each a value in the class"
    return said if path.name in said else f"{path.name}: {said}"


def _where_to_look(said: str) -> str:
    if "indent" in said:
        return "Look at how far that line is indented: four spaces a step, no tabs."
    return "Look at that line and the one above: a bracket, a colon, a quote?"


def _parameters(path: Path) -> list[str]:
    """Return what the built-in year takes that a scenario file extends."""
    import yaml

    from scenarios import catalogue

    base = str(yaml.safe_load(path.read_text(encoding="utf-8")).get("extends", ""))
    made = catalogue().get(base.replace("_", "-"))
    return list(inspect.signature(made).parameters) if made is not None else []


def of_years(stage: Stage, file: str) -> None:
    """Raise what a teacher says if a year broke down."""
    path = path_of(file)
    if stage.failed:
        raise Broken(_of_stop(stage.failed[0], path))
    for (_, operator), years in stage.years.items():
        for year in years:
            if year.broken and operator == MINE:
                raise Broken(f"{_of_stop(year.broken, path)} (seed {year.seed})")
            if year.broken:
                raise Broken(f"{path.name}: {operator} broke down in it: {year.broken}")


def _of_stop(why: str, path: Path) -> str:
    """Say why a run ended before its year was over."""
    given = re.search(r"decide gave (.*?), which is no action", why)
    if given:
        like = 'Retrain(window="14d", why="…")'
        return f"{path.name}: decide gave {given[1]}, which is no action: yield such as {like}"
    what = re.sub(r"^(stopped by the clock: )?\S+\(.*?\) (raised|asked|was)", r"\1decide \2", why)
    what = what.replace("decide raised Mistake: ", "decide: ")  # it tells what would be right
    known = remedy(why)
    return f"{path.name}: {what}" + f": {known}" * bool(known)
