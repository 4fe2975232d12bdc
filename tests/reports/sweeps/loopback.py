"""A Dask cluster on loopback, and the tables that any way of sweeping must come to."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from reports.store import Store
from reports.store.tables import OF_RUN

ROOT = Path(__file__).parents[3]


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
