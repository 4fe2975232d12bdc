"""The chapters of the course as pages, from the words that the terminal shows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reports.course.telling import starter_name
from reports.site.markdown import code, plain, table

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

    from reports.course.chapter import Chapter

FOLDER = Path("learn", "chapters")
"""In docs/; git ignores it, since it is made anew with every build."""


def write(app: Sphinx, config: Config) -> None:
    """Write a page for each chapter, and take away those of chapters that are no more."""
    from reports.course.chapter import chapters

    del config
    folder = Path(app.srcdir) / FOLDER
    folder.mkdir(exist_ok=True)
    wanted = {f"{_name(chapter)}.md": page(chapter) for chapter in chapters()}
    for path in folder.glob("*.md"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        path = folder / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def page(chapter: Chapter) -> str:
    """Return a chapter as a page: what helps and what gives it away are closed at first."""
    text = chapter.text
    said = f"*About {chapter.minutes} minutes{', one of the core' if chapter.core else ''}.*"
    number = chapter.number
    ask = (
        f"```sh\ndriftyard new chapter {number}\n"
        f"driftyard learn {number} --solution {starter_name(chapter)}\n```"
    )
    answer = chapter.file("solution").read_text(encoding="utf-8")
    solution = f"{text.solution}\n\n```{_language(chapter.suffix)}\n{answer}```"
    parts = [
        f"# {number}. {text.title}",
        said,
        text.story,
        "## Idea",
        text.idea,
        "## Task",
        text.task,
        ask,
        _closed("A hint", text.hint),
        _closed("A model solution", solution),
    ]
    return "\n\n".join(parts) + "\n"


def listed() -> str:
    """Write all chapters as a table."""
    from reports.course.chapter import chapters

    rows = [
        [
            f"[{chapter.number}. {plain(chapter.title)}](chapters/{_name(chapter)}.md)",
            "core" if chapter.core else "",
            f"{chapter.minutes} min",
            code(f"driftyard learn {chapter.number}"),
        ]
        for chapter in chapters()
    ]
    return table(["chapter", "", "takes", "in the terminal"], rows)


def _name(chapter: Chapter) -> str:
    return chapter.place.name.replace("_", "-")


def _language(suffix: str) -> str:
    return {".py": "python", ".yaml": "yaml"}.get(suffix, "text")


def _closed(title: str, text: str) -> str:
    """Return words that a reader opens; headings in them would break the page in two."""
    body = "\n".join(
        f"**{line.lstrip('# ')}**" if line.startswith("#") else line for line in _outside(text)
    )
    return f"<details>\n<summary>{title}</summary>\n\n{body}\n\n</details>"


def _outside(text: str) -> list[str]:
    """Return the lines of a text, those of code indented so little that none is a heading."""
    fenced, lines = False, []
    for line in text.splitlines():
        if line.startswith("```"):
            fenced = not fenced
        lines.append(f" {line}" if fenced and line.startswith("#") else line)
    return lines
