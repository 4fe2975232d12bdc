"""A freeze: nothing new goes out while something is amiss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.clock import positive_us, us
from sim.errors import one_of
from sim.people import LAYERS
from strategies.verdict import TIME, UNKNOWN, YES, Verdict

if TYPE_CHECKING:
    from sim.cards import VersionCard
    from sim.view import View


@dataclass(frozen=True, kw_only=True)
class Frozen:
    """Holds every version back while *layer* has alarmed within the last *quiet*.

    A version that was built on a broken feed learned the broken feed; its turn comes when the
    layer has been quiet for as long as that.

    >>> Frozen(layer="input", quiet="2d").words
    'the input layer has been quiet for 2d'
    """

    layer: str = "input"
    quiet: str = "1d"

    def __post_init__(self) -> None:
        one_of("frozen.layer", self.layer, LAYERS)
        positive_us(self.quiet, "frozen.quiet")

    @property
    def words(self) -> str:
        """Which layer, how long."""
        return f"the {self.layer} layer has been quiet for {self.quiet}"

    def admits(self, view: View, version: VersionCard) -> Verdict:
        """Wait while it is not quiet."""
        since_us = view.now_us - us(self.quiet)
        for alarm in view.newest_alarms:
            if alarm.at_us <= since_us:
                break
            if alarm.layer == self.layer:
                return Verdict(self.words, UNKNOWN, alarm.text, alarm.value, waits_for=TIME)
        return Verdict(self.words, YES, "no alarm")
