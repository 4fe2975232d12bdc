"""The pages of docs/ do what they say: their files, their commands and their examples."""

from __future__ import annotations

import doctest
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from reports.cli import main

DOCS = Path(__file__).parent.parent / "docs"
FILES = re.compile(r"^```\w+ (\S+)\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)
"""A fenced block that names a file is that file."""
COMMANDS = re.compile(r"^\$ (.*)$", flags=re.MULTILINE)


def text(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


THEIR_OWN = ("compare.md",)
"""Pages with tests of their own: what they show takes many years, the tests take few."""
LIVELY = sorted(
    page.name
    for page in DOCS.glob("*.md")
    if page.name not in THEIR_OWN
    if COMMANDS.search(text(page.name)) or ">>>" in text(page.name)
)


@pytest.mark.parametrize("page", LIVELY)
def test_every_command_and_every_example_of_a_page_does_what_it_says(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for name, content in FILES.findall(text(page)):
        Path(name).write_text(content, encoding="utf-8")
    for command in COMMANDS.findall(text(page)):
        program, *arguments = shlex.split(command)
        if program == "python":
            subprocess.run([sys.executable, *arguments], check=True)
        else:
            assert program == "driftyard"
            assert main(arguments) == 0, command
    told = doctest.DocTestRunner(verbose=False)
    examples = doctest.DocTestParser().get_doctest(text(page), {}, page, page, 0)
    assert told.run(examples).failed == 0


def test_the_pages_that_show_how_are_among_them() -> None:
    assert {"replay.md", "policies.md"} <= set(LIVELY)
    assert len(COMMANDS.findall(text("replay.md"))) >= 5


def test_every_option_that_the_page_on_replay_names_is_there(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["replay", "--help"]) == 0
    known = capsys.readouterr().out
    for option in set(re.findall(r"--[a-z][a-z-]+", text("replay.md"))):
        assert option in known, option
