"""What a person sees of a sweep, and that nobody else sees anything."""

from __future__ import annotations

import io
from types import SimpleNamespace

from reports.store.tables import RUNS
from reports.sweeps.progress import Progress
from sim.sweeps import Answer, Task


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def answer(strategy: str, excess: float) -> Answer:
    row = dict.fromkeys(RUNS.columns) | {"asked_strategy": strategy, "excess_mean": excess}
    rows = SimpleNamespace(rows={"runs": [tuple(row.values())]})
    return Answer(Task(0, 0, 0), rows=rows, records=1000)


def test_it_tells_runs_time_left_and_the_best_so_far() -> None:
    progress = Progress(to=Terminal())
    progress.begin(10, 2)
    progress.tell([answer("never", 0.5), answer("weekly", 0.25), answer("weekly", 0.35)], 75.0)
    line = progress.line(75.0)
    assert "5 of 10 runs" in line
    assert "1m left" in line
    assert "best so far weekly: excess 0.3 a request" in line
    assert "records/s" in line


def test_it_is_silent_without_a_terminal_and_when_told_to_be_quiet() -> None:
    plain, quiet = io.StringIO(), Terminal()
    for progress in (Progress(to=plain), Progress(to=quiet, quiet=True)):
        progress._told = float("-inf")
        progress.begin(1, 0)
        progress.tell([answer("never", 0.5)], None)
        progress.stopping()
        progress.end()
    assert plain.getvalue() == quiet.getvalue() == ""


def test_on_a_terminal_the_line_is_written_over_and_wiped_away() -> None:
    terminal = Terminal()
    progress = Progress(to=terminal)
    progress._told = float("-inf")
    progress.begin(1, 0)
    progress.tell([answer("never", 0.5)], None)
    progress.end()
    assert "1 of 1 run" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K")
