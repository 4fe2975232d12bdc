"""Several mistakes at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import Mistake

if TYPE_CHECKING:
    from collections.abc import Iterable


class Mistakes(Mistake):
    """All that is wrong with a file, a line each; as text it is the first and how many more."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = tuple(lines)
        more = len(self.lines) - 1
        rest = f" (and {more} more: driftyard check names them all)" if more else ""
        super().__init__(self.lines[0] + rest)
