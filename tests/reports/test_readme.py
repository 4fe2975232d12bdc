"""What README shows is what happens."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from reports.cli import main
from scenarios.distribution import reads

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")


def test_an_incident_is_ten_lines_that_anybody_can_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    section = README.partition("## A year of your own")[2].partition("\n## ")[0]
    (text,) = re.findall(r"```yaml\n(.*?)```", section, flags=re.DOTALL)
    assert len(text.splitlines()) <= 10
    monkeypatch.chdir(tmp_path)
    (commands,) = re.findall(r"```\n(driftyard.*?)```", section, flags=re.DOTALL)
    for line in commands.splitlines():
        argv = shlex.split(line, comments=True)
        if argv[1] == "new":
            assert main(argv[1:]) == 0
            Path(argv[-1]).write_text(text)  # its own lines, not those of the starter
        else:
            assert main(argv[1:]) == 0
    told = capsys.readouterr().out
    assert "a sound scenario" in told
    assert "found after" in told
    snippets = re.findall(r"`((?:with|faults): [^`]*)`", section)
    assert len(snippets) == 2
    for snippet in snippets:
        base = "calm-year" if snippet.startswith("with") else "outage.yaml"
        lines = f"extends: {base}\n{snippet.replace('…', '')}\n"
        reads(lines, file="mine.yaml").check()
