"""The words of a chapter: one Markdown file, read by the terminal, the page and the site."""

from __future__ import annotations

import re
from dataclasses import dataclass
from textwrap import wrap

SECTIONS = ("Story", "Idea", "Task", "Hint", "Solution")
_HEADING = re.compile(r"^(#{1,2}) (.+)$")
_ITEM = re.compile(r"^(\s*(?:[-*]|\d+\.)\s+)")
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


def plain(markdown: str, *, wide: int = WIDTH) -> list[str]:
    """Return Markdown as lines for a terminal: paragraphs broken, code as it stands.

    >>> plain("Some **bold** words.\\n\\n```python\\nx = 1\\n```")
    ['Some bold words.', '', '    x = 1']
    """
    lines: list[str] = []
    waiting: list[str] = []
    fenced = False

    def flush() -> None:
        if waiting:
            lines.extend(_broken(" ".join(waiting), wide))
            waiting.clear()

    for line in markdown.splitlines():
        if line.startswith("```"):
            flush()
            fenced = not fenced
        elif fenced:
            lines.append(f"    {line}".rstrip())
        elif not line.strip() or line.startswith("|"):
            flush()
            lines.append(line.strip())
        else:
            if _ITEM.match(line):
                flush()
            waiting.append(line.strip() if waiting else line.rstrip())
    flush()
    return lines


def _broken(paragraph: str, wide: int) -> list[str]:
    item = _ITEM.match(paragraph)
    further = " " * len(item[1]) if item else ""
    words = _MARKS.sub(lambda found: found[1] or found[2], paragraph)
    # a command or a name in backticks stays on one line
    held = re.sub(r"`([^`]+)`", lambda found: found[0].replace(" ", "\0"), words)
    broken = wrap(held, wide, subsequent_indent=further, break_long_words=False,
                  break_on_hyphens=False)  # fmt: skip
    return [line.replace("\0", " ") for line in broken]
