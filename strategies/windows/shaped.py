"""Windows in which not all records count alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sim.actions import Balanced, Weighted
from sim.clock import positive_us
from sim.errors import fits, one_of
from strategies.verdict import Verdict
from strategies.windows.recent import Expanding, LastSpan
from strategies.windows.window import TrainingWindow

if TYPE_CHECKING:
    from sim.actions import Window
    from sim.view import View


@dataclass(frozen=True, kw_only=True)
class ExponentiallyWeighted:
    """The records of *of*; one that is *half_life* older than the newest counts half as much.

    It forgets gradually: old records steady the fit where little moved, and fade where much did.

    >>> ExponentiallyWeighted(half_life="7d").words
    'all labels so far, of which the weight halves every 7d'
    """

    of: TrainingWindow = field(default_factory=Expanding)
    half_life: str = "14d"

    def __post_init__(self) -> None:
        fits("exponentially_weighted.of", self.of, "covers", "LastSpan(span='90d')")
        positive_us(self.half_life, "exponentially_weighted.half_life")

    @property
    def words(self) -> str:
        """Which records, and how fast they fade."""
        return f"{self.of.words}, of which the weight halves every {self.half_life}"

    def covers(self, view: View) -> Window | Verdict:
        """Those records, with weights."""
        window = self.of.covers(view)
        if isinstance(window, Verdict):
            return window
        return Weighted(of=window, half_life=self.half_life)


@dataclass(frozen=True, kw_only=True)
class Stratified:
    """The records of *of*, in which each class or segment (*by*) counts as much as every other.

    For rare classes and small segments, which a plain window hardly shows. With classes balanced
    the chances that a version gives are those of a balanced world: recalibrate it, or set its
    threshold. The evaluation report is about the records as they come. Where nobody tells segments
    apart it is the window that it is made of.

    >>> Stratified(by="segment").words
    'the last 30d, in which each segment counts alike'
    """

    of: TrainingWindow = field(default_factory=LastSpan)
    by: str = "class"

    def __post_init__(self) -> None:
        fits("stratified.of", self.of, "covers", "LastSpan(span='90d')")
        one_of("stratified.by", self.by, ("class", "segment"))

    @property
    def words(self) -> str:
        """Which records, and what counts alike."""
        return f"{self.of.words}, in which each {self.by} counts alike"

    def covers(self, view: View) -> Window | Verdict:
        """Those records, with weights."""
        window = self.of.covers(view)
        return window if isinstance(window, Verdict) else Balanced(of=window, by=self.by)
