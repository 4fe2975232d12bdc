"""The files that lie beside a chapter, by a short name: `chapter4/ten_days.yaml`."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent / "chapters"
_SHORT = re.compile(r"chapter0?(\d{1,2})[/\\]([\w.-]+)")


def long(file: str) -> str:
    """Return where a chapter's *file* lies; a file of the user's own stays as it is.

    >>> Path(long("chapter4/ten_days.yaml")).is_file()
    True
    >>> long("my.yaml")
    'my.yaml'
    """
    asked = _SHORT.fullmatch(file.strip())
    if asked is None or Path(file).exists():
        return file
    return next(map(str, HERE.glob(f"c{int(asked[1]):02d}_*/{asked[2]}")), file)


def short(text: str) -> str:
    """Return a text for the command line with a chapter's file in it by its short name.

    >>> short(long("chapter11/library.py") + ":library")
    'chapter11/library.py:library'
    """
    head, inside, rest = text.partition(str(HERE))
    found = re.match(r"[/\\]c(\d\d)_\w+[/\\]", rest)
    if head or not inside or not found:
        return text
    return f"chapter{int(found[1])}/{rest[found.end() :]}"
