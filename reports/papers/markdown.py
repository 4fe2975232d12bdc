"""Markdown that cannot be broken by what people call things."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from reports.words import one_line


def text(words: str) -> str:
    """Return *words* in one line, the signs of Markdown and HTML escaped.

    >>> text("a|b <i>")
    'a\\\\|b &lt;i&gt;'
    """
    escaped = re.sub(r"([\\`*_\[\]|#])", r"\\\1", one_line(words))
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return a table."""
    lines = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(line) + " |" for line in lines]


def listing(fields: Mapping[str, Any]) -> list[str]:
    """Return a line a field; fields within fields are indented."""
    lines = []
    for key, value in fields.items():
        if isinstance(value, dict):
            lines.append(f"- **{text(key)}**:")
            lines += [f"  {line}" for line in listing(value)]
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            lines.append(f"- **{text(key)}**:")
            lines += ["  - " + ", ".join(f"{text(k)} {written(v)}" for k, v in one.items())
                      for one in value]  # fmt: skip
        else:
            lines.append(f"- **{text(key)}**: {written(value)}")
    return lines


def written(value: Any) -> str:
    """Return a value as people read it."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list):
        return ", ".join(map(written, value)) or "none"
    return text(str(value)) or "none"
