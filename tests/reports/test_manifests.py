"""Manifests from the command line: run, shown and checked by their file; policies exported."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from reports.cli import main

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
MANIFESTS = ("argo-steps", "argo-background", "argo-analysis-steps", "flagger")
SHORT = "extends: the-bad-retrain\nwith: {horizon: 3w, at: 1w, lasts: 2d}\n"


@pytest.fixture
def short(tmp_path: Path) -> str:
    (tmp_path / "short.yaml").write_text(SHORT)
    return str(tmp_path / "short.yaml")


@pytest.mark.parametrize("name", MANIFESTS)
def test_a_manifest_runs_as_a_policy(
    name: str, short: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["run", short, "-s", str(EXAMPLES / f"{name}.yaml"), "--seed", "1", "--json"]
    assert main([*command, "--out", str(tmp_path)]) in (0, 3)
    out = capsys.readouterr()
    found = json.loads(out.out)
    assert found["trainings"] >= 2
    assert found["releases"] >= 1
    assert f"{name}.yaml, line" in out.err  # what has no counterpart is named


def test_what_a_manifest_says_besides_is_named_once_where_many_years_are_played(
    short: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = ",".join(f"{EXAMPLES}/{name}.yaml" for name in ("argo-background", "flagger"))
    command = ["sweep", short, "--strategies", files, "--seeds", "2", "--workers", "1"]
    assert main([*command, "--store", str(tmp_path / "s.duckdb")]) == 0
    told = capsys.readouterr().err
    assert told.count("argo-background.yaml, line 31: spec.replicas: not read") == 1
    assert told.count("flagger.yaml, line 12: spec.service") == 1


def test_a_manifest_takes_what_it_does_not_say(
    short: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = f"{EXAMPLES}/argo-steps.yaml"
    command = ["run", short, "--seed", "1", "--json", "--out", str(tmp_path)]
    assert main([*command, "-s", f'{file}(every="4d")']) in (0, 3)
    assert json.loads(capsys.readouterr().out)["trainings"] >= 4
    assert main([*command, "-s", f"{file}(each=3)"]) == 2
    assert "has no field 'each'" in capsys.readouterr().err


def test_a_manifest_is_shown_and_checked(capsys: pytest.CaptureFixture[str]) -> None:
    file = f"{EXAMPLES}/argo-background.yaml"
    assert main(["show", file]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "10 % for 4h, 30 % for 8h, 50 % for 12h, then everybody" in told
    assert "errors above 10 %, measured every 30m, more than 2 times" in told
    assert "What the manifest says besides" in told
    assert "spec.strategy.canary.trafficRouting: not read" in told
    assert main(["check", file]) == 0
    assert "maturity level" in capsys.readouterr().out


def test_a_broken_manifest_is_one_line(
    short: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text("apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nspec: {strategy: !!x {}}\n")
    for command in (["run", short, "-s", str(file)], ["show", str(file)]):
        assert main(command) == 2
        err = capsys.readouterr().err
        assert "line 3: the tag" in err
        assert err.count("\n") == 1


def test_an_export_runs_again(
    short: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.yaml"
    assert main(["export", f"{EXAMPLES}/argo-background.yaml", "--to", "argo", "-o", str(out)]) == 0
    assert "not expressed" in capsys.readouterr().err
    kinds = [document["kind"] for document in yaml.safe_load_all(out.read_text())]
    assert kinds == ["Rollout", "AnalysisTemplate"]
    assert main(["run", short, "-s", str(out), "--seed", "1", "--out", str(tmp_path)]) in (0, 3)
    assert main(["export", "weekly", "--to", "argo", "-o", str(out)]) == 2  # left alone
    assert "it is there already" in capsys.readouterr().err


def test_a_runbook_is_markdown_with_its_stages(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", f"{EXAMPLES}/argo-analysis-steps.yaml", "--to", "runbook"]) == 0
    page = capsys.readouterr().out
    assert page.startswith("# recommender\n")
    assert "| 2 | 25 % of users | 3h | the time is over | none |" in page
    assert "- quality below 70 %, measured every 1h in stage 1, more than once" in page
    assert main(["export", "level-2", "--to", "runbook"]) == 0
    page = capsys.readouterr().out
    assert "200 outcomes are known and the judge says promote" in page


def test_what_is_no_policy_cannot_be_exported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.py"
    file.write_text("class Mine:\n    def decide(self, view):\n        return ()\n")
    assert main(["export", str(file), "--to", "argo"]) == 2
    err = capsys.readouterr().err
    assert "export takes policies in parts" in err
    assert err.count("\n") == 1
