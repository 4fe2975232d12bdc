"""Where the commands are given."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reports.commands.little import WORLD


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my.py").write_text(WORLD)
    return tmp_path
