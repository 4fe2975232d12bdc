"""The commands of docs/measures.md print what the page shows."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from reports.cli import main

PAGE = (Path(__file__).parent.parent / "docs" / "measures.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"```\n\$ (driftyard .*?)\n…\n(.*?)…\n```", PAGE, flags=re.DOTALL)


@pytest.mark.parametrize(("command", "told"), SHOWN, ids=["hindsight", "apart"])
def test_a_command_prints_what_the_page_shows(
    command: str,
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(shlex.split(command)[1:]) == 0
    assert told in capsys.readouterr().out
