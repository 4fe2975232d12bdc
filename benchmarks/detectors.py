"""Detectors against River's, on the same values, with the same alarms.

Times are processor seconds, so that other work on the machine counts little. Where two cores are
meant, two processes share the streams and the slower one counts.
"""

from __future__ import annotations

import gc
import json
import multiprocessing
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np
from river import drift
from river.drift import binary

from benchmarks.engine import Row
from reports.bench.hearing import alarms
from strategies.detectors import ADWIN, DDM, EDDM, HDDMA, HDDMW, PageHinkley

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

STREAMS, LENGTH, BY_RIVER, BLOCK = 1_000, 10_000, 10, 1_000


@dataclass(frozen=True)
class Pair:
    """Our detector, River's, and how many times faster ours is to be."""

    ours: Any
    rivers: Any
    target: float


PAIRS = (
    Pair(PageHinkley(), drift.PageHinkley, 100),
    Pair(DDM(), binary.DDM, 100),
    Pair(EDDM(), binary.EDDM, 100),
    Pair(HDDMA(), binary.HDDMA, 100),
    Pair(HDDMW(), binary.HDDMW, 400),
    Pair(ADWIN(), drift.ADWIN, 20),
)


def stream(number: int) -> Floats:
    """Return errors whose rate rises from 20 % to 30 % halfway."""
    chance = np.random.Generator(np.random.SFC64(number)).random(LENGTH)
    return (chance < np.where(np.arange(LENGTH) < LENGTH // 2, 0.2, 0.3)).astype(np.float64)


def by_river(detector: Any, values: list[float]) -> list[int]:
    """Return River's alarms, in the loop that its documentation shows."""
    found = []
    for i, x in enumerate(values):
        detector.update(x)
        if detector.drift_detected:
            found.append(i)
    return found


def ours(detector: Any, streams: list[Floats]) -> list[list[int]]:
    """Return our alarms on each stream."""
    return [alarms(detector, values) for values in streams]


def _share(job: tuple[Any, int, int]) -> tuple[float, list[list[int]]]:
    """Scan some streams in a process of its own; return the processor seconds and the alarms."""
    detector, first, last = job
    streams = [stream(number) for number in range(first, last)]
    ours(detector, streams[:2])
    taken = []
    for _ in range(5):
        gc.collect()
        start = time.process_time()
        found = ours(detector, streams)
        taken.append(time.process_time() - start)
    return median(taken), found


def kernel_rows() -> list[Row]:
    """Compare each with River's, alarm for alarm."""
    few = [stream(number) for number in range(BY_RIVER)]
    rows = []
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        for pair in PAIRS:
            taken = []
            for values in few:
                listed = values.tolist()
                start = time.process_time()
                found = by_river(pair.rivers(), listed)
                taken.append(time.process_time() - start)
                assert found == alarms(pair.ours, values), pair.ours
            river = sum(taken) / BY_RIVER * STREAMS
            half = STREAMS // 2
            jobs = [(pair.ours, 0, half), (pair.ours, half, STREAMS)]
            shares = list(pool.map(_share, jobs))
            mine = max(seconds for seconds, _ in shares)
            count = sum(len(found) for _, part in shares for found in part)
            ratio, name = river / mine, type(pair.ours).__name__
            rows.append(
                Row(
                    f"River's {name} on {STREAMS:,} streams of {LENGTH:,} errors, two cores, "
                    f"{count:,} alarms, the same ({BY_RIVER} streams by River, scaled)",
                    f"{ratio:.0f} × faster",
                    f"≥ {pair.target:g}",
                    ratio >= pair.target,
                    f"{mine:.2f} s against {river:.0f} s; "
                    f"{mine * 2 / STREAMS / LENGTH * 1e9:.1f} ns a value on one core",
                )
            )
    return rows


def fed(detector: Any, blocks: list[Floats]) -> list[int]:
    """Return the alarms of a detector that gets its values block by block."""
    scan, found = detector.start().scan, []
    for number, block in enumerate(blocks):
        if (index := scan(block)) < 0:
            continue
        place = number * BLOCK
        while index >= 0:
            place += index + 1
            found.append(place - 1)
            block = block[index + 1 :]
            index = scan(block)
    return found


def block_rows() -> list[Row]:
    """Compare scanning values that come in blocks with scanning them at once."""
    whole_streams = [[stream(number)] for number in range(100)]
    cut = [[v[i : i + BLOCK] for i in range(0, LENGTH, BLOCK)] for (v,) in whole_streams]
    rows = []
    for pair in PAIRS:
        times: tuple[list[float], list[float]] = ([], [])
        expected = [alarms(pair.ours, values) for (values,) in whole_streams]
        for _ in range(25):
            for streams, taken in zip((whole_streams, cut), times, strict=True):
                start = time.process_time()
                found = [fed(pair.ours, blocks) for blocks in streams]
                taken.append(time.process_time() - start)
                assert found == expected
        whole, blocks = median(times[0]), median(times[1])
        rows.append(
            Row(
                f"{type(pair.ours).__name__} in blocks of {BLOCK:,} against the whole array, "
                "same alarms",
                f"{blocks / whole:.2f} × its time",
                "≤ 1.1",
                blocks / whole <= 1.1,
                f"{blocks * 1e3:.1f} ms against {whole * 1e3:.1f} ms",
            )
        )
    return rows


def whole_rows() -> list[Row]:
    """Time the full default bench, its settings shipped, on two workers."""
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "-m", "reports.cli", "bench", "detectors", "--json"]
        start, cpu = time.perf_counter(), _children()
        told = subprocess.run(
            [*command, "--workers", "2", "--out", out], check=True, capture_output=True, text=True
        )
        took, used = time.perf_counter() - start, _children() - cpu
    runs = json.loads(told.stdout)["runs"]
    return [
        Row(
            f"the default bench: 12 detectors and 3 dummies, 8 streams, {runs:,} runs, two workers",
            f"{took:.0f} s",
            "≤ 180 s",
            took <= 180,
            f"{used:.0f} processor seconds in all",
        )
    ]


def _children() -> float:
    import resource

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def rows() -> list[Row]:
    """Return all of them."""
    parts: list[Callable[[], list[Row]]] = [kernel_rows, block_rows, whole_rows]
    return [row for part in parts for row in part()]
