"""Runs, versions and a team's own times in a real MLflow, in a database file and on a server."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reports.cli import main
from reports.store import Store
from reports.tracking import Tracker
from sim.clock import us
from tests.reports.sweeps.worlds import FILE

# MLflow and what it needs warn of themselves in every version.
pytestmark = pytest.mark.filterwarnings("ignore")

WORLD, OFTEN = "my.py:world", "my.py:Often(every=3)"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with an MLflow database; to lay it out takes seconds."""
    folder = tmp_path_factory.mktemp("mlflow")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        Tracker(f"sqlite:///{folder}/runs.db")
    return folder


@pytest.fixture
def here(database: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Go where users' files and MLflow's artifacts lie; return the address of the database."""
    monkeypatch.chdir(database)
    Path("my.py").write_text(FILE)
    return f"sqlite:///{database}/runs.db"


def play(uri: str, *words: str, seed: int = 1) -> dict[str, Any]:
    """Run a year that is logged; return its summary."""
    assert main(["run", WORLD, "-s", OFTEN, "--seed", str(seed), "--mlflow", uri, "--quiet",
                 *words]) == 0  # fmt: skip
    document: dict[str, Any] = json.loads(Path("out/latest/summary.json").read_text())
    return document


def runs(uri: str, experiment: str = "driftyard/little") -> list[Any]:
    client = Tracker(uri).client
    found = client.get_experiment_by_name(experiment)
    return list(client.search_runs([found.experiment_id])) if found else []


def test_a_run_is_logged_with_parameters_measures_and_figures(here: str) -> None:
    told = play(here)
    (run,) = [r for r in runs(here) if r.data.params["seed"] == "1"]
    assert run.info.status == "FINISHED"
    assert run.data.params["scenario"] == "little"
    assert run.data.params["strategy"] == "Often(every=3, heartbeat='1d')"
    assert run.data.metrics["loss.total"] == told["loss"]["total"]
    assert run.data.metrics["trainings"] == told["trainings"] > 0
    assert run.data.metrics["requests.total"] == told["requests"]["total"]
    assert run.data.tags["driftyard.finding"] == told["finding"]
    client = Tracker(here).client
    there = {one.path for one in client.list_artifacts(run.info.run_id)}
    assert there == {"config.yaml", "figures", "summary.json", "versions"}
    assert client.list_artifacts(run.info.run_id, "figures")
    assert (Path("runs.db.artifacts") / "driftyard-little").is_dir()  # beside the database


def test_its_versions_are_registered_with_stages_and_the_champion(here: str) -> None:
    told = play(here, seed=2)
    client = Tracker(here).client
    found = client.search_model_versions("name = 'little-often-2'")
    stages = {one.tags["driftyard.version"]: one.tags["driftyard.stage"] for one in found}
    built = [one["version"] for one in told["versions"]]
    assert set(stages) == set(built)
    assert list(stages.values()).count("production") == 1
    champion = client.get_model_version_by_alias("little-often-2", "champion")
    assert champion.tags["driftyard.stage"] == "production"
    assert stages[built[0]] == "archived"
    assert float(champion.tags["driftyard.claim"]) == told["versions"][-1]["claim"]


def test_the_same_run_is_logged_once(here: str) -> None:
    told = play(here, seed=3)
    before = len(runs(here))
    play(here, seed=3)
    assert len(runs(here)) == before
    versions = Tracker(here).client.search_model_versions("name = 'little-often-3'")
    assert len(versions) == len(told["versions"])


def test_a_sweep_logs_each_of_its_runs_once_and_goes_on(here: str) -> None:
    words = ["sweep", WORLD, "-s", "never,my.py:Often", "--workers", "1", "--mlflow", here,
             "--quiet", "--store", "tracked.duckdb"]  # fmt: skip
    before = len(runs(here))
    assert main([*words, "--seeds", "2"]) == 0
    assert main([*words, "--seeds", "3"]) == 0
    assert len(runs(here)) == before + 6
    with Store("tracked.duckdb", read_only=True) as store:
        rows = store.query("SELECT run, excess_mean FROM runs").fetchall()
    by_key = {run.data.tags["driftyard.run"]: run for run in runs(here)}
    for key, excess in rows:
        assert by_key[key].data.metrics["excess_mean"] == excess
        assert by_key[key].info.status == "FINISHED"
    often = [r for r in by_key.values() if r.data.params.get("strategy.every") == "2"]
    assert len(often) == 3


def test_what_a_comparison_and_a_tuning_play_is_logged_likewise(
    here: str, capsys: pytest.CaptureFixture[str]
) -> None:
    known = ["--workers", "1", "--mlflow", here, "--store", "compared.duckdb", "--out", "out"]
    before = len(runs(here))
    pair = ["compare", WORLD, "-s", "my.py:Often(every=5),my.py:Often(every=6)", "--json"]
    assert main([*pair, "--seeds", "2", *known]) in (0, 3)
    told = capsys.readouterr()
    assert "4 runs logged in MLflow, 0 there already" in told.err
    assert json.loads(told.out)["rows"]
    assert len(runs(here)) == before + 4
    tuned = ["tune", WORLD, "-s", "my.py:Often(every={every})", "--over", "every=4..5"]
    assert main([*tuned, "--seeds", "2", *known]) in (0, 3)
    assert "2 there already" in capsys.readouterr().err


def a_team(uri: str, experiment: str) -> None:
    """Log what a team's trainings leave: an hour each, one of five failed, a version a week."""
    client = Tracker(uri).client
    number = client.create_experiment(experiment)
    client.create_registered_model(experiment)
    for week in range(5):
        begun_ms = 1_700_000_000_000 + week * us("1w") // 1000
        run = client.create_run(number, start_time=begun_ms).info.run_id
        ends_ms = begun_ms + us(f"{50 + 5 * week}m") // 1000
        client.set_terminated(run, "FAILED" if week == 1 else "FINISHED", ends_ms)
        if week != 1:
            client.create_model_version(experiment, f"runs:/{run}/model", run_id=run)


def test_training_and_loop_times_are_read_and_make_a_scenario(
    here: str, capsys: pytest.CaptureFixture[str]
) -> None:
    a_team(here, "churn")
    words = ["scenario", "from-mlflow", here, "--experiment", "churn"]
    assert main([*words, "-o", "mine.yaml"]) == 0
    told = capsys.readouterr().out
    assert "experiment churn, models churn" in told
    assert "1 of 5 trainings" in told
    assert "a training                 4      1h 2m" in told  # of 50, 60, 65 and 70 minutes
    from scenarios import distribution

    drawn = distribution.read("mine.yaml").draw(1)
    assert us(drawn.training.fixed) == us("62m")
    assert drawn.training.failure == 0.2
    assert main([*words, "-o", "mine.yaml"]) == 2
    assert main(["scenario", "from-mlflow", here, "--experiment", "chrn"]) == 2
    assert "there are" in capsys.readouterr().err.splitlines()[-1]


def test_our_own_runs_are_no_trainings_of_the_team(
    here: str, capsys: pytest.CaptureFixture[str]
) -> None:
    play(here, seed=4)
    assert main(["scenario", "from-mlflow", here, "--experiment", "driftyard/little"]) == 2
    assert "no finished training" in capsys.readouterr().err


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("uri", ["http://127.0.0.1:9", "nothing://there"])
def test_an_mlflow_that_is_not_there_is_said_before_the_year_is_played(
    uri: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", WORLD, "-s", "never", "--seed", "1", "--mlflow", uri]) == 2
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1
    assert said[0].startswith(f"driftyard: --mlflow is {uri!r}: ")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """Start MLflow's own server on loopback."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    serving = subprocess.Popen(
        [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port),
         "--workers", "1", "--backend-store-uri", f"sqlite:///{tmp_path}/server.db",
         "--artifacts-destination", str(tmp_path / "artifacts")],
        env={**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true"},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        until = time.monotonic() + 120
        while True:
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert serving.poll() is None, "MLflow's server ended"
            assert time.monotonic() < until, "MLflow's server did not come up"
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(serving.pid, 15)
        serving.wait(30)


@pytest.mark.deep
@pytest.mark.usefixtures("here")
def test_a_real_server_takes_the_run_its_figures_and_versions(server: str, tmp_path: Path) -> None:
    told = play(server, seed=5)
    (run,) = runs(server)
    assert run.data.metrics["loss.total"] == told["loss"]["total"]
    client = Tracker(server).client
    fetched = client.download_artifacts(run.info.run_id, "summary.json", str(tmp_path))
    assert json.loads(Path(fetched).read_text()) == told
    champion = client.get_model_version_by_alias("little-often-5", "champion")
    assert champion.tags["driftyard.stage"] == "production"
    a_team(server, "churn")
    assert main(["scenario", "from-mlflow", server, "--experiment", "churn"]) == 0
    play(server, seed=5)
    assert len(runs(server)) == 1
