"""A policy on the command line: shown as a runbook, side by side, checked and run by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from reports import names
from reports.cli import main
from reports.runbook import beside, runbook
from strategies import catalogue
from strategies.phased import Phased
from strategies.policy import Policy
from strategies.presets.cadences import weekly
from strategies.presets.maturity import level_2

FILE = """
policies:
  careful:
    extends: weekly
    metric: the loss that labels show
    gates: [BeatsNaive]
  fast:
    trigger: {kind: OnSchedule, every: 3d}
"""


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "policies.yaml"
    path.write_text(FILE)
    return str(path)


@pytest.mark.parametrize("name", [n for n, m in catalogue().items() if not isinstance(m, type)])
def test_every_preset_reads_like_a_runbook(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", name]) == 0
    told = capsys.readouterr().out
    for question in ("which metric is success?", "how is drift detected?"):
        assert question in told
    assert "what triggers a rebuild?" in told
    assert "how is it validated?" in told
    assert all(len(line) <= 100 for line in told.split("\n"))
    assert isinstance(catalogue()[name](), Policy | Phased)


def test_gaps_are_named_and_answers_are_not_called_gaps() -> None:
    assert sum("GAP" in line for line in runbook(Policy())) == 4
    assert sum("GAP" in line for line in runbook(weekly())) == 3
    assert not any("GAP" in line for line in runbook(level_2()))


def test_two_policies_stand_side_by_side(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "weekly", "level-2"]) == 0
    told = capsys.readouterr().out.rstrip("\n").split("\n")
    assert told == beside(weekly(), level_2())
    assert told[0].split() == ["weekly", "level-2"]
    assert all(len(line) <= 100 for line in told)


def test_a_policy_and_a_scenario_are_shown_one_after_the_other(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["show", "weekly", "calm-year"]) == 0
    told = capsys.readouterr().out
    assert "weekly: a policy" in told
    assert "calm-year: a scenario" in told


def test_check_names_level_way_back_and_where_to_look(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "weekly"]) == 0
    told = capsys.readouterr().out
    assert "maturity level 1: no version is compared" in told
    assert "from a drop to a new version: up to 1w" in told
    assert "observability not ready" in told


def test_policies_of_a_file_are_found_by_name(file: str) -> None:
    careful = names.strategy(f"{file}:careful")
    assert careful.value.gates[0].words == "its loss is below the naive answer’s, 95 % sure"
    assert careful.again == "plugins/policies.yaml:careful"
    assert names.targets(file) == [f"{file}:careful", f"{file}:fast"]


def test_a_file_of_policies_is_checked_and_shown(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", file]) == 0
    assert main(["show", f"{file}:fast"]) == 0
    assert "every 3d" in capsys.readouterr().out


def test_a_file_of_several_policies_wants_a_name(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "calm-year", "-s", file]) == 2
    assert "holds careful, fast: say which" in capsys.readouterr().err


def test_a_run_of_a_policy_in_a_file_keeps_the_file(file: str, tmp_path: Path) -> None:
    story = tmp_path / "short.yaml"
    story.write_text("extends: calm-year\nhorizon: 3w\n")
    out = tmp_path / "out"
    given = ["run", str(story), "-s", f"{file}:fast", "--seed", "1", "--out", str(out), "--quiet"]
    assert main(given) == 0
    kept = next(out.glob("*/plugins/policies.yaml"))
    assert kept.read_text() == FILE


def test_a_scenario_is_no_policy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    story = tmp_path / "short.yaml"
    story.write_text("extends: calm-year\nhorizon: 3w\n")
    assert main(["run", "calm-year", "-s", str(story)]) == 2
    assert "this file holds a scenario" in capsys.readouterr().err


def test_the_starter_in_yaml_is_a_sound_policy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = str(tmp_path / "mine.yaml")
    assert main(["new", "strategy", mine]) == 0
    assert main(["check", mine]) == 0
    assert "maturity level 2" in capsys.readouterr().out


def test_show_says_what_each_stage_can_see_in_a_scenario(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["show", "level-2", "--scenario", "gradual-drift"]) == 0
    told = capsys.readouterr().out.split("What each stage can see in gradual-drift")[1]
    assert "unseen for 12h" in told
    assert "5 % for 12h" in told
    assert "smallest drop" in told
    assert main(["show", "weekly", "--scenario", "gradual-drift"]) == 0
    assert "it is out at once, and nobody compares" in capsys.readouterr().out


@pytest.mark.parametrize("names", [["weekly", "level-2"], ["gradual-drift"]])
def test_only_one_policy_can_be_seen_in_a_scenario(
    names: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", *names, "--scenario", "gradual-drift"]) == 2
    assert "--scenario is 'gradual-drift'" in capsys.readouterr().err
