"""Rebuilding when there is enough new to learn from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.errors import whole
from strategies.verdict import NO, YES, Verdict

if TYPE_CHECKING:
    from sim.view import View


@dataclass(frozen=True, kw_only=True)
class DataVolume:
    """Fires when so many *records* have been labelled since a training was last asked for.

    >>> DataVolume().words
    'every 10,000 labelled records'
    """

    records: int = 10_000

    clocked: ClassVar[bool] = True

    def __post_init__(self) -> None:
        whole("data_volume.records", self.records, 1)

    @property
    def words(self) -> str:
        """How many."""
        return f"every {self.records:,} labelled records"

    def fires(self, view: View) -> Verdict:
        """Yes once they are there."""
        new = view.labels_since_build
        why = f"{new:,} labels since the last build, {self.records:,} are agreed"
        return Verdict(self.words, YES if new >= self.records else NO, why, new, self.records, new)
