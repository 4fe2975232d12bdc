"""Progress is for people at a terminal."""

from __future__ import annotations

import sys

import pytest

from reports.progress import Progress
from sim.clock import us


def test_a_terminal_sees_how_far_a_run_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with Progress(us("26w"), quiet=False) as progress:
        tell = progress.of("the year", 0.0, 0.5)
        assert tell is not None
        tell(0.5)
    shown = capsys.readouterr().err
    assert " 25 %  the year: 13w after the launch" in shown
    assert shown.endswith("\r\x1b[K")


def test_a_file_or_a_quiet_run_sees_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress(us("26w"), quiet=False) as progress:
        assert progress.of("the year", 0.0, 0.5) is None
    assert capsys.readouterr().err == ""
