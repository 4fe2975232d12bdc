"""How far a long run is, on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import TracebackType

from sim.clock import text


class Progress:
    """One line on standard error that is wiped away at the end; silent unless a person looks on."""

    def __init__(self, horizon_us: int, *, quiet: bool) -> None:
        self._horizon_us = horizon_us
        self._shown = sys.stderr.isatty() and not quiet

    def of(self, what: str, start: float, stop: float) -> Callable[[float], None] | None:
        """Return what is told the share of *what* that is done, from *start* to *stop* of all."""
        if not self._shown:
            return None

        def tell(share: float) -> None:
            percent = round(100 * (start + share * (stop - start)))
            at = text(share * self._horizon_us)
            sys.stderr.write(f"\r\x1b[K{percent:3d} %  {what}: {at} after the launch")
            sys.stderr.flush()

        return tell

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


class Counted:
    """How many of so many things are done, on one line that is wiped away; silent elsewhere."""

    def __init__(self, what: str, *, quiet: bool) -> None:
        self._what = what
        self._shown = sys.stderr.isatty() and not quiet

    def __call__(self, done: int, of: int) -> None:
        """Say that *done* of all are."""
        if self._shown:
            sys.stderr.write(f"\r\x1b[K{done:,} of {of:,} {self._what}")
            sys.stderr.flush()

    def __enter__(self) -> Counted:
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
