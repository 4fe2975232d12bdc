"""Files the papers of a run: one for each version, one for the incidents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.papers.incident import report
from reports.papers.version import papers

if TYPE_CHECKING:
    from pathlib import Path

    from reports.result import Result


def file(result: Result, folder: Path) -> None:
    """Write v0.md, v1.md, … and incidents.md into *folder*."""
    folder.mkdir(parents=True, exist_ok=True)
    for lived in result.lived:
        (folder / f"{lived.version}.md").write_text(papers(result, lived), encoding="utf-8")
    (folder / "incidents.md").write_text(report(result), encoding="utf-8")
