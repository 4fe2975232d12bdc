"""Did it help? The last step of every intervention."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

from sim.clock import positive_us, text, us
from sim.errors import whole
from strategies.verdict import LABELS, NO, UNKNOWN, YES, Verdict, noted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.actions import Action
    from sim.view import View

SURE = 1.645
"""One-sided 95 %."""


@dataclass(frozen=True, kw_only=True)
class MeasureImpact:
    """Writes into the log whether each new champion helped: the loss of labels before and after.

    The mean loss by the labels of the *last* while before it went into service is held against
    that of the same while from *wait* after it on, so that its labels have come. It is a yes if
    the loss is surely (one-sided 95 %) less; it acts on nothing.

    >>> MeasureImpact(last="2d", wait="1d").words
    'each new champion is measured: the loss over 2d before it, and over 2d from 1d after it on'
    """

    last: str = "3d"
    wait: str = "1d"
    minimum: int = 200

    def __post_init__(self) -> None:
        positive_us(self.last, "measure_impact.last")
        us(self.wait, "measure_impact.wait")
        whole("measure_impact.minimum", self.minimum, 2)

    @property
    def words(self) -> str:
        """Before and after."""
        return (
            f"each new champion is measured: the loss over {self.last} before it, and over "
            f"{self.last} from {self.wait} after it on"
        )

    def answers(self, view: View) -> Iterator[Action]:
        """Measure it once its time has come."""
        begins_us = view.serving_us + us(self.wait)
        name = view.champion.name
        due_us = begins_us + us(self.last)
        if not view.serving_us or view.now_us < due_us or ("did it help?", name) in view.decided:
            return
        seen = view.ticks(text(view.now_us - view.serving_us + us(self.last)))
        before = seen.until(view.serving_us)
        after = seen.until(due_us)
        first = int(after.start_us.searchsorted(begins_us))
        labels = [before.labels.sum(), after.labels[first:].sum()]
        losses = [before.label_loss.sum(), after.label_loss[first:].sum()]
        yield from noted(view, self._verdict(labels, losses), name)

    def _verdict(self, labels: list[int], losses: list[float]) -> Verdict:
        fewest, part = int(min(labels)), "did it help?"
        if fewest < self.minimum:
            why = f"{fewest:,} labels, {self.minimum:,} are needed"
            return Verdict(part, UNKNOWN, why, None, 0.0, fewest, LABELS)
        was, now = (float(total) / int(count) for total, count in zip(losses, labels, strict=True))
        noise = [mean * (1 - mean) / int(n) for mean, n in zip((was, now), labels, strict=True)]
        half = SURE * sqrt(max(0.0, sum(noise)))
        why = f"a loss of {was:.3g} before and {now:.3g} after, ± {half:.2g}"
        return Verdict(part, YES if was - now > half else NO, why, was - now, half, fewest)
