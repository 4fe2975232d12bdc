"""How far a sweep is, on a terminal."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, TextIO

from reports.store.tables import RUNS
from reports.words import count, duration
from sim.clock import SECOND_US

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.sweeps import Answer

EVERY_S = 0.2
_COLUMNS = list(RUNS.columns)
_STRATEGY, _EXCESS = _COLUMNS.index("asked_strategy"), _COLUMNS.index("excess_mean")


class Progress:
    """One line that is written over; silent unless a person looks on.

    *best so far* is the strategy with the least excess loss a request, over what was played.
    """

    def __init__(self, *, quiet: bool = False, to: TextIO | None = None) -> None:
        self._to = to or sys.stderr
        self._shown = self._to.isatty() and not quiet
        self._done = self._total = self._records = 0
        self._began = self._told = time.monotonic()
        self._excess: dict[str, tuple[float, int]] = {}
        self._stopping = False

    def begin(self, total: int, known: int) -> None:
        """So many runs are asked for, of which so many are stored already."""
        self._total, self._done = total, known
        self._began = time.monotonic()

    def tell(self, answers: Sequence[Answer], seconds_left: float | None) -> None:
        """These runs are over."""
        self._done += len(answers)
        for answer in answers:
            self._records += answer.records
            if answer.rows is not None:
                run = answer.rows.rows["runs"][0]
                total, runs = self._excess.get(run[_STRATEGY], (0.0, 0))
                self._excess[run[_STRATEGY]] = (total + (run[_EXCESS] or 0.0), runs + 1)
        if self._shown and time.monotonic() - self._told > EVERY_S:
            self._told = time.monotonic()
            self._to.write(f"\r\x1b[K{self.line(seconds_left)[:110]}")
            self._to.flush()

    def line(self, seconds_left: float | None) -> str:
        """Say how far it is."""
        spent_s = max(time.monotonic() - self._began, 1e-9)
        parts = [f"{self._done:,} of {count(self._total, 'run')}"]
        if self._records:
            parts.append(f"{_short(self._records / spent_s)} records/s")
        if self._stopping:
            parts.append("stopping: what has begun is played, Ctrl-C again to stop at once")
        elif seconds_left is not None:
            parts.append(f"{duration(int(seconds_left + 0.5) * SECOND_US)} left")
        if self._excess:
            means = {name: total / runs for name, (total, runs) in self._excess.items()}
            best = min(means, key=lambda name: means[name])
            parts.append(f"best so far {best}: excess {means[best]:.4g} a request")
        return " · ".join(parts)

    def stopping(self) -> None:
        """Somebody asked for the end; what has begun is still played."""
        self._stopping = True
        if self._shown:
            self._to.write(f"\r\x1b[K{self.line(None)[:110]}")
            self._to.flush()

    def end(self) -> None:
        """Wipe the line away."""
        if self._shown:
            self._to.write("\r\x1b[K")
            self._to.flush()


def _short(number: float) -> str:
    """Return a number with two digits and a letter.

    >>> _short(4_213_000), _short(870)
    ('4.2 M', '870')
    """
    for size, letter in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if number >= size:
            return (
                f"{number / size:.2g}{letter}"
                if number < 10 * size
                else (f"{number / size:.0f}{letter}")
            )
    return f"{number:.0f}"
