"""A whole comparison against as many competent scripts."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from benchmarks.engine import RefitOnAlarm, Row, arrays, competent, natural_draw, scenario
from benchmarks.side_by_side import medians
from reports.comparison import Fixed
from reports.comparison.telling import tell
from reports.store import Store
from reports.sweeps.conduct import Conductor
from reports.sweeps.sweep import WARM
from reports.trials.comparing import Wanted, compared
from reports.trials.output import put
from sim.sweeps import Kept, Processes
from strategies.detectors import ADWIN
from strategies.monitors import OnErrors

RECORDS, SEEDS = 200_000, 30
DELTAS = (0.05, 0.01, 0.002, 0.0005, 0.0001, 0.00002)


def rows() -> list[Row]:
    """Compare six policies over thirty seeds, from the first worker to the written folder.

    The scripts are timed on one seed, three times over, and taken 180 times; calm twins, the store,
    statistics and files are on our side alone.
    """
    work = scenario(RECORDS)
    x, y = arrays(work, RECORDS)
    script, draw = medians(lambda: competent(x, y), lambda: natural_draw(RECORDS), rounds=3)
    start = time.perf_counter()
    _compare()  # once, cold: workers start, and the store is empty
    ours = time.perf_counter() - start
    count = len(DELTAS) * SEEDS
    theirs = count * (script + draw)
    return [
        Row(
            f"compare, {len(DELTAS)} policies × {SEEDS} seeds × {RECORDS:,} records with twins, "
            f"two workers, against {count} competent scripts one after another (3 timed, scaled)",
            f"{theirs / ours:.1f} × faster",
            "≥ 5",
            theirs / ours >= 5,
            f"{ours:.1f} s against {theirs:.0f} s",
        )
    ]


def _compare() -> None:
    policies = [RefitOnAlarm(monitors=(OnErrors(detector=ADWIN(delta=d)),)) for d in DELTAS]
    engine = Kept(Processes(workers=2, warm=WARM))
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "store.duckdb") as store:
        conductor = Conductor(engine, store, quiet=True)
        wanted = Wanted(rule=Fixed(seeds=SEEDS))
        found = compared(conductor, [scenario(RECORDS)], policies, wanted)
        engine.close()
        assert not found.failures
        assert len(found.years) == len(DELTAS) * SEEDS
        put(found, "compare", Path(folder), "")
        tell(found)
