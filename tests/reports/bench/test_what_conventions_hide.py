"""The examples of docs/detectors.md, smaller: what published conventions hide, ours shows."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from reports.bench.complete import Complete, Heard
from reports.bench.conventions import sequential, windowed, windowed_complete
from reports.bench.hearing import alarms
from reports.bench.streams import Changing
from strategies.detectors import ADWIN, DDM, EDDM, HDDMA, HDDMW, Periodic

RUNS = 30
TAIL = Changing(name="tail", n=30_000, burn_in=2_000)
HARD = Changing(name="hard", before=0.2, after=0.25)


def recurring(every: int) -> Changing:
    return Changing(name="often", shape="recurring", n=20_000, burn_in=every, width=1, every=every)


@cache
def heard(detector: Any, stream: Changing) -> Complete:
    runs = []
    for run in range(4 * RUNS if stream is HARD else RUNS):
        values, drifts = stream.draw(run)
        runs.append(Heard(len(values), drifts, tuple(alarms(detector, values))))
    return Complete(tuple(runs))


def f1(detector: Any, stream: Changing, *, within: int, complete: bool) -> float:
    score = windowed_complete if complete else windowed
    found = [
        score(run.drifts, run.alarms, max_delay=within).f1 for run in heard(detector, stream).runs
    ]
    return float(np.mean(found))


def mtd(detector: Any, stream: Changing) -> float:
    found = [sequential(run.drifts, run.alarms).mtd for run in heard(detector, stream).runs]
    return float(np.mean([delay for delay in found if delay is not None]))


def test_alarms_in_the_tail_are_hidden() -> None:
    restless, quiet = HDDMW(), ADWIN()
    assert f1(restless, TAIL, within=1000, complete=False) > 0.75
    assert f1(restless, TAIL, within=1000, complete=True) < 0.3
    assert f1(quiet, TAIL, within=1000, complete=True) > 0.75
    assert heard(restless, TAIL).false_per(1000).low > 0.2
    assert heard(quiet, TAIL).false_per(1000).value < 0.02


def test_dense_drifts_make_a_periodic_dummy_the_best() -> None:
    dummy = Periodic(every=200)
    assert f1(dummy, recurring(5000), within=200, complete=True) < 0.1
    dense = recurring(500)
    best = f1(dummy, dense, within=200, complete=True)
    assert best > 0.5
    for detector in (ADWIN(), DDM(), EDDM(), HDDMA(), HDDMW()):
        assert f1(detector, dense, within=200, complete=True) < best - 0.1


def test_a_mean_over_caught_drifts_makes_the_deaf_look_quick() -> None:
    deaf, hearing = heard(DDM(), HARD), heard(ADWIN(), HARD)
    assert abs(mtd(DDM(), HARD) / mtd(ADWIN(), HARD) - 1) < 0.35
    assert deaf.missed.low > hearing.missed.high
    assert deaf.mean_delay().low > hearing.mean_delay().value
    dense = recurring(500)
    assert mtd(DDM(), dense) < mtd(DDM(), recurring(5000)) / 3
    assert heard(DDM(), dense).missed.low > 0.9


def test_who_never_cries_has_no_mtr() -> None:
    ratios = [sequential(run.drifts, run.alarms).mtr for run in heard(ADWIN(), TAIL).runs]
    assert all(ratio is None for ratio in ratios)
