"""Rebuilding when labels show that answers have become worse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.clock import positive_us, us
from sim.errors import one_of, refuse, whole, within
from strategies.rollouts.review import BASELINE
from strategies.verdict import LABELS, NO, UNKNOWN, YES, Verdict

if TYPE_CHECKING:
    from sim.view import View


CLAIM = "claim"


@dataclass(frozen=True, kw_only=True)
class Performance:
    """Fires when the champion's mean loss over *last* is too high: above a limit, or its usual one.

    Give *above*, a loss, or *worse_by*, how much more than *usual*: the 'claim' of the evaluation
    report, or the 'baseline' that the `Review` of a rollout fixes once the service and business
    have settled (the claim until then). Labels
    that arrived before the champion went into service do not count, and fewer than *minimum* say
    nothing. Labels that arrive just after a release still judge the answers of the champion
    before it: with late labels put a `Cooldown` of their delay around it.

    >>> Performance(worse_by=0.05).words
    "the champion's loss over 7d is more than 0.05 above its claim"
    """

    worse_by: float | None = None
    above: float | None = None
    usual: str = CLAIM
    last: str = "7d"
    minimum: int = 200

    clocked: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if (self.above is None) == (self.worse_by is None):
            refuse("performance", self, "give either above or worse_by")
        for name in ("above", "worse_by"):
            if getattr(self, name) is not None:
                within(f"performance.{name}", getattr(self, name), 0, 1e15)
        one_of("performance.usual", self.usual, (CLAIM, BASELINE))
        if self.above is not None and self.usual != CLAIM:
            refuse("performance.usual", self.usual, "give worse_by: above is a limit of its own")
        positive_us(self.last, "performance.last")
        whole("performance.minimum", self.minimum, 1)

    @property
    def words(self) -> str:
        """Above what."""
        limit = f"more than {self.worse_by} above its {self.usual}"
        if self.above is not None:
            limit = f"above {self.above:g}"
        return f"the champion's loss over {self.last} is {limit}"

    def fires(self, view: View) -> Verdict:
        """Yes if the labels say so."""
        since_us = max(view.now_us - us(self.last), view.serving_us)
        _, labels, loss = view.tally(since_us)
        limit = self.above
        if limit is None:
            limit = self._usual(view) + self.worse_by  # type: ignore[operator]
        if labels < self.minimum:
            why = f"{labels:,} labels, {self.minimum:,} are needed"
            return Verdict(self.words, UNKNOWN, why, None, limit, labels, LABELS)
        error = loss / labels
        why = f"a loss of {error:.3g} on {labels:,} labels, against {limit:.3g}"
        return Verdict(self.words, YES if error > limit else NO, why, error, limit, labels)

    def _usual(self, view: View) -> float:
        """Return the champion's usual loss: what was promised, or what it has settled at."""
        fixed = view.decided.get((BASELINE, view.champion.name))
        if self.usual == CLAIM or fixed is None or fixed.value is None:
            return view.champion.claim
        return fixed.value
