"""Hands pieces to an engine and takes answers back, whatever dies or hangs on the way."""

from __future__ import annotations

import time
from collections import deque
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.sweeps.cutting import Cutter
from sim.sweeps.task import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future

    from sim.sweeps.engines import Engine
    from sim.sweeps.task import Piece, Task

AHEAD = 2
"""So many pieces for each worker are on their way, so that nobody waits for the next."""
GRACE_S = 30.0
"""A worker that should have stopped itself is killed so much later."""
LOOKS_EVERY_S = 0.5


@dataclass
class _Sent:
    piece: Piece
    until: float


class Spread:
    """Answers to tasks, in the order in which they come; `stop` lets only what has begun end."""

    def __init__(
        self,
        tasks: Sequence[Task],
        work: Callable[[Piece], list[Answer]],
        engine: Engine,
        *,
        timeout: float = 0.0,
    ) -> None:
        self._work, self._engine, self._timeout = work, engine, timeout
        self._cutter = Cutter(tasks, workers=engine.workers)
        self._suspects: deque[Task] = deque()
        self._sent: dict[Future[list[Answer]], _Sent] = {}
        self._executor: Executor | None = None
        self._stopped = False
        self.over = False
        """whether nothing more will come"""

    def stop(self) -> None:
        """Hand out no more."""
        self._stopped = True

    @property
    def seconds_left(self) -> float | None:
        """How long the rest takes, about; None: nobody knows yet."""
        seconds = self._cutter.seconds_left
        return None if seconds is None else seconds / self._engine.workers

    def __iter__(self) -> Iterator[list[Answer]]:
        try:
            while True:
                self._hand_out()
                if not self._sent:
                    break
                answers = self._take_back()
                self._cutter.learn(answers)
                yield answers
        finally:
            self.over = True
            self._close()

    def _hand_out(self) -> None:
        """Keep everybody busy; who may have killed a worker is tried again alone."""
        if self._stopped:
            return
        if self._suspects:
            if not self._sent:
                self._send((self._suspects.popleft(),))
            return
        while self._cutter and len(self._sent) < AHEAD * self._engine.workers:
            self._send(self._cutter.next())
            if self._engine.workers == 1:
                break

    def _send(self, piece: Piece) -> None:
        if self._executor is None:
            self._executor = self._engine.start()
        before = sum(len(sent.piece) for sent in self._sent.values())
        allowed_s = (before + len(piece)) * self._timeout + GRACE_S
        until = time.monotonic() + allowed_s if self._timeout else float("inf")
        sent = _Sent(piece, until)
        try:
            future = self._executor.submit(self._work, piece)
        except BrokenExecutor:
            self._broke([sent], "")
            return
        self._sent[future] = sent

    def _take_back(self) -> list[Answer]:
        done, _ = wait(self._sent, timeout=LOOKS_EVERY_S, return_when=FIRST_COMPLETED)
        answers: list[Answer] = []
        lost: list[_Sent] = []
        why = ""
        for future in done:
            sent = self._sent.pop(future)
            try:
                answers += future.result()
            except (BrokenExecutor, CancelledError):
                lost.append(sent)
                why = "the worker that played it died"
            except Exception as error:  # it could not be sent, or a cluster gave it up
                answers += self._again(sent.piece, f"{type(error).__name__}: {error}")
        overdue = [sent for sent in self._sent.values() if sent.until < time.monotonic()]
        if lost or overdue:
            rest = list(self._sent.values())
            if overdue and not lost:
                why = f"stopped by the clock: it hung for more than {self._timeout:g} seconds"
            answers += self._broke([*lost, *rest], why)
        return answers

    def _broke(self, lost: list[_Sent], why: str) -> list[Answer]:
        """Take a new executor; what was lost is tried again, alone if that is not known yet."""
        if self._executor is not None:
            self._engine.kill(self._executor)
        self._executor = None
        self._sent.clear()
        answers: list[Answer] = []
        alone = len(lost) == 1 and len(lost[0].piece) == 1
        for sent in lost:
            if alone and why:
                answers.append(Answer(sent.piece[0], error=why))
            else:
                self._suspects.extend(sent.piece)
        return answers

    def _again(self, piece: Piece, why: str) -> list[Answer]:
        if len(piece) == 1:
            return [Answer(piece[0], error=" ".join(why.split()))]
        self._suspects.extend(piece)
        return []

    def _close(self) -> None:
        if self._executor is None:
            return
        if self._sent:
            self._engine.kill(self._executor)
        else:
            self._executor.shutdown(wait=True)
        self._executor = None


def spread(
    tasks: Sequence[Task],
    work: Callable[[Piece], list[Answer]],
    engine: Engine,
    *,
    timeout: float = 0.0,
) -> Spread:
    """Return what gives the answers of *work* to *tasks*, a few at a time.

    *work* is a function that workers can import, or a `functools.partial` of one; *timeout* is
    how many seconds a run may take before its worker counts as hung (0: for ever).
    """
    return Spread(tasks, work, engine, timeout=timeout)
