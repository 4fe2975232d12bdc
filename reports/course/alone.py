"""Marks one file in a process of its own: `python -m reports.course.alone CHAPTER FILE SEEDS TO`.

What comes of it is written into the folder TO: the mark as JSON, how far it is on the way, and
with a fifth word the figure of the worst year. Nothing that the process prints is read. Standard
input holds the key that seals the mark: a file that writes a mark of its own is found out.
"""

from __future__ import annotations

import hmac
import json
import sys
from contextlib import suppress
from pathlib import Path

MOST_BYTES = 4 << 30
"""So much memory may a process have that marks a stranger's file, where the system can say so."""


MARK, PROGRESS, FIGURE = "mark.json", "progress.txt", "figure.svg"


def main(asked: str, file: str, seeds: str, to: str, draws: str = "") -> None:
    """Mark *file* for the chapter that is *asked* for, and write the result."""
    key = sys.stdin.buffer.read()  # before any line of the file's runs
    _limited()
    from reports.commands.learn import read_seeds
    from reports.course.chapter import chapter
    from reports.course.counterexample import worst_year
    from reports.course.marking import mark

    folder = Path(to)

    def tell(done: int, of: int) -> None:
        (folder / PROGRESS).write_text(f"{done} of {of} years played", encoding="utf-8")

    found = mark(chapter(asked), file, seeds=read_seeds(seeds), workers=1, tell=tell)
    picture = worst_year(found) if draws and found.verdict != "pass" else None
    if picture is not None:
        (folder / FIGURE).write_text(picture.inline(), encoding="utf-8")
    said = json.dumps(found.document)
    (folder / MARK).write_text(f"{sealed(key, said)}\n{said}", encoding="utf-8")


def sealed(key: bytes, said: str) -> str:
    """Return what only who knows the *key* can write above a mark."""
    return hmac.new(key, said.encode("utf-8"), "sha256").hexdigest()


def _limited() -> None:
    """Keep a file that asks for all the memory there is from taking it from the others."""
    with suppress(ImportError, ValueError, OSError):  # Windows has no such limit
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))


if __name__ == "__main__":
    main(*sys.argv[1:])
