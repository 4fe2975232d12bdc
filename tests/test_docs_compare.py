"""The commands of docs/compare.md and docs/ci.md do what the pages say."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from reports.cli import main
from reports.trials.gating import read_terms

DOCS = Path(__file__).parent.parent / "docs"
COMPARE, CI = ((DOCS / name).read_text(encoding="utf-8") for name in ("compare.md", "ci.md"))
COMMANDS = re.findall(r"^\$ driftyard (.*)$", COMPARE, flags=re.MULTILINE)


def blocks(page: str) -> dict[str, str]:
    """Return the files that a page shows, by their names."""
    found = re.findall(r"```yaml\n# ([\w.]+)[^\n]*\n(.*?)```", page, flags=re.DOTALL)
    return dict(found)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in {**blocks(COMPARE), **blocks(CI)}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_commands_on_the_small_year_run_as_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """With two seeds instead of many: it is about the commands, not about their numbers."""
    small = [command for command in COMMANDS if "year.yaml" in command]
    assert len(small) >= 4
    for command in small:
        asked = re.sub(r"--seeds \d+", "--seeds 2", command)
        asked = re.sub(r"--until \S+( < 5%')?|--max-seeds \d+|--over \S+", "", asked)
        more = ["--over", "every=1w,3w"] if asked.startswith("tune") else []
        code = main([*shlex.split(asked), *more, "--workers", "1"])
        assert code in ((1, 3) if "--expect" in asked else (0,)), asked
    assert "beats never in 2 of 2 years" in capsys.readouterr().out


def test_the_file_of_expectations_is_read_as_it_stands() -> None:
    terms = read_terms("expectations.yaml")
    assert len(terms.expect) == 3
    assert len(terms.scenarios) == 3


@pytest.mark.parametrize(
    ("page", "commands"), [(COMPARE, ("compare", "tune", "ablate", "sweep")), (CI, ("gate",))]
)
def test_every_option_that_a_page_names_is_there(
    capsys: pytest.CaptureFixture[str], page: str, commands: tuple[str, ...]
) -> None:
    known = ""
    for command in commands:
        main([command, "--help"])
        known += capsys.readouterr().out
    for option in set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", page)):
        assert option in known, option
