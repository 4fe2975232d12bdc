"""Pictures of the documentation come from a command, and come out the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reports.site.pictures import FOLDER, main, pictures

DOCS = Path(__file__).parents[3] / "docs"


def test_every_picture_that_is_there_has_a_command_and_is_shown_somewhere() -> None:
    there = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.*") if path.is_file()}
    assert there == set(pictures())
    shown = {
        name
        for page in [*DOCS.rglob("*.md"), DOCS.parent / "README.md"]
        for name in re.findall(r"pictures/([\w/.-]+)\)", page.read_text(encoding="utf-8"))
    }
    assert there <= shown


@pytest.mark.parametrize("name", ["staleness", "small-canary", "best-of-many"])
def test_a_slide_comes_out_as_it_is_there(name: str) -> None:
    there = (FOLDER / "slides" / f"{name}.svg").read_bytes()
    assert pictures()[f"slides/{name}.svg"]() == there


def test_a_picture_that_is_not_known_is_said_to_be_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["no-such.png"]) == 2
    assert "slides/staleness.svg" in capsys.readouterr().err
