"""Marks one file in a process of its own: `python -m reports.course.alone CHAPTER FILE SEEDS TO`.

What comes of it is written to TO as JSON; nothing else that the process prints is read.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from pathlib import Path

MOST_BYTES = 4 << 30
"""So much memory may a process have that marks a stranger's file, where the system can say so."""


def main(asked: str, file: str, seeds: str, to: str) -> None:
    """Mark *file* for the chapter that is *asked* for, and write the result."""
    _limited()
    from reports.commands.learn import read_seeds
    from reports.course.chapter import chapter
    from reports.course.marking import mark

    found = mark(chapter(asked), file, seeds=read_seeds(seeds), workers=1)
    Path(to).write_text(json.dumps(found.document), encoding="utf-8")


def _limited() -> None:
    """Keep a file that asks for all the memory there is from taking it from the others."""
    with suppress(ImportError, ValueError, OSError):  # Windows has no such limit
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))


if __name__ == "__main__":
    main(*sys.argv[1:])
