"""A twin has the traffic, labels, columns and drift of the data, and says where it has not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from reports.cli import main
from scenarios import distribution
from scenarios.replay import Terms
from scenarios.replay.likeness import likenesses
from scenarios.replay.twin import twin
from sim.clock import rate, us
from sim.concepts import Lookalike
from sim.errors import Mistake
from sim.labels import LogNormal
from sim.losses import Costs
from sim.scenario import Scenario
from sim.table import Table
from tests.scenarios.replay.data import replayed


def world(records: int = 12_000, *, turns: bool = False, moves: bool = False) -> pd.DataFrame:
    """Return data of a known rule: busier on weekdays; labels take two days, lognormally."""
    luck = np.random.default_rng(5)
    days = luck.integers(0, 70, 2 * records)
    days = np.sort(days[(days % 7 < 5) | (luck.random(len(days)) < 0.5)][:records])
    share = days / 70
    times = pd.Timestamp("2024-01-01") + pd.to_timedelta(
        days * 86_400 + luck.integers(0, 86_400, len(days)), unit="s"
    )
    a, b = (
        luck.normal(10, 2, len(days)) + (4 * share if moves else 0),
        luck.exponential(1, len(days)),
    )
    kind = luck.choice(["u", "v"], len(days), p=[0.6, 0.4])
    effect = 0.8 * (1 - 2 * share) if turns else 0.8
    odds = effect * (a - 10) + 0.5 * (kind == "u") - 0.3
    known = times + pd.to_timedelta(2 * 86_400 * luck.lognormal(0, 0.6, len(days)), unit="s")
    y = (luck.random(len(days)) < 1 / (1 + np.exp(-odds))).astype(int)
    return pd.DataFrame({"ts": times, "a": a, "b": b, "kind": kind, "known": known, "fraud": y})


def made(folder: Path, frame: pd.DataFrame) -> tuple[Scenario, list[str]]:
    told = replayed(folder, frame, label_time="known")
    table: Table = told.scenario.stream.table  # type: ignore[attr-defined]
    scenario = twin(table, told)
    return scenario, [one.what for one in likenesses(table, told, scenario) if one.misses]


def test_a_twin_has_the_segments_and_is_judged_by_the_metric_that_was_asked_for(
    tmp_path: Path,
) -> None:
    told = replayed(tmp_path, world(), segment="kind", terms=Terms(metric="cost(1, 7)"))
    scenario = twin(told.scenario.stream.table, told)  # type: ignore[attr-defined]
    assert scenario.stream.segments is not None
    assert scenario.stream.segments.names == ("u", "v")
    assert scenario.stream.segments.shares == pytest.approx((0.6, 0.4), abs=0.02)
    assert scenario.loss == Costs(false_positive=1.0, false_negative=7.0)


def test_a_twin_cannot_be_judged_by_what_its_classifier_does_not_answer(tmp_path: Path) -> None:
    told = replayed(tmp_path, world(), terms=Terms(metric="pr-auc"))
    with pytest.raises(Mistake, match="--metric is 'pr-auc': a twin answers classes"):
        twin(told.scenario.stream.table, told)  # type: ignore[attr-defined]


def test_traffic_labels_and_rule_are_those_of_the_data(tmp_path: Path) -> None:
    frame = world()
    scenario, missed = made(tmp_path, frame)
    traffic, delay = scenario.stream.traffic, scenario.labels.delay
    weekday = len(frame[frame["ts"].dt.day_of_week < 5]) / 50 / 24
    assert float(rate(traffic.rate)) * us("1h") == pytest.approx(weekday, rel=0.05)
    assert traffic.weekend == pytest.approx(0.5, abs=0.06)
    assert isinstance(delay, LogNormal)
    assert us(delay.median) == pytest.approx(us("2d"), rel=0.05)
    assert delay.sigma == pytest.approx(0.6, rel=0.05)
    concept = scenario.stream.concept
    assert isinstance(concept, Lookalike)
    effects = {feature.name: feature.effects for feature in concept.features}
    assert effects["a"][0] == pytest.approx(0.8, abs=0.15)
    gap = abs(effects["kind"][0] - effects["kind"][1])
    assert gap == pytest.approx(0.5, abs=0.35)
    assert scenario.stream.drifts == ()
    assert missed == []


def test_a_column_that_moves_is_found(tmp_path: Path) -> None:
    scenario, _ = made(tmp_path, world(moves=True))
    [drift] = [d for d in scenario.stream.drifts if d.kind == "covariate"]
    assert drift.columns == ("a",)  # type: ignore[union-attr]
    assert 2.0 < drift.shift < 5.0  # type: ignore[union-attr]


def test_a_rule_that_turns_is_found(tmp_path: Path) -> None:
    scenario, _ = made(tmp_path, world(turns=True))
    assert [d.kind for d in scenario.stream.drifts] == ["concept"]


def test_a_twin_that_misses_says_where(tmp_path: Path) -> None:
    frame = world()
    frame.loc[::5, "b"] = np.nan
    _, missed = made(tmp_path, frame)
    assert missed == [
        "share of b missing before the launch",
        "share of b missing in the last third",
    ]


def test_the_command_writes_a_file_that_can_be_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    world(3_000).to_csv("data.csv", index=False)
    given = ["--time", "ts", "--label", "fraud", "--label-time", "known", "--cache", "cache"]
    assert main(["scenario", "from-data", "data.csv", *given, "-o", "twin.yaml"]) == 0
    assert "drift found" in capsys.readouterr().out
    scenario = distribution.read("twin.yaml").draw(0)
    assert scenario.name == "twin of data"
    assert main(["scenario", "from-data", "data.csv", *given, "-o", "twin.yaml"]) == 2
    assert "it is there already" in capsys.readouterr().err
    assert main(["run", "twin.yaml", "-s", "never", "--seed", "1", "--quiet"]) == 0
