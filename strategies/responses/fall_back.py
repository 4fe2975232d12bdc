"""Answering with the fallback while things are too bad."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.actions import Fallback
from sim.errors import fits
from strategies.triggers import Trigger
from strategies.verdict import NO, noted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.actions import Action
    from sim.view import View


@dataclass(frozen=True, kw_only=True)
class FallBackWhile:
    """Gives everybody the fallback while *when* says yes, and the champion again when it says no.

    While it knows too little it leaves things as they are. A measure that only the champion's
    answers can mend, such as its own loss, never says no again once nobody meets the champion: then
    the fallback stays until another version serves.
    """

    when: Trigger

    def __post_init__(self) -> None:
        fits("fall_back_while.when", self.when, "fires", "OnDrift(layer='input')")

    @property
    def words(self) -> str:
        """While what."""
        return f"while {self.when.words}, everybody gets the fallback"

    def answers(self, view: View) -> Iterator[Action]:
        """Switch, if it is not on its way already."""
        verdict = self.when.fires(view)
        yield from noted(view, verdict)
        if view.changing:
            return
        if verdict.yes and not view.route.fallback:
            yield Fallback(True, why=verdict.why)
        elif verdict.answer == NO and view.route.fallback:
            yield Fallback(False, why=verdict.why)
