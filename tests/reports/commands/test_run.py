"""`driftyard run` from outside: what is printed, what is written, how it exits."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

import sim.run
from reports.cli import main
from sim.clock import us
from sim.ledger import Ledger
from tests.reports.commands.little import BASE, STORY, WORLD, files, run

FIGURES = ("timeline", "causes", "lags", "lineage", "calibration", "reliability")
TABLES = ("decisions", "detections", "loss", "versions", "calibration")


def test_run_tells_the_year_and_writes_its_folder(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("my.py:Watchful") == 0
    told = capsys.readouterr().out
    assert "A feed goes missing.\nNobody is told." in told
    assert "found after 1h by contract" in told
    assert "contract (input)" in told
    assert "claimed offline" in told
    assert "seed      7\n" in told
    assert max(map(len, told.splitlines())) <= 100
    (folder,) = (p for p in (here / "out").iterdir() if not p.is_symlink())
    assert f"folder    {Path('out') / folder.name}" in told
    assert files(folder) == {
        "config.yaml",
        "ledger.parquet",
        "timeline.parquet",
        "summary.json",
        "report.html",
        "calm/ledger.parquet",
        "calm/timeline.parquet",
        *(f"figures/{name}.{kind}" for name in FIGURES for kind in ("png", "svg")),
        *(f"tables/{name}.csv" for name in TABLES),
        "papers/incidents.md",
        "papers/v0.md",
        "plugins/my.py",
    }
    assert (here / "out" / "latest").resolve() == folder
    assert (folder / "plugins" / "my.py").read_text() == WORLD
    ledger = Ledger.read(folder)
    assert f"digest    {ledger.digest()}" in told
    assert Ledger.read(folder / "calm").requests == ledger.requests


def test_what_config_holds_is_enough_to_run_it_again(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("my.py:Watchful(limit=0.02)", "--quiet", "--outcomes") == 0
    assert capsys.readouterr().out == ""
    folder = (here / "out" / "latest").resolve()
    assert (folder / "outcomes.parquet").is_file()
    config = yaml.safe_load((folder / "config.yaml").read_text())
    assert config["strategy"] == "plugins/my.py:Watchful(limit=0.02)"
    assert config["fingerprint"]["numpy"]
    monkeypatch.chdir(folder)
    asked = [config["command"], config["scenario"], "-s", config["strategy"]]
    assert (
        main([*asked, "--seed", str(config["seed"]), "--out", str(here / "again"), "--json"]) == 0
    )
    assert json.loads(capsys.readouterr().out)["digest"] == config["digest"]


def test_equal_runs_share_a_folder_and_a_changed_plugin_is_another_run(here: Path) -> None:
    assert run("my.py:Watchful", "--quiet") == 0
    first = (here / "out" / "latest").resolve()
    assert run("my.py:Watchful", "--quiet") == 0
    assert (here / "out" / "latest").resolve() == first
    (here / "my.py").write_text(WORLD + "# a remark\n")
    assert run("my.py:Watchful", "--quiet") == 0
    assert (here / "out" / "latest").resolve() != first
    assert len(list((here / "out").iterdir())) == 3


def test_json_is_one_document_and_nothing_else(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("my.py:Watchful", "--json") == 0
    found = capsys.readouterr()
    document = json.loads(found.out)
    assert document["schema"] == 1
    assert document["verdict"] == "pass"
    assert document["incidents"][0]["detections"][0]["lag_s"] == 3600.0
    assert "a plug-in may say something" in found.err
    written = json.loads((here / "out" / "latest" / "summary.json").read_text())
    assert written == document


def test_a_yaml_file_is_a_scenario_whose_ranges_the_seed_draws(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "base.yaml").write_text(BASE)
    (here / "sub").mkdir()
    (here / "sub" / "story.yaml").write_text(STORY.replace("base", "../base"))
    assert run("my.py:Watchful", "--json", scenario="sub/story.yaml") == 0
    told = json.loads(capsys.readouterr().out)
    ((path, at),) = told["drawn"].items()
    assert path == "faults[Drop].at"
    assert us(at) == 1e6 * told["incidents"][0]["onset_s"]
    folder = (here / "out" / "latest").resolve()
    config = yaml.safe_load((folder / "config.yaml").read_text())
    assert config["drawn"] == told["drawn"]
    assert Ledger.read(folder).scenario["drawn"] == told["drawn"]
    monkeypatch.chdir(folder)
    again = ["run", config["scenario"], "-s", config["strategy"], "--json", "--out", "again"]
    assert main([*again, "--seed", str(config["seed"])]) == 0
    assert json.loads(capsys.readouterr().out)["digest"] == told["digest"]
    assert main([*again, "--seed", "8"]) == 0
    assert json.loads(capsys.readouterr().out)["drawn"] != told["drawn"]


def test_without_a_seed_one_is_drawn_and_told(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["run", "my.py:world(horizon='2d')", "-s", "my.py:Chatty"]
    assert main(asked) == 0
    told = capsys.readouterr().out
    seed = told.split("seed      ")[1].split()[0]
    assert "drawn" in told
    assert yaml.safe_load((here / "out/latest/config.yaml").read_text())["seed"] == int(seed)


@pytest.mark.parametrize(
    ("strategy", "told"),
    [
        ("Raises", "RuntimeError: no idea (line 53 of my.py), at 1h after the launch"),
        ("NoAction", "is no action"),
        ("Unknown", "promote.version is 'v9'"),
        ("TooMuch", "release.share is 1.4"),
        ("Endless", "more than 1,000 actions at one moment"),
    ],
)
def test_a_strategy_out_of_its_mind_fails_and_its_ledger_is_kept(
    here: Path, capsys: pytest.CaptureFixture[str], strategy: str, told: str
) -> None:
    assert run(f"my.py:{strategy}") == 1
    out = " ".join(capsys.readouterr().out.split())
    assert "Verdict fail" in out
    assert told in out
    ledger = Ledger.read(here / "out" / "latest")
    assert ledger.stopped
    assert ledger.requests["total"] > 0
    assert (here / "out" / "latest" / "figures" / "timeline.png").is_file()


def test_a_strategy_that_hangs_is_unknown(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sim.run, "run", partial(sim.run.run, patience=0.2))
    assert run("my.py:Loops", "--quiet") == 3
    document = json.loads((here / "out" / "latest" / "summary.json").read_text())
    assert document["verdict"] == "unknown"
    assert document["stopped"].startswith("stopped by the clock")


def test_ctrl_c_leaves_nothing_behind(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("my.py:Interrupts") == 130
    assert capsys.readouterr().err.splitlines()[-1].startswith("driftyard: interrupted")
    assert not (here / "out").exists()


def test_a_fault_of_ours_is_no_verdict(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("a gear fell off")

    monkeypatch.setattr(sim.run, "run", broken)
    assert run("never", "--debug", scenario="calm-year") == 70
    found = capsys.readouterr().err
    assert "Traceback" in found
    last = found.splitlines()[-1]
    assert last.startswith("driftyard: a fault of driftyard, not yours: ZeroDivisionError")
    saved = Path(last.split("report it with ")[1].split(",")[0])
    kept = saved.read_text()
    saved.unlink()
    assert "command: driftyard run calm-year --strategy never --seed 7" in kept
    assert "numpy: " in kept
    assert not (here / "out").exists()
