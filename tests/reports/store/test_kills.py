"""kill -9 at random moments: the store opens, and what it holds is whole. `make kills` runs all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from reports.store import Store
from reports.store.tables import OF_RUN, SPENT
from reports.sweeps import Sweep, sweep
from tests.reports.sweeps.loopback import Loopback, tables
from tests.reports.sweeps.worlds import FILE, TINY

ROOT = Path(__file__).parents[3]

_WRITE = """
import sys
from reports.store import Store
from tests.reports.store.test_store import entry
print("begun", flush=True)
with Store(sys.argv[1]) as store:
    first = store.query("SELECT coalesce(max(run), '0') FROM runs").fetchall()[0][0]
    for number in range(int(first.partition("-")[0]) + 1, 10**8):
        store.put([entry(f"{number:09}-{place:03}") for place in range(50)])
        print(f"{number:09}", flush=True)
"""


def kill_writers(path: Path, kills: int) -> int:
    """Kill a writer again and again; return how many batches were stored in the end."""
    moments = np.random.default_rng(8).uniform(0.0, 0.3, size=kills)
    promised = 0
    for kill, moment in enumerate(moments):
        writer = subprocess.Popen(
            [sys.executable, "-c", _WRITE, str(path)], stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        assert writer.stdout is not None
        assert writer.stdout.readline() == "begun\n"
        if kill % 4:  # each fourth is killed while it makes or opens the store
            writer.stdout.readline()
        time.sleep(moment)
        writer.kill()
        said = [line.strip() for line in writer.stdout if len(line) == 10]
        writer.wait()
        writer.stdout.close()
        promised = max([promised, *map(int, said)])
        if path.exists():
            promised = max(promised, check(path, promised))
    return promised


def check(path: Path, promised: int) -> int:
    """Whatever was promised is there, every batch whole, every run with all that belongs to it."""
    with Store(path) as store:
        batches = store.query(
            "SELECT left(run, 9) AS batch, count(*) FROM runs GROUP BY batch ORDER BY batch"
        ).fetchall()
        assert [count for _, count in batches] == [50] * len(batches)
        assert len(batches) >= promised
        for table in (*OF_RUN, SPENT):
            apart = store.query(
                f"SELECT count(*) FROM runs FULL JOIN {table.name} AS other USING (run) "
                "WHERE runs.seed IS NULL OR other.run IS NULL"
            ).fetchall()
            assert apart == [(0,)]
    return len(batches)


def test_a_store_survives_a_few_kills(tmp_path: Path) -> None:
    assert kill_writers(tmp_path / "s.duckdb", 4) > 0


@pytest.mark.deep
def test_a_store_survives_two_hundred_kills(tmp_path: Path) -> None:
    assert kill_writers(tmp_path / "s.duckdb", 200) > 200


@pytest.mark.deep
def test_a_sweep_that_is_killed_again_and_again_ends_with_the_same_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "my.py").write_text(FILE)
    monkeypatch.chdir(tmp_path)
    seeds, kills, done = 120, 0, [0]
    words = [sys.executable, "-m", "reports.cli", "sweep", "my.py:world", "-s",
             "never,my.py:Often", "--seeds", str(seeds), "--workers", "2"]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    moments = iter(np.random.default_rng(9).uniform(1.5, 5.0, size=100))
    while done[-1] < 2 * seeds and kills < 8:
        began = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL)
        until = time.monotonic() + 120
        while began.poll() is None and _stored_files() == 0 and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(next(moments))
        began.send_signal(signal.SIGKILL)
        kills += began.wait() == -signal.SIGKILL
        with Store("driftyard.duckdb", wait_s=10) as store:
            done.append(len(tables(store)["runs"]))
            assert done[-1] >= done[-2]
    assert kills >= 3
    subprocess.run(words, env=environment, check=True, stdout=subprocess.DEVNULL)
    alone = Store()
    sweep(Sweep.of(["my.py:world"], ["never", "my.py:Often"], range(seeds)), store=alone)
    with Store("driftyard.duckdb") as store:
        assert tables(store) == tables(alone)


def _stored_files() -> int:
    return len(list(Path().glob("driftyard.duckdb")))


@pytest.mark.deep
def test_ten_thousand_runs_killed_three_times_end_as_those_of_a_cluster(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "my.py").write_text(TINY)
    monkeypatch.chdir(tmp_path)
    words = [sys.executable, "-m", "reports.cli", "sweep", "my.py:rot", "-s",
             "my.py:Rebuild(period={period})", "--over", "period=1,2,5,9", "--seeds", "2500",
             "--quiet"]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    shares = iter(np.random.default_rng(10).uniform(0.05, 0.3, size=3))
    kept = [0]
    for share in shares:
        sweeping = subprocess.Popen([*words, "--workers", "2"], env=environment)
        _grown(Path("driftyard.duckdb.wal"), by=share, sweeping=sweeping)
        sweeping.kill()
        sweeping.wait()
        with Store("driftyard.duckdb", wait_s=30) as store:
            kept.append(store.query("SELECT count(*) FROM runs").fetchall()[0][0])
            assert kept[-2] < kept[-1] < 10_000
    subprocess.run([*words, "--workers", "2"], env=environment, check=True)
    cluster = Loopback(tmp_path)
    try:
        cluster.worker()
        cluster.worker()
        cluster.wait_for(2)
        away = [*words, "--store", "away.duckdb", "--cluster", cluster.address]
        subprocess.run(away, env=environment, check=True)
    finally:
        cluster.end()
    with Store("driftyard.duckdb") as store, Store("away.duckdb") as other:
        ((runs, luck),) = store.query(
            "SELECT count(*), count(DISTINCT digest) FROM runs"
        ).fetchall()
        assert (runs, luck) == (10_000, 10_000)
        assert tables(store) == tables(other)


def _grown(log: Path, *, by: float, sweeping: subprocess.Popen[bytes]) -> None:
    """Wait until some of the work was stored, and a while longer."""
    size = log.stat().st_size if log.exists() else 0
    until = time.monotonic() + 300
    while not (log.exists() and log.stat().st_size > size):
        assert sweeping.poll() is None, "it ended before it was killed"
        assert time.monotonic() < until, "nothing was stored"
        time.sleep(0.02)
    time.sleep(20 * by)
