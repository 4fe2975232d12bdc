"""Judges in many worlds: the time that the bench may take."""

from __future__ import annotations

import gc
import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor

from benchmarks.engine import Row
from reports.bench.judges.entrants import default
from reports.bench.judges.playing import Playing
from reports.bench.judges.worlds import HALF, Family

WORLDS, REQUESTS, SECONDS = 2_000, 20_000, 60.0
FIVE = tuple(entrant for entrant in default() if entrant.label != "by request")


def _half(job: tuple[int, int]) -> float:
    """Let the judges decide in some worlds; return the processor seconds."""
    family = Family(rollout=HALF, visits=20, likeness=0.05, requests=REQUESTS)
    first, last = job
    Playing(family=family, entrants=FIVE, effects=(0.0,), a_day=2.0, start=0, stop=2)()
    gc.collect()
    start = time.process_time()
    Playing(family=family, entrants=FIVE, effects=(0.0,), a_day=2.0, start=first, stop=last)()
    return time.process_time() - start


def rows() -> list[Row]:
    """Measure 2,000 worlds of 20,000 requests under five judges on two cores."""
    middle = WORLDS // 2
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        slower = max(pool.map(_half, [(0, middle), (middle, WORLDS)]))
    return [
        Row(
            f"{WORLDS:,} worlds of {REQUESTS:,} requests × {len(FIVE)} judges, looked at 28 times "
            "and once, people who come 20 times, two cores (processor seconds of the slower)",
            f"{slower:.1f} s",
            f"≤ {SECONDS:g} s",
            slower <= SECONDS,
            f"{slower * 2 / WORLDS * 1e3:.2f} ms a world",
        )
    ]
