"""`driftyard new`."""

from __future__ import annotations

import pytest

from reports.cli import main


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("kind", "file"), [("strategy", "mine.py"), ("scenario", "mine.py"), ("scenario", "mine.yaml")]
)
def test_a_starter_is_sound_and_can_be_shown(
    capsys: pytest.CaptureFixture[str], kind: str, file: str
) -> None:
    assert main(["new", kind, file]) == 0
    assert main(["check", file]) == 0
    assert f"a sound {kind}" in capsys.readouterr().out
    assert main(["show", file]) == 0
    assert f"a {kind}" in capsys.readouterr().out
