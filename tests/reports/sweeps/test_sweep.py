"""A sweep: the same rows for any engine, only what is missing is played, nothing stops it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reports.cli import main
from reports.store import TABLES, Store
from reports.store.tables import OF_RUN
from reports.sweeps import Sweep, sweep
from sim.errors import Mistake
from sim.sweeps import Processes, Serial
from strategies import presets
from strategies.policy import Policy
from tests.reports.sweeps.worlds import FILE


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the user's file."""
    (tmp_path / "my.py").write_text(FILE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def asked(seeds: int = 2, *strategies: str, **how: Any) -> Sweep:
    return Sweep.of(["my.py:world"], strategies or ["never", "my.py:Often"], range(seeds), **how)


def tables(store: Store) -> dict[str, list[Any]]:
    """All that a sweep decides on, in an order of its own."""
    return {
        one.name: sorted(store.query(f"FROM {one.name}").fetchall(), key=repr) for one in OF_RUN
    }


def test_serial_and_processes_give_the_same_tables() -> None:
    one, two = Store(), Store()
    sweep(asked(3), engine=Serial(), store=one)
    swept = sweep(asked(3), engine=Processes(workers=2), store=two)
    assert swept.played == 6
    assert tables(one) == tables(two)
    assert len(tables(one)["incidents"]) == 6
    assert len(tables(one)["decisions"]) > 10


def test_its_rows_are_those_of_single_runs(capsys: pytest.CaptureFixture[str]) -> None:
    rows = sweep(asked(2)).rows()
    assert main(["run", "my.py:world", "-s", "my.py:Often", "--seed", "1", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    row = rows[3]
    assert (row["seed"], row["asked_strategy"]) == (1, "my.py:Often")
    assert row["digest"] == told["digest"]
    assert row["portable_digest"] == told["portable_digest"]
    assert row["excess"] == told["loss"]["excess"]
    assert row["false_alarms"] == told["false_alarms"]
    assert row["finding"] is not None


def test_only_what_is_missing_is_played() -> None:
    store = Store("s.duckdb")
    assert sweep(asked(2), store=store).played == 4
    more = sweep(asked(3), store=store)
    assert more.played == 2
    assert len(more.rows()) == 6
    assert sweep(asked(3), store=store).played == 0


def test_an_edit_of_the_file_makes_what_was_stored_stale(here: Path) -> None:
    store = Store()
    before = sweep(asked(1), store=store)
    (here / "my.py").write_text(FILE.replace('"its day"', '"another day"'))
    after = sweep(asked(1), store=store)
    assert after.played == 2
    assert set(before.keys).isdisjoint(after.keys)


def test_parameters_and_seeds_and_scenarios_have_keys_of_their_own() -> None:
    sets = [
        asked(2), asked(2, "my.py:Often(every=3)", "my.py:Often(every=4)"),
        Sweep.of(["my.py:world(rate='30/h')"], ["never", "my.py:Often"], range(2)),
    ]  # fmt: skip
    keys = [key for one in sets for key in _keys(one)]
    assert len(set(keys)) == len(keys) == 12


def _keys(one: Sweep) -> list[str]:
    from reports.sweeps.identity import Keys

    made = Keys(one.cast)
    return [made.of(task) for task in one.tasks]


def test_a_scenario_with_ranges_is_another_world_for_every_seed(here: Path) -> None:
    text = "extends: gradual-drift\nhorizon: 9w\nwith: {at: 'uniform(4w, 8w)', rate: 5/h}\n"
    (here / "story.yaml").write_text(text)
    swept = sweep(Sweep.of(["story.yaml"], ["never"], range(3)), engine=Processes(workers=2))
    onsets = swept.store.query("SELECT DISTINCT onset_s FROM incidents").fetchall()
    assert not swept.errors
    assert len(onsets) == 3
    assert all(json.loads(row["drawn"]) for row in swept.rows())


def test_a_strategy_that_raises_is_a_result_with_the_verdict_fail() -> None:
    (row,) = sweep(asked(1, "my.py:Broken")).rows()
    assert row["verdict"] == "fail"
    assert "no idea" in row["stopped"]


def test_what_the_clock_stopped_is_no_result_and_is_tried_again() -> None:
    store = Store()
    for _ in range(2):
        swept = sweep(asked(1, "my.py:Sleeper", "never", timeout=0.5), store=store)
        assert [task.strategy for task in swept.errors] == [0]
        ((strategy, seed, error),) = store.query(
            "SELECT strategy, seed, error FROM failures"
        ).fetchall()
        assert (strategy, seed) == ("my.py:Sleeper", 0)
        assert error.startswith("stopped by the clock")
    assert store.query("SELECT strategy FROM runs").fetchall() == [(repr(presets.never()),)]


def test_a_run_that_succeeds_at_last_is_no_failure_any_more() -> None:
    store = Store()
    failed = sweep(asked(1, "my.py:Often", timeout=1e-6), store=store)
    assert len(failed.errors) == 1
    assert sweep(asked(1, "my.py:Often"), store=store).played == 1
    assert store.query("FROM failures").fetchall() == []


def test_ledgers_lie_beside_the_store_on_demand() -> None:
    from sim.ledger import Ledger

    store = Store("s.duckdb")
    sweep(asked(1, "never"), store=store)
    swept = sweep(asked(1, "never", ledgers=True), store=store)
    assert swept.played == 1
    assert store.ledgers is not None
    ledger = Ledger.read(store.ledgers / swept.keys[0])
    assert ledger.digest() == swept.rows()[0]["digest"]
    assert Ledger.read(store.ledgers / swept.keys[0] / "calm").seed == 0
    assert store.query("SELECT count(*) FROM runs").fetchall() == [(1,)]
    assert sweep(asked(1, "never", ledgers=True), store=store).played == 0


def test_objects_of_a_program_can_be_swept() -> None:
    from scenarios.gradual_drift import gradual_drift

    by_name = sweep(Sweep.of(["gradual-drift(horizon='9w')"], ["never"], [0])).rows()
    by_object = sweep(Sweep.of([gradual_drift(horizon="9w")], [presets.never()], [0])).rows()
    assert by_name[0]["digest"] == by_object[0]["digest"]
    assert by_name[0]["run"] == by_object[0]["run"]


@pytest.mark.parametrize(
    ("scenarios", "strategies", "seeds", "said"),
    [
        (["my.py:world"], ["nver"], [0], "never"),
        (["my.py:world"], [], [0], "needs"),
        (["my.py:world"], [Policy], [0], "give one"),
        (["my.py:world"], [presets.never()], [-1], "0 up"),
        ([3], [presets.never()], [0], "give one"),
    ],
)
def test_mistakes_are_said_before_anything_is_played(
    scenarios: list[Any], strategies: list[Any], seeds: list[int], said: str
) -> None:
    with pytest.raises(Mistake, match=said):
        Sweep.of(scenarios, strategies, seeds)


def test_the_command_sweeps_and_answers(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["sweep", "my.py:world", "-s", "never,my.py:Often(every={n})", "--over", "n=2,3"]
    assert main([*words, "--seeds", "2", "--workers", "1"]) == 0
    told = capsys.readouterr()
    assert "6 runs played; store driftyard.duckdb" in told.out
    assert told.err == ""
    assert main([*words, "--seeds", "2", "--workers", "1"]) == 0
    assert "0 runs played, 6 known already" in capsys.readouterr().out
    sql = "SELECT parameters->>'every' AS every, count(*) AS n FROM runs GROUP BY 1 ORDER BY 1"
    assert main(["results", sql]) == 0
    assert capsys.readouterr().out.split() == ["every", "n", "2", "2", "3", "2", "2"]
    assert main(["results"]) == 0
    listed = capsys.readouterr().out
    assert all(f"{table.name} " in listed for table in TABLES)


def test_the_command_tells_who_broke_down_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["sweep", "my.py:world", "-s", "never,my.py:Broken", "--seeds", "2", "--workers", "1"]
    assert main(words) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "broke down" in line]
    assert line.startswith("broke down  my.py:Broken in 2 of 2 years of my.py:world: Broken(")
    assert "ValueError: no idea (line" in line


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_results_can_be_exported(kind: str) -> None:
    import pandas as pd

    with Store("s.duckdb") as store:
        sweep(asked(2), store=store)
    words = ["results", "SELECT run, seed, excess FROM runs ORDER BY run", "--store", "s.duckdb"]
    assert main([*words, "--export", kind]) == 0
    path = f"results.{kind}"
    frame = pd.read_csv(path) if kind == "csv" else pd.read_parquet(path)
    assert list(frame.columns) == ["run", "seed", "excess"]
    with Store("s.duckdb", read_only=True) as store:
        kept = store.query("SELECT excess FROM runs ORDER BY run").fetchall()
    assert frame["excess"].tolist() == [excess for (excess,) in kept]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["sweep", "my.py:world", "-s", "never", "--over", "n=1"], "say where it goes"),
        (["sweep", "my.py:world", "-s", "never", "--over", "n"], "write name=value"),
        (["sweep", "my.py:world", "-s", "my.py:Often(every={n})"], "what does {n} stand for"),
        (["sweep", "my.py:world", "-s", "never", "--seeds", "0"], "--seeds is '0'"),
        (["sweep", "my.py:world", "-s", "never", "--workers", "x"], "--workers is 'x'"),
        (["sweep", "my.py:world", "-s", "never", "--timeout", "1 year"], "--timeout"),
        (["results", "FROM runs"], "there is none"),
    ],
)
def test_mistakes_are_one_line(
    capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert main(words) == 2
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1
