"""`driftyard replay` from outside: what it says of the data, what it plays, what it refuses."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from reports.cli import main
from reports.measures import metric
from sim.ledger import Ledger
from tests.scenarios.replay.data import history

MODEL = """
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder


def make_pipeline_():
    return make_pipeline(
        make_column_transformer(
            (SimpleImputer(), ["amount", "age"]),
            (OneHotEncoder(categories=[["DE", "FR", "IT"]], handle_unknown="ignore"), ["country"]),
        ),
        RandomForestClassifier(n_estimators=5, max_depth=3),
    )
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    history().to_csv(tmp_path / "data.csv", index=False)
    return tmp_path


def replay(*more: str, data: str = "data.csv") -> int:
    return main(["replay", data, "--time", "ts", "--label", "fraud", "--ignore", "known", *more])


def newest(here: Path) -> Ledger:
    return Ledger.read(here / "out" / "latest")


def test_it_shows_how_the_data_are_understood_before_anything_runs(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert replay("--entity", "customer", "--segment", "channel") == 0
    told = capsys.readouterr().out
    assert "data.csv: 6,000 records, 2024-01-01 to 2024-02-29" in told
    assert "1 of them new after the launch" in told
    assert "labels are taken to arrive at once" in told
    assert "ideal is unavailable" in told
    assert "add --strategy" in told
    assert not (here / "out").exists()


def test_any_strategy_with_any_fault(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fault = 'unit-change(columns=("amount",), at="2024-02-01", until="2024-02-11", factor=1000)'
    assert replay("-s", "on-alarm", "--fault", fault, "--label-delay", "1d") == 0
    told = capsys.readouterr().out
    assert "unit change" in told
    run = newest(here)
    onsets = [f for f in run.facts if f.kind == "Onset"]
    assert [f.at_us // 86_400_000_000 for f in onsets] == [18]
    assert (here / "out" / "latest" / "figures" / "timeline.png").stat().st_size > 10_000


def test_the_accuracy_of_never_is_that_of_the_launch_model_alone(here: Path) -> None:
    from scenarios.replay.prepared import Prepared

    assert replay("-s", "never", "--metric", "accuracy", "--features", "amount,country") == 0
    frame = history()
    first = list(dict.fromkeys(frame["country"]))
    codes = frame["country"].map({name: code for code, name in enumerate(first)})
    x = np.column_stack([frame["amount"], codes]).astype(float)
    before = (frame["ts"] < "2024-01-14").to_numpy()
    made = Prepared((0, 3)).fit(x[before][: int(before.sum()) - int(0.2 * before.sum())])
    held = int(0.2 * before.sum())
    fit = slice(0, int(before.sum()) - held)
    model = LogisticRegression(max_iter=500).fit(made.transform(x[fit]), frame["fraud"][fit])
    right = model.predict(made.transform(x[~before])) == frame["fraud"][~before]
    quality = metric(newest(here))
    assert quality.name == "accuracy"
    assert quality.value == pytest.approx(right.mean(), abs=1e-12)


@pytest.mark.usefixtures("here")
def test_strategies_side_by_side_over_bootstraps(capsys: pytest.CaptureFixture[str]) -> None:
    more = ("-s", "never", "-s", "scheduled", "--seeds", "3", "--vary", "bootstrap")
    assert replay(*more, "--metric", "pr-auc") == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "3 block bootstraps of one history" in told
    assert "it says nothing of other histories" in told
    assert "scheduled less never:" in told
    assert "PR-AUC is off by less than" in told


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("vary", "more", "words"),
    [
        ("faults", ("--fault", 'drop(columns=("amount",), at="7d")'), "random times of the faults"),
        ("delays", ("--label-delay", "2d"), "random label delays"),
    ],
)
def test_each_interval_names_what_varied(
    capsys: pytest.CaptureFixture[str], vary: str, more: tuple[str, ...], words: str
) -> None:
    assert replay("-s", "scheduled", "--seeds", "2", "--vary", vary, *more) == 0
    assert words in " ".join(capsys.readouterr().out.split())


@pytest.mark.usefixtures("here")
def test_json_is_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    assert replay("-s", "never", "--json") == 0
    document = json.loads(capsys.readouterr().out)
    [strategy] = document["strategies"]
    [run] = strategy["runs"]
    assert run["loss"]["ideal"] is None
    assert document["metric"] == "log-loss"
    assert strategy["half_width"] is None


def test_a_pipeline_of_the_users_sees_names_and_values(here: Path) -> None:
    (here / "my.py").write_text(MODEL)
    assert replay("-s", "scheduled", "--model", "my.py:make_pipeline_") == 0
    run = newest(here)
    assert run.requests["error"] == 0
    assert len([f for f in run.facts if f.kind == "Built"]) > 3


def test_a_fitted_model_serves_and_is_trained_anew(here: Path) -> None:
    frame = history()
    x = frame[["amount"]]
    model = LogisticRegression().fit(x, frame["fraud"])
    joblib.dump(model, here / "model.joblib")
    more = ("--model", "model.joblib", "--features", "amount", "--metric", "accuracy")
    assert replay("-s", "never", *more) == 0
    live = frame["ts"] >= "2024-01-14"
    right = model.predict(x[live]) == frame["fraud"][live]
    assert metric(newest(here)).value == pytest.approx(right.mean(), abs=1e-12)
    assert replay("-s", "scheduled", *more) == 0
    assert len([f for f in newest(here).facts if f.kind == "Built"]) > 3


def test_logged_scores_are_repeated_and_cannot_be_trained(here: Path) -> None:
    frame = history()
    score = 1 / (1 + np.exp(3 - 0.8 * (np.log(frame["amount"]) - 3)))
    frame.assign(score=score).to_csv(here / "data.csv", index=False)
    assert replay("-s", "scheduled", "--prediction", "score") == 0
    run = newest(here)
    kinds = [f.kind for f in run.facts]
    assert "TrainingFailed" in kinds
    assert kinds.count("Built") == 1
    live = (frame["ts"] >= "2024-01-14").to_numpy()
    chance = np.where(frame["fraud"] == 1, score, 1 - score)[live]
    assert metric(run).value == pytest.approx(float(-np.log(chance).mean()), rel=1e-9)


def test_reports_hold_no_cell_of_the_data(here: Path) -> None:
    frame = history()
    names = {"DE": "Zanzibarland", "FR": "Quuxistan", "IT": "Flurbonia", "ES": "Wibblemark"}
    frame["country"] = frame["country"].map(names)
    frame["customer"] = "Person-" + frame["customer"]
    frame.to_csv(here / "data.csv", index=False)
    fault = 'null-burst(columns=("country",), at="10d", until="12d")'
    assert replay("-s", "on-alarm", "-s", "contract", "--fault", fault, "--entity", "customer") == 0
    for path in (here / "out").rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            if path.suffix == ".parquet":
                table = pd.read_parquet(path)
                content = table.to_csv().encode()
            for word in (*names.values(), "Person-"):
                assert word.encode() not in content, (path, word)
    assert not list((here / "out").rglob("outcomes.parquet"))


def test_equal_data_elsewhere_replay_alike(
    here: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert replay("-s", "scheduled") == 0
    digest = newest(here).digest()
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "data.csv"
    elsewhere.write_bytes((here / "data.csv").read_bytes())
    assert replay("-s", "scheduled", "--cache", str(here / "other"), data=str(elsewhere)) == 0
    assert newest(here).digest() == digest


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("more", "line"),
    [
        (("--seeds", "5"), "one history is one sample"),
        (("--seeds", "none"), "--seeds is 'none'"),
        (("--vary", "luck"), "--vary is 'luck'"),
        (("--vary", "faults"), "inject at least one"),
        (("--vary", "delays"), "say how long labels take"),
        (("--metric", "auc"), "--metric is 'auc'"),
        (("--metric", "mae", "--positive", "1"), "the label 'fraud' is a number"),
        (("--metric", "cost"), "cost(1, 20)"),
        (("--fault", 'drop(columns=("weight",), at="1w")'), "drop.columns"),
        (("--fault", 'dorp(columns=("age",), at="1w")'), "--fault is 'Dorp': did you mean 'Drop'?"),
        (("--fault", 'covariate-shift(at="1w")'), "--fault is 'CovariateShift'"),
        (("--fault", 'drop(columns=("age",), at="1y")'), "drop.at is '1y': the replay is over"),
        (("--fault", 'drop(columns=("age",), at="2023-01-01")'), "before the launch"),
        (("--model", "gone.joblib"), "no such file"),
        (("--model", "models:/fraud/3"), "MLflow is not installed"),
        (("--model", "magic"), "my.py:make_pipeline"),
        (("--batch", "often"), "--batch is 'often'"),
        (("--tick", "0s"), "--tick is '0s'"),
        (("--tick", "1us"), "--tick is '1us'"),
        (("--time-format", "%Q"), "--time-format is '%Q'"),
        (("--label-delay", "soon"), "--label-delay is 'soon'"),
        (("--label-delay", "1d", "--label-time", "known"), "give one of them"),
        (("--launch-after", "2031-01-01"), "the data reach from"),
    ],
)
def test_a_mistake_is_one_line(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    more: tuple[str, ...],
    line: str,
) -> None:
    monkeypatch.setitem(sys.modules, "mlflow", None)
    given = ["--time", "ts", "--label", "fraud", "-s", "never", *more]
    code = main(["replay", "data.csv", *given])
    assert code == 2
    said = capsys.readouterr().err
    assert line in said
    assert said.count("\n") == 1


def test_a_twin_is_written_to_a_scenario_file_alone(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["data.csv", "--time", "ts", "--label", "fraud", "-o", "twin.txt"]
    assert main(["scenario", "from-data", *given]) == 2
    assert "--output is 'twin.txt'" in capsys.readouterr().err
    assert not (here / "twin.txt").exists()


def test_a_model_from_mlflow_is_loaded_by_its_address(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = history()
    fitted = LogisticRegression().fit(frame[["amount"]], frame["fraud"])

    class Kept:
        @staticmethod
        def load_model(address: str) -> Any:
            assert address == "models:/fraud/3"
            return fitted

    class Mlflow:
        sklearn = Kept

    monkeypatch.setitem(sys.modules, "mlflow", Mlflow)
    more = ("--model", "models:/fraud/3", "--features", "amount")
    assert replay("-s", "never", *more) == 0
    assert newest(here).requests["error"] == 0
