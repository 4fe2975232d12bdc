"""The words of a chapter: one Markdown file, read by the terminal, the page and the site."""

from __future__ import annotations

import re
from dataclasses import dataclass
from textwrap import wrap

SECTIONS = ("Story", "Idea", "Task", "Hint", "Solution")
_HEADING = re.compile(r"^(#{1,2}) (.+)$")
_ITEM = re.compile(r"^((?:[-*]|\d+\.)\s+)")
_MARKS = re.compile(r"\*{1,2}([^*\s](?:[^*]*[^*\s])?)\*{1,2}|\[([^\]]+)\]\([^)]+\)")
WIDTH = 78


@dataclass(frozen=True)
class Text:
    """A chapter's *title* and its sections in Markdown, by their headings."""

    title: str
    sections: dict[str, str]

    @property
    def story(self) -> str:
        """What happened to somebody."""
        return self.sections["Story"]

    @property
    def idea(self) -> str:
        """The one thing to be learned, with an example that is executed in CI."""
        return self.sections["Idea"]

    @property
    def task(self) -> str:
        """What is to be written, and what it is held to."""
        return self.sections["Task"]

    @property
    def hint(self) -> str:
        """What helps, without giving the answer away."""
        return self.sections["Hint"]

    @property
    def solution(self) -> str:
        """What the model solution does, and what surprises about it."""
        return self.sections["Solution"]


def read(markdown: str) -> Text:
    """Take a chapter's Markdown apart: a title, and each of the five sections in their order.

    >>> sections = "".join(f"## {name}\\nWords.\\n" for name in SECTIONS)
    >>> read("# Late labels\\n" + sections).title
    'Late labels'
    """
    title, name, fenced = "", "", False
    sections: dict[str, list[str]] = {}
    for line in markdown.splitlines():
        fenced ^= line.startswith("```")
        heading = None if fenced else _HEADING.match(line)
        if heading and heading[1] == "#":
            title = heading[2].strip()
        elif heading:
            name = heading[2].strip()
            sections[name] = []
        elif name:
            sections[name].append(line)
    if not title or tuple(sections) != SECTIONS:
        found = ", ".join(sections) or "none"
        raise ValueError(f"a chapter has a title and the sections {SECTIONS}; found: {found}")
    return Text(title, {name: "\n".join(lines).strip() for name, lines in sections.items()})


@dataclass(frozen=True)
class Block:
    """A part of Markdown: its *kind* is p, ul, ol (one item of a list), code or table."""

    kind: str
    text: str
    mark: str = ""


def blocks(markdown: str) -> list[Block]:
    """Take Markdown apart.

    >>> [block.kind for block in blocks("Words.\\n\\n- one\\n- two\\n\\n```python\\nx = 1\\n```")]
    ['p', 'ul', 'ul', 'code']
    """
    found: list[Block] = []
    held: list[str] = []
    kind, mark = "", ""

    def flush() -> None:
        nonlocal kind, mark
        if held or kind == "code":
            found.append(Block(kind, ("\n" if kind in ("code", "table") else " ").join(held), mark))
        held.clear()
        kind, mark = "", ""

    for line in markdown.splitlines():
        item = _ITEM.match(line)
        if kind == "code" and not line.startswith("```"):
            held.append(line)
        elif line.startswith("```"):
            begins = kind != "code"
            flush()
            kind = "code" if begins else ""
        elif not line.strip():
            flush()
        elif line.startswith("|"):
            if kind != "table":
                flush()
            kind = "table"
            held.append(line)
        elif item:
            flush()
            kind, mark = ("ol" if item[1].strip()[0].isdigit() else "ul"), item[1]
            held.append(line[item.end() :].strip())
        else:
            kind = kind or "p"
            held.append(line.strip())
    flush()
    return found


def plain(markdown: str, *, wide: int = WIDTH) -> list[str]:
    """Return Markdown as lines for a terminal: paragraphs broken, code as it stands.

    >>> plain("Some **bold** words.\\n\\n```python\\nx = 1\\n```")
    ['Some bold words.', '', '    x = 1']
    """
    lines: list[str] = []
    before = ""
    for block in blocks(markdown):
        if before and not (before == block.kind and block.mark):
            lines.append("")
        before = block.kind
        if block.kind == "code":
            lines += [f"    {line}".rstrip() for line in block.text.splitlines()]
        elif block.kind == "table":
            lines += block.text.splitlines()
        else:
            lines += _broken(block, wide)
    return lines


def _broken(block: Block, wide: int) -> list[str]:
    words = _MARKS.sub(lambda found: found[1] or found[2], block.text)
    # a command or a name in backticks stays on one line
    held = re.sub(r"`([^`]+)`", lambda found: found[0].replace(" ", "\0"), words)
    broken = wrap(
        held,
        wide,
        initial_indent=block.mark,
        subsequent_indent=" " * len(block.mark),
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace("\0", " ") for line in broken]
