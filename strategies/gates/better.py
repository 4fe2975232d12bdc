"""Gates that hold a version against another on the records that were held out."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

from sim.errors import whole, within
from strategies.verdict import NO, UNKNOWN, YES, Verdict

if TYPE_CHECKING:
    from sim.cards import VersionCard
    from sim.evaluation import Mean
    from sim.view import View


@dataclass(frozen=True, kw_only=True)
class BeatsChampion:
    """Admits a version whose loss is below the champion's by *margin*, on the same records.

    The gain's lower bound has to exceed the margin, one-sided and *sure*; sure=0.5 takes the gain
    as it is, and a negative margin admits what is hardly worse. Fewer than *minimum* held-out
    records tell nothing. The champion may have been trained on some of them.

    >>> BeatsChampion(margin=0.01).words
    'its loss is below the champion’s by more than 0.01, 95 % sure'
    """

    margin: float = 0.0
    sure: float = 0.95
    minimum: int = 100

    def __post_init__(self) -> None:
        within("beats_champion.margin", self.margin, -1e15, 1e15)
        within("beats_champion.sure", self.sure, 0.5, 0.999999)
        whole("beats_champion.minimum", self.minimum, 2)

    @property
    def words(self) -> str:
        """By how much."""
        return _said("the champion’s", self.margin, self.sure)

    def admits(self, view: View, version: VersionCard) -> Verdict:
        """Hold the gain's lower bound against the margin."""
        whole = version.evaluation and version.evaluation.whole
        gain = whole.over_champion if whole else None
        records = whole.records if whole else 0
        return _held(self.words, gain, records, self.margin, self.sure, self.minimum)


@dataclass(frozen=True, kw_only=True)
class BeatsNaive:
    """Admits a version whose loss is below that of the answer that knows no features.

    >>> BeatsNaive(sure=0.5).words
    'its loss is below the naive answer’s'
    """

    margin: float = 0.0
    sure: float = 0.95
    minimum: int = 100

    def __post_init__(self) -> None:
        within("beats_naive.margin", self.margin, -1e15, 1e15)
        within("beats_naive.sure", self.sure, 0.5, 0.999999)
        whole("beats_naive.minimum", self.minimum, 2)

    @property
    def words(self) -> str:
        """By how much."""
        return _said("the naive answer’s", self.margin, self.sure)

    def admits(self, view: View, version: VersionCard) -> Verdict:
        """Hold the gain's lower bound against the margin."""
        whole = version.evaluation and version.evaluation.whole
        gain = whole.over_naive if whole else None
        records = whole.records if whole else 0
        return _held(self.words, gain, records, self.margin, self.sure, self.minimum)


def _said(whose: str, margin: float, sure: float) -> str:
    """Say by how much a loss has to be below another, or may be above it."""
    certain = "" if sure == 0.5 else f", {100 * sure:g} % sure"
    if margin < 0:
        return f"its loss is less than {-margin:g} above {whose}{certain}"
    by = f" by more than {margin:g}" if margin else ""
    return f"its loss is below {whose}{by}{certain}"


def _held(
    words: str, gain: Mean | None, records: int, margin: float, sure: float, minimum: int
) -> Verdict:
    """Hold a mean gain against a margin."""
    if gain is None or records < minimum:
        why = f"{records:,} records were held out, {minimum:,} are needed"
        return Verdict(words, UNKNOWN, why, None, margin, records)
    below = NormalDist().inv_cdf(sure) * gain.error
    bound = gain.value - below
    range_of = f" ({below:.3g} less at worst)" if below else ""
    why = f"a gain of {gain.value:.3g}{range_of} on {records:,} records, against {margin:g}"
    return Verdict(words, YES if bound > margin else NO, why, bound, margin, records)
