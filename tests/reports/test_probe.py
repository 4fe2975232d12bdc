"""`driftyard probe`: who sees what, and when."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reports.cli import main
from scenarios.probes import probes


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("reports.trials.probing.probes", lambda: probes(at="2w 10h", horizon="4w"))
    return tmp_path


def test_a_contract_sees_what_breaks_the_feed_and_nothing_else(
    capsys: pytest.CaptureFixture[str],
) -> None:
    args = ["probe", "contract", "--seeds", "1", "--workers", "1"]
    assert main([*args, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["found"]
    causes = {cause["name"]: cause for cause in found["causes"]}
    for name, cause in causes.items():
        sighting = next(one for one in cause["sightings"] if one["layer"] == "input")
        assert sighting["monitors"] == ["contract"]
        assert sighting["seen"] == (1 if name in ("schema", "bad release") else 0), name
        others = [one for one in cause["sightings"] if one["layer"] != "input"]
        assert all(one["monitors"] == [] and one["lag_s"] is None for one in others)
        assert cause["fall"]["mean"] == pytest.approx(0 if name == "labels" else 0.1, abs=0.03)
    assert causes["schema"]["first"]["layer"] == "input"
    assert causes["concept"]["first"] is None
    assert main(args) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "Seen first: schema, bad release by the input layer." in said
    assert "Seen by nobody in most years: covariate, concept, labels, latency, stage." in said


def test_a_policy_that_nobody_knows_is_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["probe", "contrct", "--workers", "1"]) == 2
    assert "contract" in capsys.readouterr().err
