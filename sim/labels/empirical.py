"""Labels that take as long as others have taken."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.clock import text, us
from sim.errors import Mistake, refuse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.chance import Luck

_SHOWN = 6


@dataclass(frozen=True, kw_only=True, repr=False)
class Empirical:
    """Each label takes one of the *durations*, each as likely.

    A *file* with a duration on each line is read once; what it holds counts, not where it lies.
    A first line that is no duration is its heading.

    >>> Empirical(durations=("1d", "36h", "3w"))
    Empirical(durations=('1d', '36h', '3w'))
    """

    durations: tuple[str, ...] = ()
    file: str = ""

    def __post_init__(self) -> None:
        if bool(self.durations) == bool(self.file):
            refuse("labels.durations", self.durations, "give durations or a file, one of the two")
        if self.file:
            object.__setattr__(self, "durations", _read(self.file))
            object.__setattr__(self, "file", "")
        if not isinstance(self.durations, tuple):
            refuse("labels.durations", self.durations, "give a tuple, as in ('1d', '36h')")
        for duration in self.durations:
            us(duration, "labels.durations")

    def __repr__(self) -> str:
        if len(self.durations) <= _SHOWN:
            return f"Empirical(durations={self.durations!r})"
        median = text(self.quantile_us(0.5))
        return f"Empirical({len(self.durations):,} durations, median {median})"

    @cached_property
    def _known_us(self) -> NDArray[np.int64]:
        return np.sort([us(duration) for duration in self.durations])

    @property
    def in_order(self) -> bool:
        """Only if all are the same."""
        return bool(self._known_us[0] == self._known_us[-1])

    def draw_us(self, luck: Luck, page: int, count: int) -> NDArray[np.int64]:
        """Draw the delays."""
        known_us = self._known_us
        return np.asarray(known_us[luck.page("delay", page).integers(0, len(known_us), count)])

    def quantile_us(self, share: float) -> int:
        """Return the shortest that *share* of the durations do not exceed."""
        place = int(np.ceil(share * len(self._known_us))) - 1
        return int(self._known_us[max(place, 0)])


def _read(file: str) -> tuple[str, ...]:
    try:
        lines = Path(file).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        refuse("labels.file", file, f"it cannot be read ({type(error).__name__})")
    found: list[str] = []
    for number, line in enumerate(lines, 1):
        duration = line.strip().strip('"')
        if not duration:
            continue
        try:
            us(duration, f"labels.file {file}, line {number}")
        except Mistake:
            if number > 1:
                raise
            continue
        found.append(duration)
    if not found:
        refuse("labels.file", file, "it holds no duration; write one on each line, such as 36h")
    return tuple(found)
