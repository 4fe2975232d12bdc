"""The whole bench, small: what it writes, what it keeps, and what it says of mistakes."""

from __future__ import annotations

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from reports.bench import roster
from reports.bench.conduct import conduct
from reports.bench.output import as_json
from reports.bench.plan import Plan
from reports.bench.streams import Changing
from reports.cli import main
from strategies.detectors import CUSUM, DDM, PageHinkley

SMALL = (
    "bench", "detectors", "--detectors", "ddm,CUSUM(mode='up')", "--runs", "12",
    "--streams", "stationary,abrupt", "--rates", "0.2:0.6", "--false-alarm", "2d",
    "--workers", "1",
)  # fmt: skip


def only(folder: Path) -> Path:
    (found,) = folder.glob("bench-detectors-*")
    return found


def small_plan(**settings: Any) -> Plan:
    entries = (
        roster.entry("DDM", DDM()),
        roster.entry("CUSUM", CUSUM(mode="up")),
        roster.oracle(),
        *roster.dummies(),
    )
    base = Changing(name="abrupt", before=0.2, after=0.5, n=1500, burn_in=500, width=200)
    still = replace(base, name="stationary", shape="stationary", n=2000)
    plan = Plan(entries=entries, streams=(still, base), period=2000, runs=60)
    return replace(plan, **settings)


def conducted(folder: Path, plan: Plan, *, workers: int = 1) -> str:
    def quiet(what: str, done: int, of: int) -> None:
        pass

    return as_json(conduct(plan, folder, workers=workers, digests=(), tell=quiet))


def test_it_leaves_a_page_a_picture_tables_and_raw_alarms(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*SMALL, "--out", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert "take CUSUM(mode='up')" in " ".join(told.split())
    folder = only(tmp_path)
    page = (folder / "page.html").read_text()
    assert "src='http" not in page
    assert re.findall(r'href="[^#]', page) == []
    for label in ("DDM", "oracle CUSUM", "never (dummy)", "Lorden"):
        assert label in page
    assert (folder / "figures" / "bench.png").stat().st_size > 10_000
    names = {"delay", "streams", "ranks", "published", "as-given", "settings"}
    assert {file.stem for file in (folder / "tables").glob("*.csv")} == names
    assert {file.stem for file in (folder / "tables").glob("*.tex")} == names
    with (folder / "tables" / "delay.csv").open() as lines:
        rows = {row["detector"]: row for row in csv.DictReader(lines)}
    low, mean, high = (
        float(rows["DDM"][name]) for name in ("mean delay low", "mean delay", "mean delay high")
    )
    assert low < mean < high
    table = parquet.read_table(folder / "alarms.parquet").to_pandas()
    assert set(table["way"]) >= {"matched", "as given"}
    mine = table[(table.detector == "DDM") & (table.stream == "abrupt") & (table.way == "matched")]
    assert (mine.known_at == mine.alarm + 1000).all()
    firsts = mine[mine.alarm >= 5000].groupby("run").alarm.min() - 5000
    assert firsts.mean() == pytest.approx(mean)


def test_json_is_one_document_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*SMALL, "--out", str(tmp_path), "--json"]) == 0
    out = capsys.readouterr()
    document = json.loads(out.out)
    assert document["period"] == 2000
    row = next(r for r in document["rows"] if (r["stream"], r["detector"]) == ("abrupt", "DDM"))
    assert row["mean_delay"]["low"] < row["mean_delay"]["mean"] < row["mean_delay"]["high"]
    assert out.err == ""


def test_results_depend_neither_on_workers_nor_on_blocks(tmp_path: Path) -> None:
    plan = small_plan()
    alone = conducted(tmp_path / "one", plan)
    assert conducted(tmp_path / "blocks", replace(plan, block=37)) == alone
    assert conducted(tmp_path / "two", plan, workers=2) == alone


def test_more_runs_leave_those_before_as_they_were(tmp_path: Path) -> None:
    """What is kept is found again; the first runs' alarms are the same."""
    few = json.loads(conducted(tmp_path, small_plan(runs=50)))
    again = json.loads(conducted(tmp_path, small_plan(runs=50)))
    assert few == again


def test_a_bench_that_is_interrupted_goes_on_where_it_was(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "reports.cli", *SMALL[:4], "--runs", "800", *SMALL[6:]]
    command += ["--out", str(tmp_path)]
    begun = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    kept = tmp_path / ".bench"
    until = time.monotonic() + 120
    while time.monotonic() < until and len(list(kept.glob("heard-*.json"))) < 2:
        time.sleep(0.02)
    begun.send_signal(signal.SIGINT)
    _, said = begun.communicate(timeout=120)
    assert begun.returncode == 130
    assert "pieces are kept" in said
    assert "goes on from there" in said
    before = {file: os.stat(file).st_mtime_ns for file in kept.glob("heard-*.json")}
    assert len(before) >= 2
    assert not list(tmp_path.glob("bench-detectors-*"))
    subprocess.run(command, check=True, capture_output=True)
    assert (only(tmp_path) / "page.html").is_file()
    assert all(os.stat(file).st_mtime_ns == then for file, then in before.items())


def test_a_value_outside_the_domain_is_one_line_that_names_detector_and_value(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--detectors", "ddm", "--streams", "gaussian", "--runs", "4"]
    assert main(["bench", "detectors", *arguments, "--out", str(tmp_path), "--workers", "1"]) == 2
    said = capsys.readouterr().err
    assert said.startswith(
        "driftyard: detector DDM on stream gaussian: DDM takes only 0 and 1, got"
    )
    assert said.count("\n") == 1


def test_where_some_streams_suit_a_detector_the_others_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--detectors", "ddm", "--streams", "abrupt,gaussian", "--runs", "4"]
    arguments += ["--rates", "0.2:0.6", "--false-alarm", "2d"]
    assert main(["bench", "detectors", *arguments, "--out", str(tmp_path), "--workers", "1"]) == 0
    assert "DDM is left out of gaussian: DDM takes only 0 and 1, got" in capsys.readouterr().out


def test_ones_own_errors_and_ones_own_detector(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "errors.csv").write_text(
        "error\n" + "".join(f"{int(i % 5 == 0 or i >= 600)}\n" for i in range(900))
    )
    (tmp_path / "mine.py").write_text(
        "class Mine:\n"
        "    knob = ('limit', 21.0, 1.0)\n\n"
        "    def __init__(self, limit=15.0):\n"
        "        self.limit, self.last, self.drift_detected = limit, [], False\n\n"
        "    def update(self, x):\n"
        "        self.last = [*self.last[-19:], x]\n"
        "        self.drift_detected = sum(self.last) > self.limit\n"
    )
    arguments = ["--detectors", f"{tmp_path}/mine.py:Mine,cusum", "--runs", "40"]
    arguments += ["--streams", f"{tmp_path}/errors.csv", "--drifts", "600", "--labels-late", "10"]
    arguments += ["--false-alarm", "1d", "--out", str(tmp_path / "out"), "--workers", "1", "--json"]
    assert main(["bench", "detectors", *arguments]) == 0
    document = json.loads(capsys.readouterr().out)
    found = {row["detector"]: row for row in document["rows"]}
    mine = found[f"{tmp_path}/mine.py:Mine"]
    assert mine["runs"] == 1
    assert 0 <= mine["median_delay"]["mean"] < 40
    assert mine["mean_delay"]["low"] is None  # one run has no interval
    assert any("It is one run" in said for said in document["answer"])


def test_a_detector_with_only_update_gets_fewer_runs_and_wider_intervals(tmp_path: Path) -> None:
    river = __import__("river.drift", fromlist=["PageHinkley"])
    entries = (
        roster.entry("ours", PageHinkley(mode="up")),
        roster.entry("river's", river.PageHinkley(mode="up")),
        roster.oracle(),
    )
    document = json.loads(conducted(tmp_path, small_plan(entries=entries, runs=200)))
    rows = {r["detector"]: r for r in document["rows"] if r["stream"] == "abrupt"}
    ours, rivers = rows["ours"], rows["river's"]
    assert (ours["runs"], rivers["runs"]) == (200, 10)

    def wide(row: dict[str, Any]) -> float:
        return float(row["mean_delay"]["high"] - row["mean_delay"]["low"])

    assert wide(rivers) > wide(ours)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--detectors", "adwinn"], "did you mean"),
        (["--streams", "abrupted"], "did you mean 'abrupt'"),
        (["--rates", "0.2"], "--rates is '0.2': give two error rates"),
        (["--runs", "1"], "--runs is 1"),
        (["--detectors", "ddm,ddm"], "it is there twice"),
        (["--false-alarm", "1x"], "--false-alarm is '1x'"),
        (["--workers", "0"], "--workers is 0"),
    ],
)
def test_a_mistake_is_one_line(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bench", "detectors", *arguments, "--out", str(tmp_path)]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1
