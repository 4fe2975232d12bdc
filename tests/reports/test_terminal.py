"""Output on terminals and pipes that lack some signs, as they are on Windows."""

from __future__ import annotations

import io
import sys

import pytest

from reports.cli import main


@pytest.mark.parametrize("command", [["show", "silent-schema-change"], ["show", "level-2"]])
@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "ascii"])
def test_a_pipe_that_lacks_our_signs_gets_others(
    command: list[str], encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding, newline="\n"))
    assert main(command) == 0
    assert "data" in raw.getvalue().decode(encoding)


def test_what_fits_is_written_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="cp1252"))
    assert main(["show", "silent-schema-change"]) == 0
    told = raw.getvalue().decode("cp1252")
    assert "12 %" in told
    assert "#" in told, "blocks of the small picture"
