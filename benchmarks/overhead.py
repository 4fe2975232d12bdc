"""What a sweep costs beyond its runs: keys, pieces, measures, digests, the store."""

from __future__ import annotations

import tempfile
import time
from concurrent.futures import Executor, Future
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks.engine import Row, scenario
from benchmarks.sweeping import ROUNDS, Rebuild, asked_for, least_s, pool, tiny
from reports.store import Store
from reports.sweeps import Sweep, sweep
from sim.sweeps import Years
from strategies import presets

if TYPE_CHECKING:
    from collections.abc import Callable

    from reports.sweeps import Cast
    from sim.sweeps import Engine, Piece

MIDDLING = 75_000
"""So many records and those of the calm twin take about 50 ms."""


def rows(runs: int = 240, small: int = 2_000) -> list[Row]:
    """Compare a sweep with its runs alone: keys, pieces, measures, digests, the store."""
    middling, little = (
        asked_for([world], [operator], count)
        for world, operator, count in (
            (scenario(MIDDLING), presets.never(), runs),
            (tiny(), Rebuild(), small),
        )
    )
    bare, swept = _bare_and_swept(middling)
    tiny_bare, tiny_swept = _bare_and_swept(little)
    each_ms = (tiny_swept - tiny_bare) / small * 1e3
    start = time.perf_counter()
    with pool(2) as two:
        started = time.perf_counter() - start
        alone, together = _on_two(middling, two)
        many = asked_for([tiny()], [Rebuild()], 2 * small)
        rate = len(many.tasks) / least_s(many, two)
    one, both = swept / bare - 1, together / alone - 1
    return [
        Row(
            f"{runs} runs of {bare / runs * 1e3:.0f} ms, twins included: a sweep beyond its runs",
            f"{one:+.1%}",
            "≤ +5 %",
            one <= 0.05,
            f"{swept:.2f} s against {bare:.2f} s of processor time",
        ),
        Row(
            "the same on two workers that are warm, by the clock on the wall",
            f"{both:+.1%}",
            "≤ +5 %",
            both <= 0.05,
            f"{together:.2f} s against {alone:.2f} s; {started:.1f} s once, to start and warm them",
        ),
        Row(
            f"{small:,} tiny parametric runs (100 days, a look a day, a rebuild a month): a sweep "
            "beyond its runs",
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


class _Beside:
    """An engine in this process that plays each piece bare as well, before it or after in turn.

    *bare_s* is the processor time of that, so both sides meet the same machine, second by second.
    """

    workers = 1

    def __init__(self, bare: Callable[[Piece], None]) -> None:
        self._bare, self.bare_s = bare, 0.0

    def start(self) -> Executor:
        """Return an executor that does everything twice."""
        return _Twice(self)

    def kill(self, executor: Executor) -> None:
        """There is nothing to kill."""

    def play(self, piece: Piece) -> None:
        """Play a piece bare."""
        start = time.process_time()
        self._bare(piece)
        self.bare_s += time.process_time() - start


class _Twice(Executor):
    def __init__(self, beside: _Beside) -> None:
        self._beside, self._first = beside, True

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Play it both ways."""
        future: Future[Any] = Future()
        if self._first:
            self._beside.play(*args)
        future.set_result(fn(*args))
        if not self._first:
            self._beside.play(*args)
        self._first = not self._first
        return future


def _bare_and_swept(asked: Sweep) -> tuple[float, float]:
    """Return the processor seconds of the runs and their twins alone, and of the sweep.

    The sweep's are all that this process does, DuckDB's threads and opening the store included;
    of a few rounds the one counts whose ratio is in the middle.
    """
    play = partial(_play_bare, asked.cast)
    rounds = []
    with tempfile.TemporaryDirectory() as folder:
        sweep(replace(asked, tasks=asked.tasks[: len(asked.tasks) // 10]), engine=_Beside(play))
        for number in range(ROUNDS):
            beside = _Beside(play)
            start = time.process_time()
            with Store(Path(folder) / f"{number}.duckdb") as store:
                sweep(asked, engine=beside, store=store)
            spent = time.process_time() - start - beside.bare_s
            rounds.append((spent / beside.bare_s, beside.bare_s, spent))
    _, bare, swept = sorted(rounds)[len(rounds) // 2]
    return bare, swept


def _on_two(asked: Sweep, two: Engine) -> tuple[float, float]:
    """Return the seconds that two workers take for the runs alone, and in the sweep.

    In turn, in a few rounds; each is the median of its own.
    """
    alone, together = [], []
    halves = asked.tasks[::2], asked.tasks[1::2]
    with tempfile.TemporaryDirectory() as folder:
        for number in range(ROUNDS):
            executor = two.start()
            start = time.perf_counter()
            for half in [executor.submit(_play_bare, asked.cast, half) for half in halves]:
                half.result()
            alone.append(time.perf_counter() - start)
            start = time.perf_counter()
            with Store(Path(folder) / f"{number}.duckdb") as store:
                sweep(asked, engine=two, store=store)
            together.append(time.perf_counter() - start)
    return median(alone), median(together)


def _play_bare(cast: Cast, piece: Piece) -> None:
    """Play years and their twins, and nothing more."""
    for task in piece:
        world = cast.scenarios[task.scenario].found().named.value
        operator = cast.strategies[task.strategy].found().named.value
        Years(world, task.seed).play(operator)
