"""What watching costs: a full set of monitors on ten columns against the run without any."""

from __future__ import annotations

from benchmarks.engine import SEED, Row, Watching, scenario
from benchmarks.side_by_side import medians
from sim.queueing import Queue
from sim.run import one_thread, run
from sim.scenario import Scenario, Service
from sim.users import Users
from sim.workshop import Fits
from strategies.detectors import ADWIN
from strategies.monitors import (
    AnswerShift,
    Business,
    Calibration,
    Contract,
    ErrorLevel,
    EstimatedError,
    FallbackRate,
    Freshness,
    Latency,
    NoAnswerRate,
    NullRate,
    OnErrors,
    Shift,
    UserShare,
    Volume,
)

FULL = (
    Contract(),
    NullRate(),
    Shift(window="1d", false_alarms="90d"),
    Freshness(),
    Volume(),
    AnswerShift(window="1d", false_alarms="90d"),
    AnswerShift(of="classes", statistic="chi_square", window="1d", false_alarms="90d"),
    EstimatedError(),
    FallbackRate(),
    OnErrors(detector=ADWIN()),
    ErrorLevel(),
    Calibration(),
    NoAnswerRate(),
    Latency(),
    UserShare(),
    UserShare(of="escalated", limit=0.2),
    Business(),
    Business(of="complained", drop=0.5),
)
"""Input, output, performance and business, on all ten columns."""


def work(records: int) -> Scenario:
    """Return the engine's work, with users and a queue for the layers that need them."""
    plain = scenario(records)
    return Scenario(
        name=plain.name,
        stream=plain.stream,
        horizon=plain.horizon,
        labels=plain.labels,
        training=plain.training,
        launch=plain.launch,
        users=Users(),
        service=Service(queue=Queue(mean="50ms")),
    )


def rows(records: int = 200_000) -> list[Row]:
    """Compare the same run with every monitor and with none."""
    fits, year = Fits(), work(records)
    with one_thread():
        bare, watched = medians(
            lambda: run(year, Watching(), seed=SEED, fits=fits),
            lambda: run(year, Watching(monitors=FULL), seed=SEED, fits=fits),
            rounds=9,
        )
    ratio = watched / bare
    return [
        Row(
            f"a run without monitors: {len(FULL)} monitors of four layers on ten columns",
            f"{ratio:.2f} × its time",
            "≤ 2.5",
            ratio <= 2.5,
            f"{watched * 1e3:.0f} ms against {bare * 1e3:.0f} ms",
        )
    ]
