"""The newest records, or all there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.actions import Everything, Last
from sim.clock import positive_us
from sim.errors import fits, whole
from strategies.windows.window import TrainingWindow

if TYPE_CHECKING:
    from sim.view import View


def read(given: TrainingWindow | str | int) -> TrainingWindow:
    """Read a window: '30d' is the last thirty days, 10_000 the last ten thousand labels.

    >>> read(10_000)
    LastRecords(records=10000)
    """
    if isinstance(given, str):
        return LastSpan(span=given)
    if isinstance(given, int):
        return LastRecords(records=given)
    fits("window", given, "covers", "'30d', a number of labels or LastSpan(span='30d')")
    return given


@dataclass(frozen=True, kw_only=True)
class LastRecords:
    """The newest *records* that are labelled.

    >>> LastRecords(records=5_000).words
    'the last 5,000 labels'
    """

    records: int = 10_000

    def __post_init__(self) -> None:
        whole("last_records.records", self.records, 1)

    @property
    def words(self) -> str:
        """How many."""
        return str(Last(records=self.records))

    def covers(self, view: View) -> Last:
        """So many."""
        return Last(records=self.records)


@dataclass(frozen=True, kw_only=True)
class LastSpan:
    """The labelled records of the last *span*, by when they were served.

    >>> LastSpan(span="30d").words
    'the last 30d'
    """

    span: str = "30d"

    def __post_init__(self) -> None:
        positive_us(self.span, "last_span.span")

    @property
    def words(self) -> str:
        """How long."""
        return str(Last(span=self.span))

    def covers(self, view: View) -> Last:
        """That span."""
        return Last(span=self.span)


@dataclass(frozen=True, kw_only=True)
class Expanding:
    """All labelled records there are, those from before the launch included."""

    @property
    def words(self) -> str:
        """All."""
        return "all labels so far"

    def covers(self, view: View) -> Everything:
        """Everything."""
        return Everything()
