"""What a teacher says of a file that cannot be marked: what should be there, what to change."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from reports.words import one_line
from sim.errors import Mistake
from sim.sweeps import limited
from sim.watchdog import StoppedByClock

if TYPE_CHECKING:
    from reports.course.chapter import Chapter
    from reports.course.playing import Stage

LOADS_WITHIN_S = 10.0
SUFFIXES = (".py", ".yaml", ".yml")


class Broken(Exception):
    """A file that cannot be marked; its text is what a teacher says."""


@contextmanager
def understood(chapter: Chapter, file: str) -> Iterator[None]:
    """Turn whatever goes wrong with a learner's *file* into a sentence."""
    path = path_of(file)
    _looked_at(chapter, path)
    try:
        yield
    except Broken:
        raise
    except Mistake as mistake:
        raise Broken(_of_mistake(str(mistake), chapter, path)) from None
    except StoppedByClock:
        raise Broken(
            f"{path.name} is still busy after {LOADS_WITHIN_S:g} seconds while it is read: "
            "an endless loop outside of the functions? Everything belongs into decide."
        ) from None


@contextmanager
def quietly() -> Iterator[None]:
    """Let what a learner's file prints go nowhere, and end it if it does not end."""
    with redirect_stdout(StringIO()), limited(LOADS_WITHIN_S):
        yield


def path_of(file: str) -> Path:
    """Return the path in what may be 'file.py:Name'."""
    head, colon, name = file.rpartition(":")
    inside = colon and head.endswith(SUFFIXES) and name.replace("-", "_").isidentifier()
    return Path(head if inside else file)


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
    if same(text, chapter.file("starter").read_text(encoding="utf-8"), path.suffix):
        todo = "the lines marked TODO are yours"
        raise Broken(f"{path.name} is the starter as it was: {todo}; read the task again")


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
        return f"{said}. Look at that line and the one above: a bracket, a colon, a quote?"
    if "it cannot be loaded" in said:
        return f"{said}. It happens while the file is read, before any year begins."
    if "defines no" in said or "says no answer" in said:
        return f"{said.partition(': write')[0]}: it should hold {chapter.exam.wants}"
    return said


def of_years(stage: Stage, file: str) -> None:
    """Raise what a teacher says if a year broke down."""
    path = path_of(file)
    if stage.failed:
        raise Broken(_of_stop(stage.failed[0], path))
    for years in stage.years.values():
        for year in years:
            if year.broken:
                again = f" (in the year of seed {year.seed})"
                raise Broken(_of_stop(year.broken, path) + again)


def _of_stop(why: str, path: Path) -> str:
    """Say why a run ended before its year was over."""
    if "stopped by the clock" in why:
        return f"{path.name}: {why}. A decide that never ends: look for a loop without an end."
    if "which is no action" in why:
        given = re.search(r"decide gave (.*?), which", why)
        what = given[1] if given else "something"
        return (
            f"{path.name}: decide gave {what}, which is no action: yield actions such as "
            'Retrain(window="14d", why="…")'
        )
    if "more than" in why and "actions at one moment" in why:
        return f"{path.name}: {why}. An endless loop of yields? One action a time is plenty."
    return f"{path.name}: {why}"
