"""What a sweep hands out and gets back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple


class Task(NamedTuple):
    """One run: places of its scenario and its strategy in the lists of the sweep, and its seed."""

    scenario: int
    seed: int
    strategy: int


Piece = tuple[Task, ...]
"""What is handed to a worker at once; tasks of one scenario and seed lie together in it."""


@dataclass(frozen=True)
class Answer:
    """What became of a *task*: its *rows*, or the *error* that kept it from having any.

    *seconds* is what it took, *records* how many requests were played.
    """

    task: Task
    rows: Any = None
    error: str = ""
    seconds: float = 0.0
    records: int = 0
