"""`driftyard gate`: the release check of a policy, in CI and in pytest."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from reports import assert_policy
from reports.cli import main
from sim.errors import Mistake
from strategies import presets
from tests.reports.test_ablate import WORLD

GOOD = "name: watching\nmonitors: [{kind: Contract}]\nresponses: [{kind: PageOwners}]\n"
BAD = "name: careless\ntrigger: {kind: Quiet}\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "my.py").write_text(WORLD)
    (tmp_path / "good.yaml").write_text(GOOD)
    (tmp_path / "bad.yaml").write_text(BAD)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def gate(*args: str, seeds: str = "6") -> int:
    world = ["--scenario", "my.py:world", "--workers", "1", "--seeds", seeds]
    return main(["gate", *args, *world])


def test_a_policy_that_is_worse_by_more_than_the_margin_fails_and_the_better_one_passes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert gate("bad.yaml", "--against", "good.yaml") == 1
    assert "fail" in capsys.readouterr().out
    assert gate("good.yaml", "--against", "bad.yaml") == 0
    assert gate("good.yaml", "--against", "good.yaml") == 0
    assert gate("bad.yaml", "--against", "good.yaml", "--margin", "0.3") == 0


def test_thin_evidence_is_unknown_unless_somebody_says_what_it_means() -> None:
    asked = ("good.yaml", "--against", "bad.yaml", "--expect", "loss < 0.9")
    assert gate(*asked, seeds="2") == 3
    assert gate(*asked, "--unknown", "pass", seeds="2") == 0
    assert gate(*asked, "--unknown", "fail", seeds="2") == 1
    assert gate(*asked, seeds="14") == 0


def test_a_file_of_expectations_says_what_is_held_against_what(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    terms = "scenarios: ['my.py:world']\nseeds: 14\nexpect:\n  - lag(input) < 2d\n  - loss < 0.9\n"
    (folder / "terms.yaml").write_text(terms)
    args = ["--expect", "terms.yaml", "--workers", "1"]
    assert main(["gate", "good.yaml", *args]) == 0
    capsys.readouterr()
    assert main(["gate", "bad.yaml", *args, "--json"]) == 1
    found = json.loads(capsys.readouterr().out)["found"]
    assert {check["name"]: check["verdict"] for check in found["checks"]} == {
        "lives through its years": "pass", "lag(input) < 2d": "fail", "loss < 0.9": "pass",
    }  # fmt: skip


def test_papers_are_sound_and_say_the_same(folder: Path) -> None:
    papers = ["--junit", "j.xml", "--markdown", "s.md", "--expect", "lag(input) < 1h"]
    assert gate("bad.yaml", "--against", "good.yaml", *papers) == 1
    suites = ElementTree.parse(folder / "j.xml").getroot()
    assert suites.get("tests") == "3"
    assert suites.get("failures") == "2"
    assert len(list(suites.iter("failure"))) == 2
    summary = (folder / "s.md").read_text()
    assert summary.count("❌ fail |") == 2
    assert "lag(input) \\< 1h" in summary


def test_no_run_is_begun_when_the_time_is_up(capsys: pytest.CaptureFixture[str]) -> None:
    assert gate("good.yaml", "--against", "bad.yaml", "--budget", "1us", seeds="200") == 3
    said = capsys.readouterr().out
    assert "the time was up" in said


def test_a_policy_that_breaks_down_fails(folder: Path) -> None:
    body = "    def decide(self, view):\n        raise ValueError\n"
    (folder / "broken.py").write_text("class Broken:\n    heartbeat = '1d'\n" + body)
    assert gate("broken.py:Broken", seeds="1") == 1


def test_the_helper_asserts_what_the_command_says() -> None:
    world = ["my.py:world"]
    with pytest.raises(AssertionError, match="no worse by loss"):
        assert_policy("bad.yaml", against="good.yaml", scenarios=world, seeds=6)
    with pytest.raises(AssertionError, match="lag"):
        assert_policy("bad.yaml", expect=["lag(input) < 1h"], scenarios=world, seeds=6)
    found = assert_policy("good.yaml", against="bad.yaml", scenarios=world, seeds=6)
    assert found.verdict == "pass"
    guard = assert_policy(presets.contract(), against="bad.yaml", scenarios=world, seeds=6)
    assert guard.verdict == "pass"
    with pytest.raises(AssertionError, match="unknown"):
        assert_policy("good.yaml", expect=["loss < 0.9"], scenarios=world, seeds=2)
    thin = ["loss < 0.9"]
    told = assert_policy("good.yaml", expect=thin, scenarios=world, seeds=2, unknown="pass")
    assert told.verdict == "unknown"
    with pytest.raises(Mistake, match="unknown"):
        assert_policy("good.yaml", unknown="perhaps")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("expct: [loss < 1]", "did you mean 'expect'"),
        ("expect: [loss]", "a sign"),
        ("expect: {loss: 1}", "list of texts"),
        ("a: [", "line 2"),
        ("7", "a list"),
        ("seeds: many", "whole number"),
        ("scenarios: []", "at least one"),
    ],
)
def test_a_mistake_in_the_file_is_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], text: str, named: str
) -> None:
    (folder / "terms.yaml").write_text(text + "\n")
    assert main(["gate", "good.yaml", "--expect", "terms.yaml", "--workers", "1"]) == 2
    said = capsys.readouterr().err.strip()
    assert named in said
    assert "\n" not in said
