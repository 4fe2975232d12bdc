"""Rebuilding when staying has cost as much as rebuilding would."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.errors import whole, within
from strategies.verdict import LABELS, NO, UNKNOWN, YES, Verdict

if TYPE_CHECKING:
    from sim.view import View


@dataclass(frozen=True, kw_only=True)
class CumulativeLoss:
    """Fires when the loss beyond *reference* since the champion serves has cost a whole *cost*.

    The break-even: *price* is what one unit of loss costs in the currency of *cost*, a training
    with all that hangs on it. Loss is taken from the labels that have arrived and scaled to all
    requests; below the reference it counts against the sum, so that noise cancels. No *reference*
    means the champion's claim. Where loss grows evenly with age this rebuilds at the age that
    costs least: (K + c·T·(T−1)/2) / T is smallest where c·T·(T−1)/2 comes to K.

    >>> CumulativeLoss(cost=50.0).words
    'the loss since the champion serves has cost 50, as much as a training'
    """

    cost: float
    price: float = 1.0
    reference: float | None = None
    minimum: int = 200

    clocked: ClassVar[bool] = True

    def __post_init__(self) -> None:
        within("cumulative_loss.cost", self.cost, 1e-12, 1e15)
        within("cumulative_loss.price", self.price, 1e-12, 1e15)
        if self.reference is not None:
            within("cumulative_loss.reference", self.reference, 0, 1e15)
        whole("cumulative_loss.minimum", self.minimum, 1)

    @property
    def words(self) -> str:
        """How much."""
        return f"the loss since the champion serves has cost {self.cost:g}, as much as a training"

    def fires(self, view: View) -> Verdict:
        """Yes from the break-even on."""
        requests, labels, loss = view.tally(view.serving_us)
        if labels < self.minimum:
            why = f"{labels:,} labels, {self.minimum:,} are needed"
            return Verdict(self.words, UNKNOWN, why, None, self.cost, labels, LABELS)
        reference = view.champion.claim if self.reference is None else self.reference
        paid = self.price * (loss - reference * labels) * max(requests, labels) / labels
        why = f"{paid:.3g} paid for loss, a training costs {self.cost:g}"
        answer = YES if paid >= self.cost else NO
        return Verdict(self.words, answer, why, paid, self.cost, labels)
