"""Plays the years of an exam: worlds × operators × seeds, on two cores if it takes long."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from statistics import median
from typing import TYPE_CHECKING, Any

from reports.comparison.year import PARTS, Year
from reports.store.tables import OF_RUN, RUNS
from reports.sweeps.cast import Cast, Part
from reports.sweeps.playing import Played, play
from reports.sweeps.sweep import WARM
from sim.sweeps import Answer, Engine, Processes, Serial, Task, spread

if TYPE_CHECKING:
    from reports.course.claims import Years
    from reports.course.exam import Plan
    from reports.store.tables import Table

RUN_S = 60.0
"""So long may one run take; a decision is stopped after ten seconds already."""
LONG_S = 5.0
"""What takes longer is spread over processes: starting them takes a second or two."""
MOST_WORKERS = 4

Tell = Callable[[int, int], None]
_played: dict[tuple[str, str, int], Year] = {}
"""What this process has played, by the digests of world and operator: rivals play once."""


@dataclass
class Stage:
    """Plays what a *plan* asks for and keeps the years, so that more seeds only add to them.

    At most so many *workers* play at once; *failed* says why runs have no result.
    """

    plan: Plan
    workers: int = MOST_WORKERS
    tell: Tell | None = None
    failed: list[str] = field(default_factory=list)
    _tasks: list[Task] = field(default_factory=list)
    _seconds: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        worlds = [Part.of("scenario", text) for text in self.plan.worlds.values()]
        operators = [Part.of("strategy", text) for text in self.plan.operators.values()]
        self._cast = Cast(scenarios=tuple(worlds), strategies=tuple(operators), timeout=RUN_S)

    def play(self, seeds: Sequence[int], *, among: int = 0) -> None:
        """Play what is missing of *seeds*, which are the first of so many if it is said."""
        pairs = self.plan.pairs
        tasks = [
            Task(world, seed, operator)
            for seed in seeds
            for world, where in enumerate(self.plan.worlds)
            for operator, who in enumerate(self.plan.operators)
            if (where, who) in pairs
        ]
        missing = [task for task in tasks if self._key(task) not in _played]
        self._tasks = tasks
        done, of = len(tasks) - len(missing), len(pairs) * (among or len(seeds))
        if self.tell is not None:
            self.tell(done, of)
        for answers in spread(missing, partial(play, self._cast), self._engine(len(missing))):
            for answer in answers:
                self._take(answer)
            done += len(answers)
            if self.tell is not None:
                self.tell(done, of)
            if self.failed:
                return

    def _engine(self, runs: int) -> Engine:
        known = median(self._seconds) if self._seconds else 0.0  # the very first compiles
        workers = min(os.cpu_count() or 1, self.workers)
        if workers > 1 and known * runs > LONG_S:
            return Processes(workers=workers, warm=WARM)
        return Serial()

    def _take(self, answer: Answer) -> None:
        told: Played | None = answer.rows
        if told is None:
            self.failed.append(answer.error)
            return
        self._seconds.append(answer.seconds)
        rows = {table.name: _named(table, told.rows) for table in OF_RUN}
        task = answer.task
        world, operator = self._cast.scenarios[task.scenario], self._cast.strategies[task.strategy]
        _played[self._key(task)] = Year(
            world.text,
            operator.text,
            task.seed,
            rows[RUNS.name][0],
            **{name: tuple(rows[name]) for name in PARTS},
        )

    def _key(self, task: Task) -> tuple[str, str, int]:
        world, operator = self._cast.scenarios[task.scenario], self._cast.strategies[task.strategy]
        return world.digest, operator.digest, task.seed

    @property
    def years(self) -> Years:
        """The years of the seeds asked for last, by world and operator, in the order of seeds."""
        held: dict[tuple[str, str], list[Year]] = {}
        worlds, operators = list(self.plan.worlds), list(self.plan.operators)
        for task in sorted(self._tasks):
            year = _played.get(self._key(task))
            if year is not None:
                place = worlds[task.scenario], operators[task.strategy]
                held.setdefault(place, []).append(year)
        return held


def _named(table: Table, rows: dict[str, list[tuple[Any, ...]]]) -> list[dict[str, Any]]:
    return [dict(zip(table.columns, row, strict=True)) for row in rows.get(table.name, ())]
