"""A sweep: what is missing in the store is played, and every run's row is handed back."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from math import inf
from typing import TYPE_CHECKING, Any, Protocol

from reports.comparison.year import PARTS, Year
from reports.store import Entry, Store
from reports.sweeps.cast import Cast, Part
from reports.sweeps.identity import Keys
from reports.sweeps.playing import Played, play, sign
from sim.errors import Mistake, refuse
from sim.sweeps import Answer, Serial, Spread, Task, spread

if TYPE_CHECKING:
    from sim.sweeps import Engine

STORES_EVERY_S, AT_LATEST_S = 1.0, 5.0
STORES_SHARE = 1 / 200
"""Answers are gathered for a second before they are stored in one transaction, or for some
seconds where storing would take more than such a share of the time."""
WARM = ("reports.sweeps.playing", "strategies", "scenarios.distribution", "sklearn.linear_model")


class Watcher(Protocol):
    """Somebody who looks on: is told what came in, and how long the rest takes (None: unknown)."""

    def begin(self, total: int, known: int) -> None:
        """So many runs are asked for, of which so many are stored already."""

    def tell(self, answers: Sequence[Answer], seconds_left: float | None) -> None:
        """These runs are over."""

    def stopping(self) -> None:
        """Somebody asked for the end; what has begun is still played."""

    def end(self) -> None:
        """It is over."""


@dataclass(frozen=True)
class Sweep:
    """What is asked for: every scenario under every strategy with every seed."""

    cast: Cast
    tasks: tuple[Task, ...]

    @classmethod
    def of(
        cls, scenarios: Sequence[Any], strategies: Sequence[Any], seeds: Sequence[int], **how: Any
    ) -> Sweep:
        """Take names, paths or objects; seeds come first, so that half a sweep is half of each."""
        worlds = [Part.of("scenario", one) for one in scenarios]
        operators = [Part.of("strategy", one) for one in strategies]
        worlds = list({part.digest: part for part in worlds}.values())
        operators = list({part.digest: part for part in operators}.values())
        if not worlds or not operators or not seeds:
            raise Mistake("a sweep needs a scenario, a strategy and a seed")
        for seed in seeds:
            if not isinstance(seed, int) or isinstance(seed, bool) or seed < 0:
                refuse("seeds", seed, "give whole numbers from 0 up")
        tasks = tuple(
            Task(world, seed, operator)
            for seed in dict.fromkeys(seeds)
            for world in range(len(worlds))
            for operator in range(len(operators))
        )
        return cls(Cast(scenarios=tuple(worlds), strategies=tuple(operators), **how), tasks)


@dataclass(frozen=True)
class Swept:
    """What a sweep came to.

    *keys* are those of its tasks, *errors* what kept some from having a result; *played* were
    not known before, *interrupted* says that somebody ended it before all was played, *late* that
    the time was up. *store* holds the rest.
    """

    sweep: Sweep
    store: Store
    keys: tuple[str, ...]
    played: int = 0
    errors: dict[Task, str] = field(default_factory=dict)
    interrupted: bool = False
    late: bool = False

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The runs that were asked for."""
        return self.sweep.tasks

    def years(self) -> list[Year]:
        """Return every task that has a result, in their order, with all that is told of it."""
        parts: dict[str, dict[str, list[dict[str, Any]]]] = {}
        for table in PARTS:
            parts[table] = {}
            for row in self.store.rows(table, self.keys):
                parts[table].setdefault(row["run"], []).append(row)
        return [
            Year(
                row["asked_scenario"],
                row["asked_strategy"],
                row["seed"],
                row,
                **{table: tuple(parts[table].get(row["run"], ())) for table in PARTS},
            )
            for row in self.rows()
        ]

    def rows(self) -> list[dict[str, Any]]:
        """Return the row of `runs` of every task that has a result, in the order of the tasks.

        It bears the names by which this sweep asked, whoever asked for that run first.
        """
        known, cast = self.store.runs(self.keys), self.sweep.cast
        return [
            known[key]
            | {
                "asked_scenario": cast.scenarios[task.scenario].text,
                "asked_strategy": cast.strategies[task.strategy].text,
            }
            for task, key in zip(self.tasks, self.keys, strict=True)
            if key in known
        ]


def sweep(
    asked: Sweep,
    *,
    engine: Engine | None = None,
    store: Store | None = None,
    watcher: Watcher | None = None,
    mixed: bool = True,
    until: float = inf,
) -> Swept:
    """Play what the *store* does not hold yet, by *engine*, and return all that was asked for.

    A first Ctrl-C lets what has begun end, a second one does not; what was played is kept.
    Without *mixed* a worker whose code, packages or CPU differ from this process is refused.
    Nothing is begun after *until* on the monotonic clock.
    """
    store = store or Store()
    cast = asked.cast if mixed else replace(asked.cast, sign=sign())
    keys = Keys(cast)
    key_of = {task: keys.of(task) for task in asked.tasks}
    known = store.known(key_of.values(), with_ledgers=cast.ledgers)
    missing = list({key: task for task, key in key_of.items() if key not in known}.values())
    work = spread(missing, partial(play, cast), engine or Serial(), timeout=cast.timeout)
    desk = _Desk(cast, key_of, store)
    if watcher is not None:
        watcher.begin(len(asked.tasks), len(asked.tasks) - len(missing))
    try:
        with _ctrl_c(work, watcher) as pressed:
            try:
                for answers in _timely(work, until):
                    desk.take(answers)
                    if watcher is not None:
                        watcher.tell(answers, work.seconds_left)
            except KeyboardInterrupt:
                if not pressed:
                    raise
            interrupted = bool(pressed)
            desk.file()
    finally:
        if watcher is not None:
            watcher.end()
    short = desk.played + len(desk.errors) < len(missing)
    return Swept(
        asked, store, tuple(key_of.values()), desk.played, desk.errors,
        interrupted=interrupted and short, late=short and not interrupted,
    )  # fmt: skip


def _timely(work: Spread, until: float) -> Iterator[list[Answer]]:
    """Let what has begun end, and nothing begin, once it is too late."""
    if time.monotonic() > until:
        work.stop()
    for answers in work:
        if time.monotonic() > until:
            work.stop()
        yield answers


class _Desk:
    """Gathers answers and stores them together."""

    def __init__(self, cast: Cast, key_of: dict[Task, str], store: Store) -> None:
        self._cast, self._key_of, self._store = cast, key_of, store
        self._waiting: list[Entry] = []
        self._due = time.monotonic() + STORES_EVERY_S
        self.played = 0
        self.errors: dict[Task, str] = {}

    def take(self, answers: Sequence[Answer]) -> None:
        """Take some answers; store what has gathered if it is time."""
        for answer in answers:
            task = answer.task
            asked = (
                self._cast.scenarios[task.scenario].text,
                self._cast.strategies[task.strategy].text,
                task.seed,
            )
            told: Played | None = answer.rows
            if told is None:
                self.errors[task] = answer.error
                entry = Entry(self._key_of[task], None, asked, error=answer.error)
            else:
                self.played += 1
                files = tuple(told.files.items())
                entry = Entry(told.key, told.rows, asked, seconds=answer.seconds, files=files)
            self._waiting.append(entry)
        if time.monotonic() > self._due:
            self.file()

    def file(self) -> None:
        """Store what has gathered."""
        begun = time.monotonic()
        if self._waiting:
            self._store.put(self._waiting)
            self._waiting = []
        now = time.monotonic()
        pause_s = max(STORES_EVERY_S, (now - begun) / STORES_SHARE)
        self._due = now + min(pause_s, AT_LATEST_S)


@contextmanager
def _ctrl_c(work: Spread, watcher: Watcher | None) -> Iterator[list[bool]]:
    """Let the first Ctrl-C stop handing out and the second raise."""
    pressed: list[bool] = []
    if threading.current_thread() is not threading.main_thread():
        yield pressed
        return

    def press(*_: object) -> None:
        if work.over:
            return
        if pressed:
            raise KeyboardInterrupt
        pressed.append(True)
        work.stop()
        if watcher is not None:
            watcher.stopping()

    before: Callable[..., Any] | int | None = signal.signal(signal.SIGINT, press)
    try:
        yield pressed
    finally:
        signal.signal(signal.SIGINT, before)
