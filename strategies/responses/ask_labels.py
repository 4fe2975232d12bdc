"""People who label what nobody would know for weeks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.actions import AskForLabels
from sim.clock import positive_us, us
from sim.errors import fits, within
from sim.facts import Acted
from strategies.triggers import Trigger
from strategies.verdict import noted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.actions import Action
    from sim.view import View


@dataclass(frozen=True, kw_only=True)
class AskLabelsWhen:
    """Has people label a *share* of what is answered in the next *last*, when *when* says yes.

    It is worth its price where labels are late and something without labels (what comes in, what
    is answered) has raised a doubt. Nothing is asked for twice within *rest*.

    >>> from strategies.triggers import OnDrift
    >>> AskLabelsWhen(when=OnDrift(layer="input"), share=0.2).words[-49:]
    'have people label 20 % of what is answered for 7d'
    """

    when: Trigger
    share: float = 0.1
    last: str = "7d"
    rest: str = "14d"

    def __post_init__(self) -> None:
        fits("ask_labels_when.when", self.when, "fires", "OnDrift(layer='input')")
        within("ask_labels_when.share", self.share, 1e-9, 1)
        positive_us(self.last, "ask_labels_when.last")
        positive_us(self.rest, "ask_labels_when.rest")

    @property
    def words(self) -> str:
        """When, how many, for how long."""
        many = f"have people label {self.share:.0%} of what is answered for {self.last}"
        return f"if {self.when.words}, {many.replace('%', ' %')}"

    def answers(self, view: View) -> Iterator[Action]:
        """Ask, if it was not done of late."""
        verdict = self.when.fires(view)
        yield from noted(view, verdict)
        if not verdict.yes:
            return
        for fact in view.newest:
            if fact.at_us < view.now_us - us(self.rest):
                break
            if isinstance(fact, Acted) and fact.action == AskForLabels.verb:
                return
        yield AskForLabels(share=self.share, last=self.last, why=verdict.why)
