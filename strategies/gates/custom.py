"""A gate of one's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.errors import refuse
from strategies.verdict import NO, YES, Verdict

if TYPE_CHECKING:
    from sim.cards import VersionCard
    from sim.view import View

IN_FILES = False
"""A file of data names no functions."""


@dataclass(frozen=True, kw_only=True)
class Custom:
    """A gate that is one function: *check(view, version)* gives a reason to refuse, or ''.

    >>> def small(view, version):
    ...     return "" if version.rows < 10_000 else f"{version.rows:,} rows are too many"
    >>> Custom(check=small).words
    'small'
    """

    check: Callable[[Any, Any], str]

    def __post_init__(self) -> None:
        if not callable(self.check):
            refuse("custom.check", self.check, "give a function of view and version")

    @property
    def words(self) -> str:
        """The name of the function."""
        return str(getattr(self.check, "__name__", type(self.check).__name__)).replace("_", " ")

    def admits(self, view: View, version: VersionCard) -> Verdict:
        """Ask the function."""
        reason = self.check(view, version)
        if not isinstance(reason, str):
            refuse(f"gate {self.words}", reason, "return a reason to refuse, or ''")
        return Verdict(self.words, NO if reason else YES, reason or "nothing against it")
