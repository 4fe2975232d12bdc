"""A chapter, and the course: the folders that are there, in the order of their numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from reports.course.places import HERE
from reports.course.text import Text, read
from sim.errors import one_of

if TYPE_CHECKING:
    from reports.course.exam import Exam, Played
    from reports.course.live import Live

_FOLDER = re.compile(r"c(\d\d)_(\w+)")


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """What a chapter says about the world (*words*), and the years that bear it out."""

    words: str
    shown: Played


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """A chapter: its *exam*, what it has *claimed*, its *live* figure, and its folder.

    *core* chapters come first for who has little time; *minutes* is how long it takes a newcomer.
    """

    exam: Exam
    claimed: Claimed
    live: Live | None = None
    core: bool = False
    minutes: int = 15
    place: Path = field(default=Path())

    @property
    def number(self) -> int:
        """Where it stands in the course."""
        return int(self.place.name[1:3])

    @property
    def name(self) -> str:
        """What it is called on the command line."""
        return self.place.name[4:].replace("_", "-")

    @cached_property
    def text(self) -> Text:
        """Its words."""
        return read((self.place / "text.md").read_text(encoding="utf-8"))

    @property
    def title(self) -> str:
        """Its heading."""
        return self.text.title

    def file(self, kind: str) -> Path:
        """Return its file of a *kind*: starter, solution or naive, whatever its suffix."""
        return next(self.place / f"{kind}{s}" for s in self.exam.suffixes
                    if (self.place / f"{kind}{s}").is_file())  # fmt: skip

    @property
    def suffix(self) -> str:
        """What the learner's file ends in."""
        return self.file("starter").suffix


@cache
def chapters() -> tuple[Chapter, ...]:
    """Return all chapters."""
    folders = sorted(path for path in HERE.iterdir() if _FOLDER.fullmatch(path.name))
    return tuple(
        replace(import_module(f"{__package__}.chapters.{path.name}.chapter").CHAPTER, place=path)
        for path in folders
        if (path / "chapter.py").is_file()
    )


def chapter(asked: str) -> Chapter:
    """Return the chapter that is called so, or has that number."""
    known = {one.name: one for one in chapters()}
    by_number = {str(one.number): one for one in chapters()}
    plain = asked.strip().lower().replace("_", "-")
    if plain.isdigit():
        return by_number[one_of("chapter", str(int(plain)), by_number)]
    return known[one_of("chapter", plain, known)]
