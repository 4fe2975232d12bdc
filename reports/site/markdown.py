"""Markdown of what the code says of itself."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table; what stands in a cell is Markdown already.

    >>> print(table(["a", "b"], [["1", "2 | 3"]]))
    | a | b |
    |---|---|
    | 1 | 2 \\| 3 |
    """
    lines = [head, ["---"] * len(head), *rows]
    cells = [[" ".join(cell.split()).replace("|", "\\|") for cell in line] for line in lines]
    return "\n".join(
        "|---" * len(head) + "|" if line[0] == "---" else "| " + " | ".join(line) + " |"
        for line in cells
    )


def code(text: str) -> str:
    """Write something as it is typed, in one line; nothing stays nothing.

    >>> code("a  b"), code("")
    ('`a b`', '')
    """
    line = " ".join(text.split())
    return f"`{line}`" if line else ""


def plain(text: str) -> str:
    """Write words that are no Markdown.

    >>> plain("scenarios × <strategies> * seeds_0")
    'scenarios × &lt;strategies&gt; \\\\* seeds\\\\_0'
    """
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([*_`\[\]$])", r"\\\1", escaped)


def prose(thing: object) -> str:
    """Return what a docstring says, its examples left out, a paragraph a line."""
    words = inspect.getdoc(thing) or ""
    paragraphs = [part for part in words.split("\n\n") if not part.startswith(">>>")]
    return "\n\n".join(_paragraph(part) for part in paragraphs)


def _paragraph(text: str) -> str:
    """Join the lines of a paragraph, but for those that begin with a dash or are indented."""
    return re.sub(r"\n(?!\s*[-|]|    )", " ", text).replace("$", "\\$")


def first(thing: object) -> str:
    """Return the first sentence of what a thing says of itself."""
    return prose(thing).split("\n\n")[0].split("\n")[0]


def section(title: str, *parts: str, level: int = 2) -> str:
    """Write a heading with what belongs to it."""
    return "\n\n".join(["#" * level + " " + title, *(part for part in parts if part)])
