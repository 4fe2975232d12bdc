"""Pieces are cut to size, and answers come whatever dies or hangs."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from sim.errors import Mistake
from sim.sweeps import Answer, Cutter, Engine, Piece, Processes, Serial, Task, spread
from sim.sweeps import spreading as spreading_module

KILLER, HANGER, RAISER = 7, 11, 13


def tasks(seeds: int, strategies: int = 1) -> list[Task]:
    return [Task(0, seed, place) for seed in range(seeds) for place in range(strategies)]


def work(piece: Piece, *, bad: int = -1) -> list[Answer]:
    for task in piece:
        if task.seed == bad == KILLER:
            os.kill(os.getpid(), signal.SIGKILL)
        if task.seed == bad == HANGER:
            time.sleep(600)
        if task.seed == bad == RAISER:
            raise ValueError("no luck\nat all")
    return [Answer(task, rows=task.seed**2, seconds=0.001) for task in piece]


def gathered(engine: Engine, *, bad: int = -1, timeout: float = 0.0) -> dict[Task, Answer]:
    asked = tasks(40, strategies=2)
    found = [a for some in spread(asked, partial(work, bad=bad), engine, timeout=timeout)
             for a in some]  # fmt: skip
    assert Counter(answer.task for answer in found) == Counter(asked)
    return {answer.task: answer for answer in found}


class Threads:
    """Any executor will do."""

    workers = 3

    def start(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self.workers)

    def kill(self, executor: object) -> None:
        raise AssertionError("nothing broke")


@pytest.mark.parametrize("engine", [Serial(), Threads()])
def test_every_task_is_answered_once(engine: Engine) -> None:
    assert all(answer.rows == task.seed**2 for task, answer in gathered(engine).items())


def test_a_task_that_kills_its_worker_is_the_only_one_without_an_answer() -> None:
    found = gathered(Processes(workers=2), bad=KILLER)
    failed = {task: answer.error for task, answer in found.items() if answer.error}
    assert set(failed.values()) == {"the worker that played it died"}
    assert {task.seed for task in failed} == {KILLER}


def test_a_task_that_hangs_is_killed_and_the_others_are_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(spreading_module, "GRACE_S", 2.0)
    found = gathered(Processes(workers=2), bad=HANGER, timeout=0.02)
    failed = {task.seed for task, answer in found.items() if answer.error}
    assert failed == {HANGER}
    assert all("clock" in answer.error for answer in found.values() if answer.error)


def test_work_that_raises_is_an_error_of_its_task_in_one_line() -> None:
    found = gathered(Serial(), bad=RAISER)
    failed = {task.seed: answer.error for task, answer in found.items() if answer.error}
    assert failed == {RAISER: "ValueError: no luck at all"}


def test_after_stop_what_was_begun_is_answered_and_nothing_else() -> None:
    work_left = spread(tasks(100), work, Serial())
    found: list[Answer] = []
    for some in work_left:
        found += some
        if len(found) >= 5:
            work_left.stop()
    assert 5 <= len(found) < 100


def test_workers_that_cannot_start_are_a_mistake_in_one_line() -> None:
    with pytest.raises(Mistake, match="cannot start"):
        list(spread(tasks(3), work, Processes(workers=1, warm=("no_such_module",))))


def cut(cutter: Cutter, seconds: float) -> list[int]:
    sizes = []
    while cutter:
        piece = cutter.next()
        sizes.append(len(piece))
        cutter.learn([Answer(task, seconds=seconds) for task in piece])
    return sizes


def test_tiny_runs_travel_by_the_thousand() -> None:
    sizes = cut(Cutter(tasks(20_000), workers=2), 0.001)
    assert sum(sizes) == 20_000
    assert len(sizes) < 120
    assert max(sizes) <= 1_100


def test_slow_runs_travel_one_seed_at_a_time_and_are_shared_out_at_the_end() -> None:
    sizes = cut(Cutter(tasks(10, strategies=6), workers=2), 30.0)
    assert sum(sizes) == 60
    assert sizes[:8] == [6] * 8
    assert max(sizes[-3:]) <= 3
