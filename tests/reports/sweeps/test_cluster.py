"""A sweep on a real Dask cluster, started here on loopback."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reports.cli import main
from reports.store import Store
from reports.store.tables import OF_RUN
from reports.sweeps import Sweep, sweep
from tests.reports.sweeps.worlds import FILE

ROOT = Path(__file__).parents[3]
SEEDS = 12


def tables(store: Store) -> dict[str, list[Any]]:
    return {
        one.name: sorted(store.query(f"FROM {one.name}").fetchall(), key=repr) for one in OF_RUN
    }


def begin(kind: str, *words: str, **environment: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.dask_{kind}", *words],
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


class Loopback:
    """A scheduler and workers that come and go."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.file = folder, folder / "scheduler.json"
        self.processes = [
            begin("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
                  "--scheduler-file", str(self.file))
        ]  # fmt: skip
        until = time.monotonic() + 90
        while not self.file.exists():
            assert time.monotonic() < until, "no scheduler came up"
            time.sleep(0.1)
        self.address: str = json.loads(self.file.read_text())["address"]

    def worker(self, **environment: str) -> subprocess.Popen[bytes]:
        worker = begin(
            "worker", self.address, "--nthreads", "1", "--no-dashboard", "--no-nanny", "--host",
            "127.0.0.1", "--local-directory", str(self.folder), **environment,
        )  # fmt: skip
        self.processes.append(worker)
        return worker

    def wait_for(self, workers: int) -> None:
        code = (
            "import sys; from distributed import Client\n"
            "c = Client(sys.argv[1], timeout='60s'); c.wait_for_workers(int(sys.argv[2]), 90)"
        )
        subprocess.run([sys.executable, "-c", code, self.address, str(workers)], check=True)

    def end(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Loopback]:
    (tmp_path / "my.py").write_text(FILE)
    monkeypatch.chdir(tmp_path)
    made = Loopback(tmp_path)
    try:
        yield made
    finally:
        made.end()


def command(cluster: Loopback, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "reports.cli", "sweep", "my.py:world", "-s", "never,my.py:Often",
         "--seeds", str(SEEDS), "--store", "s.duckdb", "--cluster", cluster.address, *words],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip


@pytest.mark.deep
def test_a_cluster_gives_the_tables_of_one_process(cluster: Loopback) -> None:
    cluster.worker()
    cluster.worker()
    cluster.wait_for(2)
    done = command(cluster)
    told, wrong = done.communicate(timeout=300)
    assert done.returncode == 0, wrong
    assert f"{2 * SEEDS} runs played" in told
    alone = Store()
    sweep(Sweep.of(["my.py:world"], ["never", "my.py:Often"], range(SEEDS)), store=alone)
    with Store("s.duckdb", read_only=True) as store:
        assert tables(store) == tables(alone)


@pytest.mark.deep
def test_a_machine_that_leaves_costs_nothing_but_time(cluster: Loopback) -> None:
    cluster.worker()
    leaving = cluster.worker()
    cluster.wait_for(2)
    done = command(cluster)
    until = time.monotonic() + 120
    while not Path("s.duckdb").exists():
        assert time.monotonic() < until
        time.sleep(0.05)
    time.sleep(1.0)
    leaving.kill()
    _, wrong = done.communicate(timeout=300)
    assert done.returncode == 0, wrong
    alone = Store()
    sweep(Sweep.of(["my.py:world"], ["never", "my.py:Often"], range(SEEDS)), store=alone)
    with Store("s.duckdb", read_only=True) as store:
        assert tables(store) == tables(alone)


@pytest.mark.deep
@pytest.mark.skipif(platform.machine() != "x86_64", reason="names a kernel for x86")
def test_workers_with_another_blas_kernel_are_refused_unless_mixed(cluster: Loopback) -> None:
    cluster.worker(OPENBLAS_CORETYPE="Prescott")
    cluster.wait_for(1)
    refused = command(cluster)
    _, wrong = refused.communicate(timeout=300)
    assert refused.returncode == 2
    assert "--mixed" in wrong
    allowed = command(cluster, "--mixed")
    told, wrong = allowed.communicate(timeout=300)
    assert allowed.returncode == 0, wrong
    assert f"{2 * SEEDS} runs played" in told


def test_without_dask_it_is_said_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "distributed", None)
    words = ["sweep", "calm-year", "-s", "never", "--cluster", "tcp://127.0.0.1:1"]
    assert main(words) == 2
    assert "pip install 'driftyard[dask]'" in capsys.readouterr().err
