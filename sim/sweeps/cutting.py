"""How work is cut: pieces of about a second, so that neither slow runs nor tiny ones hurt."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.sweeps.task import Answer, Piece, Task

AIM_S, EACH_WORKER_S = 1.0, 0.004
"""A piece takes about so long: handing it out costs a thousandth of that. With many workers it
takes as many times what each of them adds: one process hands out some 500 pieces a second at most
(a scheduler of Dask's), so that half of its time is enough."""
MEMORY = 0.8


class Cutter:
    """Cuts what is left into pieces by what runs of each scenario have taken so far.

    Tasks of one scenario and seed share a stream, so they stay together as long as there is other
    work for everybody; at the end they are shared out. Nothing is known at first: then a piece
    is one such group.
    """

    def __init__(self, tasks: Iterable[Task], *, workers: int) -> None:
        self._workers = workers
        self._aim_s = max(AIM_S, EACH_WORKER_S * workers)
        self._groups: deque[list[Task]] = deque()
        for task in tasks:
            last = self._groups[-1] if self._groups else None
            if last and (last[0].scenario, last[0].seed) == (task.scenario, task.seed):
                last.append(task)
            else:
                self._groups.append([task])
        self._left: dict[int, int] = {}
        for group in self._groups:
            self._left[group[0].scenario] = self._left.get(group[0].scenario, 0) + len(group)
        self._seconds: dict[int, float] = {}

    def __bool__(self) -> bool:
        return bool(self._groups)

    def learn(self, answers: Iterable[Answer]) -> None:
        """Take note of how long runs took."""
        for answer in answers:
            if not answer.error:
                known = self._seconds.get(answer.task.scenario, answer.seconds)
                mixed = MEMORY * known + (1 - MEMORY) * answer.seconds
                self._seconds[answer.task.scenario] = mixed

    @property
    def seconds_left(self) -> float | None:
        """How long one worker would take for what is left; None: nobody knows yet."""
        if any(left and place not in self._seconds for place, left in self._left.items()):
            return None
        return sum(left * self._seconds.get(place, 0.0) for place, left in self._left.items())

    def next(self) -> Piece:
        """Return the next piece."""
        left_s = self.seconds_left
        aim_s = 0.0 if left_s is None else min(self._aim_s, left_s / (2 * self._workers))
        piece: list[Task] = []
        taken_s = 0.0
        while self._groups and (not piece or taken_s < aim_s):
            group = self._groups.popleft()
            some = self._part(group, aim_s) if not piece else len(group)
            if some < len(group):
                self._groups.appendleft(group[some:])
            piece += group[:some]
            each_s = self._seconds.get(group[0].scenario)
            self._left[group[0].scenario] -= some
            if each_s is None:
                break
            taken_s += each_s * some
        return tuple(piece)

    def _part(self, group: list[Task], aim_s: float) -> int:
        """Return how much of a group goes into a piece: all of it, unless others would idle."""
        if len(self._groups) + 1 >= self._workers or self._workers == 1:
            return len(group)
        each_s = self._seconds.get(group[0].scenario)
        if each_s is not None and each_s * len(group) <= max(aim_s, AIM_S / 10):
            return len(group)
        return -(-len(group) // self._workers)
