"""A sweep on a real Dask cluster, started here on loopback."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from reports.cli import main
from reports.store import Store
from reports.sweeps import Sweep, sweep
from tests.reports.sweeps.loopback import ROOT, Loopback, tables
from tests.reports.sweeps.worlds import FILE

SEEDS = 12


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
