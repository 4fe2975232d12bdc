"""A replay's memory does not grow with the file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

MEASURED = """
import resource, sys
from reports.cli import main
code = main(sys.argv[1:])
print(code, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def write(path: Path, records: int) -> None:
    luck, chunk = np.random.default_rng(1), 250_000
    start_us, every_us = 1_700_000_000_000_000, 180 * 86_400_000_000 // records
    writer = None
    for done in range(0, records, chunk):
        n = min(chunk, records - done)
        x = luck.standard_normal((n, 8))
        odds = x[:, 0] - 2.0
        part = pa.table(
            {
                "ts": pa.array(start_us + (done + np.arange(n)) * every_us, pa.timestamp("us")),
                **{f"x{k}": x[:, k] for k in range(8)},
                "country": np.array(["DE", "FR", "IT"])[luck.integers(0, 3, n)],
                "y": (luck.random(n) < 1 / (1 + np.exp(-odds))).astype(np.int8),
            }
        )
        writer = writer or pq.ParquetWriter(path, part.schema)
        writer.write_table(part)
    assert writer is not None
    writer.close()


def peak_mb(folder: Path, records: int) -> int:
    path = folder / f"{records}.parquet"
    write(path, records)
    given = ["replay", str(path), "--time", "ts", "--label", "y", "-s", "scheduled", "--quiet"]
    given += ["--label-delay", "2d", "--cache", str(folder / "cache"), "--out", str(folder / "out")]
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, *given], capture_output=True, text=True, check=True
    )
    code, peak = done.stdout.split()
    assert code == "0"
    return int(peak)


@pytest.mark.deep
def test_five_million_records_take_as_much_as_half_a_million(tmp_path: Path) -> None:
    small, large = peak_mb(tmp_path, 500_000), peak_mb(tmp_path, 5_000_000)
    assert large < small + 400, (small, large)  # a monthly training set of 800,000 among them
    assert large < 1_200
