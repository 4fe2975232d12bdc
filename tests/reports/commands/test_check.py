"""`driftyard check`."""

from __future__ import annotations

from pathlib import Path

import pytest

from reports.cli import main
from tests.reports.commands.little import BASE


def test_check_names_every_mistake_of_a_file(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "base.yaml").write_text(BASE.replace("9d", "9 days").replace("columns: 3", "column: 3"))
    assert main(["check", "base.yaml"]) == 2
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith("base.yaml: line 3: stream.concept.column: Linear has no field")
    (here / "base.yaml").write_text(BASE.replace("9d", "9 days"))
    assert main(["check", "base.yaml"]) == 2
    assert "base.yaml: line 2: horizon is '9 days'" in capsys.readouterr().out
    (here / "base.yaml").write_text(BASE)
    assert main(["check", "base.yaml"]) == 0
    assert "a sound scenario" in capsys.readouterr().out


@pytest.mark.usefixtures("here")
def test_check_says_what_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "my.py:Raises"]) == 2
    assert "my.py:Raises: Raises() raised RuntimeError" in capsys.readouterr().out
    assert main(["check", "my.py:unfit"]) == 2
    assert "no patience" in capsys.readouterr().out


def test_check_says_what_is_wrong_with_a_detector(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.py"
    file.write_text(
        "class Mine:\n"
        "    drift_detected = False\n\n"
        "    def update(self, x):\n"
        "        self.drift_detected = x > 1e200\n"
    )
    assert main(["check", f"{file}:Mine"]) == 0
    assert capsys.readouterr().out == f"{file}:Mine: a sound detector\n"
    file.write_text(file.read_text().replace("x > 1e200", "1 / (x != 1e300) > 2"))
    assert main(["check", str(file)]) == 2
    assert "Mine breaks down at 1e300: ZeroDivisionError" in capsys.readouterr().out


def test_check_says_what_never_comes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "late.yaml"
    fault = "{kind: NullBurst, at: 60w, columns: [x0]}"
    file.write_text(f"extends: calm-year\nstory: Nothing.\nhorizon: 2w\nfaults: [{fault}]\n")
    assert main(["check", str(file)]) == 2
    assert "null burst begins at 60w, after the end" in capsys.readouterr().out


def test_check_names_a_file_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "empty.yaml"
    file.write_text("")
    assert main(["check", str(file)]) == 2
    assert capsys.readouterr().out == f"{file}: it is empty: write field: value on each line\n"
