"""Turning a knob of the champion instead of training anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.actions import Recalibrate, SetThreshold
from sim.clock import positive_us, us
from sim.errors import fits, one_of
from sim.facts import Acted
from strategies.recall import at_rest
from strategies.triggers import Trigger
from strategies.verdict import noted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.actions import Action
    from sim.view import View

KNOBS = ("threshold", "calibration")
VERBS = (SetThreshold.verb, Recalibrate.verb)


@dataclass(frozen=True, kw_only=True)
class AdjustWhen:
    """Sets the champion's threshold, or recalibrates it (*knob*), when *when* says yes.

    It reads the labels of *window*. What comes out is a version of its own, which passes the gates
    and is let out like any other; where the champion has no such knob nothing is done. Nothing is
    turned twice within *rest*. A threshold or a calibration is right where scores still rank well
    but their level is off: another price, another share of positives. It mends no turned rule.

    >>> from strategies.triggers import Performance
    >>> AdjustWhen(when=Performance(above=0.3)).words[-51:]
    'set the threshold anew on the labels of the last 7d'
    """

    when: Trigger
    knob: str = "threshold"
    window: str = "7d"
    rest: str = "7d"

    def __post_init__(self) -> None:
        fits("adjust_when.when", self.when, "fires", "Performance(worse_by=0.05)")
        one_of("adjust_when.knob", self.knob, KNOBS)
        positive_us(self.window, "adjust_when.window")
        positive_us(self.rest, "adjust_when.rest")

    @property
    def words(self) -> str:
        """When, what, on what."""
        does = "set the threshold anew" if self.knob == "threshold" else "recalibrate"
        return f"if {self.when.words}, {does} on the labels of the last {self.window}"

    def answers(self, view: View) -> Iterator[Action]:
        """Turn it, if nothing else is under way."""
        verdict = self.when.fires(view)
        yield from noted(view, verdict)
        if not verdict.yes or not at_rest(view) or self.knob not in view.champion.adjusts:
            return
        for fact in view.newest:
            if fact.at_us < view.now_us - us(self.rest):
                break
            if isinstance(fact, Acted) and fact.action in VERBS:
                return
        kind = SetThreshold if self.knob == "threshold" else Recalibrate
        yield kind(window=self.window, why=verdict.why)
