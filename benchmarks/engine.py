"""The engine against what a competent user writes, and against the floor of what must be done."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.side_by_side import medians
from sim.actions import Promote, Retrain
from sim.artifacts import Learned, Online
from sim.concepts import Linear
from sim.drift import ConceptDrift
from sim.facts import Alarm
from sim.labels import Constant, Labels
from sim.run import one_thread, run
from sim.scenario import Launch, Scenario, Service, Training
from sim.setting import source_of
from sim.stream import Stream
from sim.traffic import Traffic
from sim.workshop import Fits
from strategies.detectors import ADWIN
from strategies.monitors import OnErrors, Shift

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from numpy.typing import NDArray

    from sim.actions import Action
    from sim.view import View

    Floats = NDArray[np.float64]

COLUMNS, LATE, WINDOW, NOISE = 10, 1_000, 10_000, 0.1
SEED = 1


@dataclass(frozen=True)
class Row:
    """One line of the table: what, the ratio measured, what was asked for, and the times."""

    what: str
    value: str
    target: str
    met: bool
    times: str


def scenario(records: int, *, rate: str = "1000/h", artifact: Any = None) -> Scenario:
    """Return the work: drift in the middle, labels 1,000 records late."""
    return Scenario(
        name="benchmark",
        stream=Stream(
            concept=Linear(columns=COLUMNS, noise=NOISE),
            traffic=Traffic(rate=rate, arrivals="even"),
            drifts=(ConceptDrift(at=f"{records // 2000}h", to=Linear(rule="after", noise=NOISE)),),
        ),
        horizon=f"{records // 1000}h",
        labels=Labels(delay=Constant(delay="1h")),
        artifact=artifact or Learned(),
        training=Training(fixed="0s", holdout=0.0),
        service=Service(deploy="0s", flag="0s", rollback="0s"),
        launch=Launch(window=f"{WINDOW // 1000}h" if rate == "1000/h" else f"{WINDOW}h"),
    )


@dataclass(frozen=True, kw_only=True)
class RefitOnAlarm:
    """Refit on the last 10,000 labels at an alarm, and serve the result at once."""

    monitors: tuple[Any, ...] = (OnErrors(detector=ADWIN()),)
    heartbeat: str = "0"

    def decide(self, view: View) -> Iterator[Action]:
        """Answer an alarm."""
        if view.candidate:
            yield Promote(view.candidate, why="ready")
        elif view.alarms:
            yield Retrain(window=WINDOW, why="alarm")


@dataclass(frozen=True, kw_only=True)
class Watching:
    """Look every *heartbeat* and do nothing."""

    monitors: tuple[Any, ...] = ()
    heartbeat: str = "1h"

    def decide(self, view: View) -> tuple[Action, ...]:
        """Do nothing."""
        return ()


def arrays(work: Scenario, records: int) -> tuple[Floats, Floats]:
    """Return the very records that the engine draws, 10,000 before the launch included."""
    source = source_of(work, SEED)
    first = source.grid.page_at(-WINDOW * 3_600_000)
    pages = [source.page(n, {}) for n in range(first, source.grid.page_at(records * 3_600_000))]
    x = np.concatenate([page.truth.x for page in pages])
    y = np.concatenate([page.truth.y for page in pages])
    start = sum(len(page) for page in pages if page.number < 0) - WINDOW
    return x[start : start + WINDOW + records], y[start : start + WINDOW + records]


def competent(x: Floats, y: Floats) -> tuple[list[int], int]:
    """Do the work as a competent user writes it; return alarms and the number of errors."""
    from river import drift
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression().fit(x[:WINDOW], y[:WINDOW])
    weights, constant = model.coef_[0], model.intercept_[0]
    detector = drift.ADWIN()
    alarms: list[int] = []
    wrong: list[bool] = []
    truth = (y > 0).tolist()
    for i in range(WINDOW, len(x)):
        known = i - LATE
        if known >= WINDOW:
            detector.update(wrong[known - WINDOW])
            if detector.drift_detected:
                alarms.append(known - WINDOW)
                rows = slice(known + 1 - WINDOW, known + 1)
                model = LogisticRegression().fit(x[rows], y[rows])
                weights, constant = model.coef_[0], model.intercept_[0]
        wrong.append((x[i] @ weights + constant > 0) != truth[i])
    return alarms, sum(wrong)


def natural_draw(records: int) -> tuple[Floats, Floats]:
    """Draw as many records as a user would: one call of numpy's default generator each."""
    generator = np.random.default_rng(SEED)
    x = generator.standard_normal((WINDOW + records, COLUMNS))
    flips = generator.random(len(x)) < NOISE
    return x, ((x @ np.full(COLUMNS, 0.3) > 0) ^ flips).astype(np.float64)


def floor(records: int) -> int:
    """Draw, label, answer and judge in blocks of 1,000: the least that must be done.

    The records from before the launch are drawn on both sides, so they count here too.
    """
    generator = np.random.default_rng(SEED)
    rule, weights = np.full(COLUMNS, 0.3), np.full(COLUMNS, 0.31)
    wrong = 0
    for _ in range((WINDOW + records) // 1000):
        x = generator.standard_normal((1000, COLUMNS))
        y = (x @ rule > 0) ^ (generator.random(1000) < NOISE)
        wrong += int(((x @ weights > 0) != y).sum())
    return wrong


def script_rows(records: int = 200_000) -> list[Row]:
    """Compare with the competent script, with scikit-learn row by row, and with the floor."""
    work = scenario(records)
    x, y = arrays(work, records)
    ledger = run(work, RefitOnAlarm(), seed=SEED, outcomes=True)
    alarms, errors = competent(x, y)
    spacing_us = 3_600_000
    ours = [(a.at_us // spacing_us) - LATE for a in ledger.of(Alarm)]
    assert ours == alarms, (ours, alarms)
    assert ledger.outcomes is not None
    assert int(ledger.outcomes.loss.sum()) == errors

    script, draw, engine = medians(
        lambda: competent(x, y),
        lambda: natural_draw(records),
        lambda: run(work, RefitOnAlarm(), seed=SEED),
    )
    by_row = _row_by_row(x[:WINDOW], y[:WINDOW], x[WINDOW : WINDOW + 2_000]) * records
    times = f"{engine * 1e3:.1f} ms against {(script + draw) * 1e3:.0f} ms"
    ratio, per_row = (script + draw) / engine, (script + draw + by_row) / engine
    text = f"same {len(alarms)} alarm(s), same {errors:,} errors, refits and drawing on both sides"
    rows = [
        Row(f"a competent script: {text}", f"{ratio:.1f} × faster", "≥ 5", ratio >= 5, times),
        Row(
            "the same with scikit-learn's predict per record (2,000 timed, scaled)",
            f"{per_row:.0f} × faster",
            "≥ 300",
            per_row >= 300,
            f"{engine * 1e3:.1f} ms against {script + draw + by_row:.1f} s",
        ),
    ]
    return [*rows, *_floor_rows(records)]


def _row_by_row(x: Floats, y: Floats, probe: Floats) -> float:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression().fit(x, y)
    (seconds,) = medians(
        lambda: [model.predict(probe[i : i + 1]) for i in range(len(probe))], rounds=3
    )
    return seconds / len(probe)


def _floor_rows(records: int) -> list[Row]:
    fits = Fits()  # refits aside: they are remembered from the unmeasured round
    monitors = (OnErrors(detector=ADWIN()), Shift(window=24))
    watching, work = Watching(monitors=monitors), scenario(records)
    rare, ticks = scenario(10_000_000, rate="1/h"), 10_000
    bare, engine, ticking, only_ticks = medians(
        lambda: floor(records),
        lambda: run(work, RefitOnAlarm(), seed=SEED, fits=fits),
        lambda: run(work, watching, seed=SEED, fits=fits),
        lambda: run(rare, watching, seed=SEED, fits=fits),
        rounds=15,
    )
    tick_us = only_ticks / ticks * 1e6
    ratio, with_ticks = engine / bare, ticking / bare
    return [
        Row(
            "the floor (draw, label, dot product, error in blocks of 1,000), refits aside",
            f"{ratio:.2f} × its time",
            "≤ 2",
            ratio <= 2,
            f"{engine * 1e3:.1f} ms against {bare * 1e3:.1f} ms",
        ),
        Row(
            "the floor, with hourly ticks and an input monitor on all ten columns",
            f"{with_ticks:.2f} × its time",
            "≤ 2.5",
            with_ticks <= 2.5,
            f"{ticking * 1e3:.1f} ms against {bare * 1e3:.1f} ms",
        ),
        Row(
            "an hourly tick with these monitors and a decision (a run of little else)",
            f"{tick_us:.1f} µs",
            "≤ 10 µs",
            tick_us <= 10,
            f"{ticks:,} ticks in {only_ticks * 1e3:.0f} ms",
        ),
    ]


_HORIZON = """
import json, sys, time
from benchmarks.engine import RefitOnAlarm, SEED, scenario
from sim.run import run
run(scenario(10_000), RefitOnAlarm(), seed=SEED)
work = scenario(int(sys.argv[1]))
start = time.perf_counter()
run(work, RefitOnAlarm(), seed=SEED)
took = time.perf_counter() - start
# not ru_maxrss, which a child process inherits from its parent
with open("/proc/self/status") as status:
    peak_kb = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
print(json.dumps([took, peak_kb / 1024]))
"""


def horizon_rows(short: int = 1_000_000, long: int = 10_000_000) -> list[Row]:
    """Compare a horizon with one ten times as long, each in a process of its own."""
    taken: dict[int, list[tuple[float, float]]] = {short: [], long: []}
    for _ in range(7):
        for records, results in taken.items():
            told = subprocess.run(
                [sys.executable, "-c", _HORIZON, str(records)],
                check=True,
                capture_output=True,
                text=True,
            )
            seconds, megabytes = json.loads(told.stdout)
            results.append((seconds, megabytes))
    (t_short, m_short), (t_long, m_long) = (sorted(results)[3] for results in taken.values())
    exponent = math.log(t_long / t_short) / math.log(long / short)
    growth = m_long / m_short - 1
    return [
        Row(
            f"{long:,} records against {short:,}: time exponent",
            f"{exponent:.3f}",
            "≤ 1.02",
            exponent <= 1.02,
            f"{t_long:.2f} s against {t_short:.2f} s",
        ),
        Row(
            "the same: memory of the whole process",
            f"{growth:+.1%}",
            "≤ +10 %, ≤ 350 MB",
            growth <= 0.10 and m_long <= 350,
            f"{m_long:.0f} MB against {m_short:.0f} MB",
        ),
    ]


def river_rows(records: int = 20_000) -> list[Row]:
    """Compare a model that learns every label with River's own progressive validation."""
    from river import evaluate, metrics, stream, tree

    work = scenario(records, artifact=Online(model=tree.HoeffdingTreeClassifier()))
    x, y = arrays(work, records)
    names: list[Hashable] = list(work.stream.concept.schema.names)
    truth = y.astype(int)

    def by_river() -> object:
        model = tree.HoeffdingTreeClassifier()
        for features, label in stream.iter_array(x[:WINDOW], truth[:WINDOW], feature_names=names):
            model.learn_one(features, label)
        rows = stream.iter_array(x[WINDOW:], truth[WINDOW:], feature_names=names)
        return evaluate.progressive_val_score(rows, model, metrics.Accuracy(), delay=LATE)

    def by_engine() -> object:
        return run(work, Watching(heartbeat="0"), seed=SEED)

    with one_thread():
        river, engine = medians(by_river, by_engine, rounds=7)
    ratio = engine / river
    return [
        Row(
            f"River's progressive validation of a Hoeffding tree "
            f"({river / (records + WINDOW) * 1e6:.0f} µs a record)",
            f"{ratio:.2f} × its time",
            "≤ 1.15",
            ratio <= 1.15,
            f"{engine:.2f} s against {river:.2f} s",
        )
    ]


def start_rows() -> list[Row]:
    """Compare `driftyard --help` with importing numpy."""
    driftyard = [sys.executable, "-c", "from reports.cli import main; main(['--help'])"]
    numpy = [sys.executable, "-c", "import numpy"]

    def started(command: list[str]) -> object:
        return subprocess.run(command, check=False, capture_output=True)

    ours, theirs = medians(lambda: started(driftyard), lambda: started(numpy), rounds=15)
    ratio = ours / theirs
    return [
        Row(
            "driftyard --help against python -c 'import numpy'",
            f"{ratio:.2f} × its time",
            "≤ 1",
            ratio <= 1,
            f"{ours * 1e3:.0f} ms against {theirs * 1e3:.0f} ms",
        )
    ]
