"""Sweeps: what a second worker brings, what sharing saves, what a run costs beyond itself."""

from __future__ import annotations

import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks.engine import Row, scenario
from benchmarks.made_up import entries
from benchmarks.side_by_side import medians
from reports.store import Store
from reports.sweeps import Sweep, sweep
from reports.sweeps.sweep import WARM
from sim.actions import Promote, Retrain
from sim.artifacts import Parametric
from sim.clock import DAY_US
from sim.concepts import Moving
from sim.labels import Constant, Labels
from sim.losses import Expected
from sim.scenario import Launch, Scenario, Service, Training
from sim.stream import Stream
from sim.sweeps import Kept, Processes, Years
from sim.traffic import Traffic
from strategies import presets

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sim.actions import Action
    from sim.sweeps import Engine
    from sim.view import View

RECORDS = 200_000
MIDDLING = 75_000
"""So many records and those of the calm twin take about 50 ms."""
ROUNDS = 3


@dataclass(frozen=True, kw_only=True)
class Rebuild:
    """Rebuild every *period* days, and look up every day."""

    period: int = 30
    heartbeat: str = "1d"

    def decide(self, view: View) -> list[Action]:
        """Serve what is ready, else build when it is time."""
        if view.candidate:
            return [Promote(view.candidate)]
        if view.reason == "heartbeat" and view.now_us % (self.period * DAY_US) == 0:
            return [Retrain(1)]
        return []


def tiny() -> Scenario:
    """Return 100 days of code that rots."""
    return Scenario(
        name="tiny",
        stream=Stream(
            concept=Moving(speed=1.0, step="1d"), traffic=Traffic(rate="1/d", arrivals="even")
        ),
        artifact=Parametric(slope=0.01),
        loss=Expected(),
        labels=Labels(delay=Constant(delay="0s")),
        training=Training(fixed="0s", cost=5.0),
        service=Service(deploy="0s", rollback="0s", flag="0s"),
        launch=Launch(window="5d"),
        horizon="100d",
        tick="1d",
    )


def rows() -> list[Row]:
    """Measure everything; some of it takes minutes."""
    return [*worker_rows(), *sharing_rows(), *overhead_rows(), *store_rows(), *cluster_rows()]


def worker_rows(runs: int = 200) -> list[Row]:
    """Compare two workers with one, both warm, on runs of 200,000 records."""
    asked = _sweep([scenario(RECORDS)], [presets.never()], runs)
    with _pool(1) as one, _pool(2) as two:
        single, double = (_least(asked, engine) for engine in (one, two))
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
    asked = _sweep([scenario(RECORDS)], operators, seeds)
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


def overhead_rows(runs: int = 60, small: int = 400) -> list[Row]:
    """Compare a sweep with its runs alone: keys, pieces, measures, digests, the store."""
    middling = _sweep([scenario(MIDDLING)], [presets.never()], runs)
    bare, swept = _bare_and_swept(middling)
    extra = swept / bare - 1
    little = _sweep([tiny()], [Rebuild()], small)
    tiny_bare, tiny_swept = _bare_and_swept(little)
    each_ms = (tiny_swept - tiny_bare) / small * 1e3
    many = _sweep([tiny()], [Rebuild()], 2_000)
    with _pool(2) as two:
        rate = len(many.tasks) / _least(many, two)
    return [
        Row(
            f"a sweep beyond its runs, of {bare / runs * 1e3:.0f} ms each, twins included",
            f"{extra:+.1%}",
            "≤ +5 %",
            extra <= 0.05,
            f"{swept:.2f} s against {bare:.2f} s",
        ),
        Row(
            "the same for tiny parametric runs (100 days, a look a day, a rebuild a month)",
            f"{each_ms:+.2f} ms a run",
            "≤ 1 ms",
            each_ms <= 1.0,
            f"{tiny_swept / small * 1e3:.2f} ms against {tiny_bare / small * 1e3:.2f} ms a run",
        ),
        Row(
            "tiny parametric runs on two workers",
            f"{rate:.0f} a second",
            "≥ 400",
            rate >= 400,
            f"{len(many.tasks):,} runs in {len(many.tasks) / rate:.1f} s",
        ),
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

    asked = _sweep([scenario(RECORDS)], [presets.never()], runs)
    with LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
    ) as local, _pool(2) as two:  # fmt: skip
        engine = Cluster(address=local.scheduler_address)
        sweep(_sweep([tiny()], [presets.never()], 8), engine=engine)
        pool, dask = (_least(asked, one) for one in (two, engine))
        engine.close()
    ratio = pool / dask
    return [
        Row(
            f"Dask on loopback with two workers against two processes, {runs} runs",
            f"{ratio:.2f} × its speed",
            "≥ 0.85",
            ratio >= 0.85,
            f"{dask:.1f} s against {pool:.1f} s",
        )
    ]


def _sweep(worlds: Sequence[Any], operators: Sequence[Any], seeds: int) -> Sweep:
    return Sweep.of(worlds, operators, range(seeds))


@contextmanager
def _pool(workers: int) -> Iterator[Engine]:
    kept = Kept(Processes(workers=workers, warm=WARM))
    for _ in range(2):
        sweep(_sweep([tiny(), scenario(20_000)], [presets.never()], 4), engine=kept)
    yield kept
    kept.close()


def _least(asked: Sweep, engine: Engine) -> float:
    """Return the seconds of a sweep, the least of a few."""
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        sweep(asked, engine=engine)
        taken.append(time.perf_counter() - start)
    return min(taken)


def _bare_and_swept(asked: Sweep) -> tuple[float, float]:
    """Return the processor seconds of the runs and their twins alone, and of the sweep.

    All is done in this process, so that other work on the machine counts little.
    """
    worlds = [part.found().named.value for part in asked.cast.scenarios]
    operators = [part.found().named.value for part in asked.cast.strategies]
    bare, swept = [], []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(ROUNDS + 1):
            start = time.process_time()
            for task in asked.tasks:
                Years(worlds[task.scenario], task.seed).play(operators[task.strategy])
            bare.append(time.process_time() - start)
            with Store(Path(folder) / f"{number}.duckdb") as store:
                start = time.process_time()
                sweep(asked, store=store)
                swept.append(time.process_time() - start)
    return median(bare[1:]), median(swept[1:])
