"""Pieces take about a second, and longer where thousands of workers wait for the next."""

from __future__ import annotations

import pytest

from sim.sweeps import Answer, Cutter, Task


def sizes(workers: int, *, each_s: float, tasks: int = 1_000_000) -> list[int]:
    """Return how many runs of *each_s* the first pieces have, once that is known."""
    cutter = Cutter([Task(0, seed, 0) for seed in range(tasks)], workers=workers)
    first = cutter.next()
    cutter.learn([Answer(task, rows=(), seconds=each_s) for task in first])
    return [len(cutter.next()) for _ in range(5)]


@pytest.mark.parametrize(("workers", "aim_s"), [(2, 1.0), (100, 1.0), (1_600, 6.4)])
def test_no_more_than_250_pieces_a_second_are_handed_out(workers: int, aim_s: float) -> None:
    runs = sizes(workers, each_s=0.05)
    assert runs == [pytest.approx(aim_s / 0.05, abs=1)] * 5


def test_at_the_end_pieces_become_small_so_that_nobody_waits_for_the_last() -> None:
    cutter = Cutter([Task(0, seed, 0) for seed in range(100)], workers=4)
    cutter.learn([Answer(task, rows=(), seconds=0.5) for task in cutter.next()])
    left = []
    while cutter:
        left.append(len(cutter.next()))
    assert sum(left) == 99
    assert left[0] == 2
    assert left[-4:] == [1, 1, 1, 1]
