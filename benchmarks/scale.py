"""Sweeps: what a second worker brings, what sharing saves, how many runs a store takes."""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from benchmarks.engine import Row, scenario
from benchmarks.made_up import entries
from benchmarks.side_by_side import medians
from benchmarks.sweeping import asked_for, least_s, pool, tiny
from reports.store import Store
from reports.sweeps import sweep
from strategies import presets

RECORDS = 200_000


def rows() -> list[Row]:
    """Measure everything; some of it takes minutes."""
    return [*worker_rows(), *sharing_rows(), *store_rows(), *cluster_rows()]


def worker_rows(runs: int = 200) -> list[Row]:
    """Compare two workers with one, both warm, on runs of 200,000 records."""
    asked = asked_for([scenario(RECORDS)], [presets.never()], runs)
    with pool(1) as one, pool(2) as two:
        single, double = (least_s(asked, engine) for engine in (one, two))
    ratio = single / double
    return [
        Row(
            f"two workers against one, {runs} runs of {RECORDS:,} records and their twins",
            f"{ratio:.2f} × faster",
            "≥ 1.85",
            ratio >= 1.85,
            f"{double:.1f} s against {single:.1f} s",
        )
    ]


def sharing_rows(seeds: int = 30) -> list[Row]:
    """Compare shared streams and fits with none, in one process: six strategies a seed."""
    operators = [
        presets.never(),
        *(presets.scheduled(every=e, window="1d") for e in ("1d", "2d", "3d", "4d", "5d")),
    ]
    asked = asked_for([scenario(RECORDS)], operators, seeds)
    apart = replace(asked, cast=replace(asked.cast, shared=False))
    ours, theirs = medians(lambda: sweep(asked), lambda: sweep(apart), rounds=1)
    ratio = theirs / ours
    return [
        Row(
            f"{len(asked.tasks)} runs (6 strategies × {seeds} seeds) without shared streams",
            f"{ratio:.2f} × faster",
            "≥ 1.4",
            ratio >= 1.4,
            f"{ours:.1f} s against {theirs:.1f} s",
        )
    ]


def store_rows(runs: int = 1_000_000) -> list[Row]:
    """Fill a store with a million runs, as a sweep does, and ask it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "million.duckdb"
        with Store(path) as store:
            start = time.perf_counter()
            for first in range(0, runs, 10_000):
                store.put(entries(first, 10_000))
            filled = time.perf_counter() - start
            sql = (
                "SELECT asked_strategy, count(*), avg(excess_mean), stddev(excess_mean), "
                "quantile_cont(cost, 0.9) FROM runs GROUP BY ALL"
            )
            start = time.perf_counter()
            store.query(sql).fetchall()
            asked = time.perf_counter() - start
        size = path.stat().st_size / 1e6
    return [
        Row(
            f"{runs:,} runs in the store: means, deviations and a quantile by strategy",
            f"{asked:.2f} s",
            "≤ 1 s",
            asked <= 1.0,
            f"written in {filled:.0f} s, {size:.0f} MB",
        )
    ]


def cluster_rows(runs: int = 60) -> list[Row]:
    """Compare Dask on loopback, two workers of one thread, with the pool of two processes."""
    try:
        from distributed import LocalCluster
    except ImportError:
        print("… no Dask here: pip install 'driftyard[dask]'", file=sys.stderr)
        return []
    from sim.sweeps import Cluster

    asked = asked_for([scenario(RECORDS)], [presets.never()], runs)
    with LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
    ) as local, pool(2) as two:  # fmt: skip
        engine = Cluster(address=local.scheduler_address)
        sweep(asked_for([tiny()], [presets.never()], 8), engine=engine)
        ours, dask = (least_s(asked, one) for one in (two, engine))
        engine.close()
    ratio = ours / dask
    return [
        Row(
            f"Dask on loopback with two workers against two processes, {runs} runs",
            f"{ratio:.2f} × its speed",
            "≥ 0.85",
            ratio >= 0.85,
            f"{dask:.1f} s against {ours:.1f} s",
        )
    ]
