"""What a worker does: it plays a piece of a sweep and hands back rows."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reports.folder import Recipe
from reports.plugins import said
from reports.result import UNKNOWN, Result
from reports.sweeps.identity import Keys, code, machine
from reports.sweeps.rows import Rows, rows
from sim.errors import Mistake
from sim.run import one_thread
from sim.sweeps import Answer, Years, limited
from sim.watchdog import StoppedByClock

if TYPE_CHECKING:
    from reports.names import Named
    from reports.sweeps.cast import Cast
    from sim.sweeps import Piece, Task

_turn = threading.Lock()
"""Runs of one process take turns: a cluster may play several pieces in threads of one."""
CLOCK = "stopped by the clock"


@dataclass(frozen=True)
class Played:
    """What comes back of a run: its *key*, its *rows*, and files of its ledger if asked for."""

    key: str
    rows: Rows
    files: dict[str, bytes]


def play(cast: Cast, piece: Piece) -> list[Answer]:
    """Play a piece, one run after another; a run that fails does not stop the next."""
    if cast.sign and cast.sign != sign():
        raise Mistake("the worker's driftyard, packages or CPU are others: update it, or --mixed")
    with _turn, one_thread(), open(os.devnull, "w") as nowhere, redirect_stdout(nowhere):
        player = _Player(cast)
        return [player.answer(task) for task in piece]


def sign() -> str:
    """Return what tells whether another process would get the same numbers."""
    return f"{code()} {machine()}"


class _Player:
    def __init__(self, cast: Cast) -> None:
        self._cast, self._keys = cast, Keys(cast)
        self._at: tuple[int, int] | None = None
        self._world: Named
        self._years: Years

    def answer(self, task: Task) -> Answer:
        """Play one run, however it ends."""
        start = time.perf_counter()
        error, told, records = "", None, 0
        try:
            with limited(self._cast.timeout):
                result = self._play(task)
                if result.verdict == UNKNOWN:
                    error = result.stopped
                else:
                    told = self._told(task, result)
                    records = result.run.requests["total"] + result.calm.requests["total"]
        except StoppedByClock:
            error = f"{CLOCK}: it took more than {self._cast.timeout:g} seconds"
        except Mistake as mistake:
            error = " ".join(str(mistake).split())
        except Exception as failure:
            error = f"{said(failure)}{_place(failure)}"
        took = time.perf_counter() - start
        if error:
            self._at = None  # whatever was left half done is made anew
            return Answer(task, error=error, seconds=took)
        return Answer(task, told, seconds=took, records=records)

    def _play(self, task: Task) -> Result:
        if self._at != (task.scenario, task.seed):
            self._world = self._cast.scenarios[task.scenario].found().of_seed(task.seed)
            self._years = Years(self._world.value, task.seed, shared=self._cast.shared)
            self._at = (task.scenario, task.seed)
        strategy = self._cast.strategies[task.strategy].found().named
        recipe = Recipe(self._world, strategy, task.seed)
        run, calm = self._years.play(strategy.value)
        return Result(recipe.sign(run), recipe.sign(calm))

    def _told(self, task: Task, result: Result) -> Played:
        scenario = self._cast.scenarios[task.scenario]
        strategy = self._cast.strategies[task.strategy]
        key = self._keys.of(task)
        told = rows(
            result,
            key=key,
            asked=(scenario.text, strategy.text),
            parameters=strategy.found().parameters,
            stamp=(code(), machine()),
        )
        return Played(key, told, _files(result) if self._cast.ledgers else {})


def _files(result: Result) -> dict[str, bytes]:
    """Return the ledger and the timeline, and those of the calm twin, as files of Parquet."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        result.run.write(folder)
        if result.calm is not result.run:
            result.calm.write(folder / "calm")
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*.parquet"))
        }


def _place(error: BaseException) -> str:
    """Return where something was raised."""
    step: Any = error.__traceback__
    while step is not None and step.tb_next is not None:
        step = step.tb_next
    if step is None:
        return ""
    return f" ({Path(step.tb_frame.f_code.co_filename).name}, line {step.tb_lineno})"
