"""Bring what pages show to what is true now: python -m tests.docs.showing docs/start.md …

Outputs that are shown whole are written anew, digests left out. Where a page leaves lines out,
what is printed now is printed here, for somebody to choose from.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from pathlib import Path

from tests.docs.block import ROOT, Command, agrees, blocks
from tests.docs.playing import Reader

DIGESTS = (
    (re.compile(r"^digest    [0-9a-f]{32}$", flags=re.MULTILINE), "digest    …"),
    (re.compile(r"(out/[\w.-]+?)-[0-9a-f]{8}"), r"\1-…"),
)
"""What differs from machine to machine."""


class Writer(Reader):
    """Carries a page out and keeps what its commands print where that is another thing."""

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.anew: list[tuple[str, str]] = []

    def type(self, command: Command, at: str) -> None:
        """Type one command."""
        said = self._typed(command.line, at).rstrip("\n")
        told = "\n".join(command.told).rstrip("\n")
        if not told or agrees(told.split("\n"), said.split("\n")):
            return
        if "…" in told.split("\n"):
            print(f"{at}: {command.line}\n{said}\n")
            return
        for pattern, words in DIGESTS:
            said = pattern.sub(words, said)
        self.anew.append((told, said))


def main(pages: list[str]) -> int:
    """Bring pages up to date, those blocks too that take long."""
    os.environ["COLUMNS"] = "100"
    for name in pages:
        page = Path(name).resolve()
        text = page.read_text(encoding="utf-8")
        writer = Writer(name)
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            Path("docs").symlink_to(ROOT / "docs", target_is_directory=True)
            for block in blocks(text):
                try:
                    writer.play(block)
                except AssertionError as error:  # an example in Python: it has told by itself
                    print(error)
            os.chdir(ROOT)
        for told, said in writer.anew:
            text = text.replace(told, said, 1)
        page.write_text(text, encoding="utf-8")
        print(f"{name}: {len(writer.anew)} outputs anew")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
