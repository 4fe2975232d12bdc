"""The fenced blocks of a page: each is a file, a program, commands with their output, or words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
FENCE = re.compile(
    r"^(?:<!-- briefly: ?(?P<brief>.*?) ?-->\n)?"
    r"(?P<fence>```+)(?P<info>[^\n]*)\n(?P<body>.*?)^(?P=fence)$",
    flags=re.MULTILINE | re.DOTALL,
)
DIRECTIVE = re.compile(r"^\{[\w-]+\}")


@dataclass(frozen=True, kw_only=True)
class Block:
    """What stands between two fences.

    *kind* is its language; *file* the name that follows it, if the block is a file. What takes
    too long for every day is carried out by a deep test; *brief* is what is typed instead on other
    days, None if the block itself is.
    """

    kind: str
    file: str
    body: str
    line: int
    brief: str | None = None


@dataclass(frozen=True, kw_only=True)
class Command:
    """A line behind a `$`, and the *told* lines that follow it."""

    line: str
    told: list[str]


def pages() -> list[Path]:
    """Return every page of docs/ that somebody wrote; tests/reports/course tries the chapters."""
    return sorted(path for path in DOCS.rglob("*.md") if "chapters" not in path.parts)


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix().removeprefix("docs/")


def blocks(text: str) -> list[Block]:
    """Return the blocks of a page in order, without what the site makes of itself."""
    found = []
    for match in FENCE.finditer(text):
        if DIRECTIVE.match(match["info"]):
            continue
        kind, _, file = match["info"].partition(" ")
        line = text.count("\n", 0, match.start("fence")) + 1
        brief = match["brief"]
        found.append(Block(kind=kind, file=file, body=match["body"], line=line, brief=brief))
    return found


def commands(body: str) -> list[Command]:
    """Return the commands of a console with what they print; a line may go on behind a `\\`."""
    found: list[Command] = []
    for line in body.replace("\\\n", "").splitlines():
        if line.startswith("$ "):
            found.append(Command(line=" ".join(line[2:].split()), told=[]))
        elif found:
            found[-1].told.append(line)
        else:
            raise ValueError(f"output before any command: {line}")
    return found


def agrees(told: list[str], said: list[str]) -> bool:
    """Say whether *said* is what was *told*, where `…` stands for anything.

    A line that is `…` alone stands for any number of lines.
    """
    parts = [
        r"(?:.*\n)*?" if line.strip() == "…" else re.escape(line).replace("…", ".*?") + r"\s*\n"
        for line in told
    ]
    pattern = "".join(parts)
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in said)) is not None
