"""`driftyard compare`: paired, resumable, in JSON as published, and plain about mistakes."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import reports
from reports.cli import main
from tests.reports.sweeps.worlds import FILE

SCHEMA = json.loads((Path(reports.__file__).parent / "schemas" / "compare.json").read_text())
TRIO = "my.py:Often(every=2),my.py:Often(every=3),never"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "my.py").write_text(FILE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _nobody(*_: object) -> None:
    raise AssertionError("nothing is left to be played")


def told(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, dict[str, Any]]:
    code = main(["compare", "my.py:world", "--workers", "1", "--json", *args])
    document = json.loads(capsys.readouterr().out)
    Draft202012Validator(SCHEMA).validate(document)
    return code, document


def test_the_schema_is_sound() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_every_pair_is_told_and_shares_the_chance_to_be_wrong(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    code, found = told(capsys, "-s", TRIO, "--seeds", "4", "--by", "loss,lag(input)")
    assert code == 0
    assert [row["seeds"] for row in found["rows"]] == [4, 4, 4]
    assert len(found["contrasts"]) == 6
    assert {c["alpha"] for c in found["contrasts"]} == {0.05 / 3}
    for one in found["contrasts"]:
        assert one["wins"] + one["ties"] + one["losses"] == one["seeds"] == 4
    rows = {row["strategy"]: row["loss"]["mean"] for row in found["rows"]}
    for one in (c for c in found["contrasts"] if c["measure"] == "loss"):
        apart = rows[one["one"]] - rows[one["other"]]
        assert one["difference"]["mean"] == pytest.approx(apart, abs=1e-12)
    lags = [c for c in found["contrasts"] if c["measure"] == "lag(input)"]
    assert {c["verdict"] for c in lags} == {"identical"}, (
        "nobody watches: missed is as long as it is"
    )
    assert (next(folder.glob("out/compare-*/contrasts.csv"))).read_text().count("\n") == 7


def test_what_was_played_is_not_played_again(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = told(capsys, "-s", "never,contract", "--seeds", "2")
    monkeypatch.setattr(sys.modules["reports.sweeps.sweep"], "play", _nobody)
    assert told(capsys, "-s", "never,contract", "--seeds", "2") == first


def test_break_even_is_where_both_cost_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    _, found = told(capsys, "-s", "my.py:Often(every=2),never", "--seeds", "3")
    (even,) = found["break_even"]
    price = even["price"]["mean"]
    rows = {row["strategy"]: row for row in found["rows"]}
    busy, idle = rows[even["busy"]], rows[even["idle"]]
    assert busy["trainings"]["mean"] > idle["trainings"]["mean"]
    assert even["saved"] - price * even["trainings"] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("expected", "code"),
    [("loss < 0.9", 0), ("loss < 0.0001", 1), ("lag(input) < 1h", 1), ("lag(contract) < 4d", 3)],
)
def test_the_exit_code_is_the_verdict(
    capsys: pytest.CaptureFixture[str], expected: str, code: int
) -> None:
    seeds = "6" if code == 3 else "14"
    strategy = "contract" if code == 3 else "never"
    got, found = told(capsys, "-s", strategy, "--seeds", seeds, "--expect", expected)
    assert (got, found["verdict"]) == (code, {0: "pass", 1: "fail", 3: "unknown"}[code])


def test_until_decided_stops_when_it_is_and_gives_up_when_it_may_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    pair = ["-s", "never,my.py:Often(every=2)", "--until", "decided"]
    code, found = told(capsys, *pair, "--max-seeds", "60", "--margin", "10%")
    assert (code, found["seeds"], found["verdict"]) == (0, 30, "pass")
    assert found["contrasts"][0]["verdict"] == "equal", "surely by less than a tenth"
    code, found = told(capsys, *pair, "--max-seeds", "36", "--margin", "0")
    assert (code, found["seeds"], found["verdict"]) == (3, 36, "unknown")
    assert found["contrasts"][0]["verdict"] == "unknown"


def test_stein_fixes_the_number_of_seeds_from_the_pilot(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, found = told(capsys, "-s", "never,contract", "--until", "ci < 5%")
    (one,) = found["contrasts"]
    level = sum(row["loss"]["mean"] for row in found["rows"]) / 2
    assert one["difference"]["high"] - one["difference"]["low"] <= 2 * 0.05 * level * 1.1
    assert found["seeds"] >= 30


def test_a_strategy_that_breaks_down_is_compared_with_nobody(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, found = told(capsys, "-s", "my.py:Broken,never", "--seeds", "2")
    broken = next(row for row in found["rows"] if "Broken" in row["strategy"])
    assert broken["broken"] == 2
    assert broken["loss"]["mean"] is None
    assert found["contrasts"][0]["seeds"] == 0
    assert found["contrasts"][0]["verdict"] == "unknown"


def test_hindsight_stands_beside_those_who_only_build(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    _, found = told(capsys, "-s", "scheduled(every='2d', window='3d'),never", "--seeds", "2",
                    "--hindsight", "8")  # fmt: skip
    (corner,) = found["hindsight"]
    assert corner["loss"]["mean"] <= min(row["loss"]["mean"] for row in found["rows"])
    assert [one["one"] for one in found["regrets"]] == found["strategies"]
    assert all(one["difference"]["mean"] >= 0 for one in found["regrets"])
    assert list(folder.glob("out/compare-*/figures/pareto.svg"))


def test_one_seed_is_unknown_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(["compare", "my.py:world", "-s", "never,contract", "--seeds", "1", "--workers", "1"])
        == 0
    )
    assert "unknown, from 1 seed" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("args", "named"),
    [
        (["-s", "never", "--until", "soon"], "--until"),
        (["-s", "never", "--seeds", "0"], "--seeds"),
        (["-s", "never", "--seeds", "9", "--until", "decided"], "--seeds"),
        (["-s", "never", "--by", "los"], "did you mean 'loss'"),
        (["-s", "never", "--expect", "lag(contact) < 1h", "--seeds", "1"], "contact"),
        (["-s", "never", "--margin", "-1"], "--margin"),
        (["-s", "nevr", "--seeds", "1"], "never"),
        (["-s", "never", "--expect", "lag < 6h in nowhere", "--seeds", "1"], "nowhere"),
    ],
)
def test_a_mistake_is_one_line(
    capsys: pytest.CaptureFixture[str], args: list[str], named: str
) -> None:
    assert main(["compare", "my.py:world", "--workers", "1", *args]) == 2
    said = capsys.readouterr().err.strip()
    assert named in said
    assert said.count("\n") == 0
