"""The commands of docs/replay.md do what the page says."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from reports.cli import main

PAGE = Path(__file__).parent.parent / "docs" / "replay.md"


def test_every_command_of_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    commands = re.findall(r"^\$ (.*)$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert len(commands) >= 5
    for command in commands:
        program, *arguments = shlex.split(command)
        if program == "python":
            assert arguments[:2] == ["-m", "scenarios.replay.example"]
            subprocess.run([sys.executable, *arguments], check=True)
        else:
            assert program == "driftyard"
            assert main(arguments) == 0, command
    assert (tmp_path / "out" / "latest" / "summary.json").is_file()


def test_every_option_that_the_page_names_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", "--help"]) == 0
    known = capsys.readouterr().out
    for option in set(re.findall(r"--[a-z][a-z-]+", PAGE.read_text(encoding="utf-8"))):
        assert option in known, option
