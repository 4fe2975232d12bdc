"""Aligned plain text that fits a terminal of 100 columns."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

WIDTH = 100
GAP = "  "


def table(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    right: str = "",
    wide: int = WIDTH - 2,
) -> list[str]:
    """Return lines of at most *wide* signs.

    Columns named in *right* (words apart by spaces) are aligned to the right. What is too wide
    is shortened where it is longest.

    >>> table(["what", "n"], [["a", "1"], ["b", "20"]], right="n")
    ['what   n', 'a      1', 'b     20']
    """
    cells = [list(head), *map(list, rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    while sum(widths) + len(GAP) * (len(widths) - 1) > wide:
        widths[widths.index(max(widths))] -= 1
    numbers = set(right.split())
    return [
        GAP.join(
            _fit(cell, width).rjust(width) if name in numbers else _fit(cell, width).ljust(width)
            for cell, width, name in zip(row, widths, head, strict=True)
        ).rstrip()
        for row in cells
    ]


def paragraph(text: str, *, indent: str = "", wide: int = WIDTH) -> list[str]:
    """Break *text* into lines."""
    return wrap(text, wide, initial_indent=indent, subsequent_indent=indent)


def as_told(story: str, *, wide: int = WIDTH) -> list[str]:
    """Keep the lines of a *story* where all fit, else break it as one: no word stands alone."""
    lines = story.split("\n")
    if all(len(line) <= wide for line in lines):
        return lines
    return paragraph(" ".join(lines), wide=wide)


def _fit(cell: str, width: int) -> str:
    return cell if len(cell) <= width else cell[: width - 1] + "…"
