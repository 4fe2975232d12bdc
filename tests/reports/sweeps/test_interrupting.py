"""Ctrl-C: once to let what has begun end, twice to stop; what is done is kept."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from reports.store import Store
from tests.reports.sweeps.worlds import FILE

ROOT = Path(__file__).parents[3]
SEEDS = 4000


@pytest.mark.parametrize("presses", [1, 2])
def test_ctrl_c_keeps_what_is_done(tmp_path: Path, presses: int) -> None:
    (tmp_path / "my.py").write_text(FILE)
    began = subprocess.Popen(
        [sys.executable, "-m", "reports.cli", "sweep", "my.py:world", "-s", "never", "--workers",
         "1", "--seeds", str(SEEDS)],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    until = time.monotonic() + 120
    log = tmp_path / "driftyard.duckdb.wal"
    while not (log.exists() and log.stat().st_size > 0):
        assert time.monotonic() < until, "nothing was stored"
        time.sleep(0.1)
    for _ in range(presses):
        began.send_signal(signal.SIGINT)
        time.sleep(0.05)
    told, wrong = began.communicate(timeout=60)
    assert began.returncode == 130, wrong
    assert "the same command goes on from here" in told, wrong
    assert wrong == ""
    with Store(tmp_path / "driftyard.duckdb", read_only=True) as store:
        ((runs,),) = store.query("SELECT count(*) FROM runs").fetchall()
    assert 0 < runs < SEEDS
    assert f"{runs:,} run{'s' * (runs > 1)} played" in told
