"""Rebuilding when a monitor has alarmed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.clock import us
from sim.errors import one_of
from sim.people import LAYERS
from strategies.recall import first_alarm
from strategies.verdict import NO, TIME, UNKNOWN, YES, Verdict

if TYPE_CHECKING:
    from sim.view import View


@dataclass(frozen=True, kw_only=True)
class OnDrift:
    """Fires while an alarm is open: raised since the champion went into service, by any monitor.

    *monitors* or a *layer* (input, output, performance, business) say whose alarms count. A new
    champion answers the alarms about the one before, those raised while it was built too. It fires
    once the alarm is *wait* old: by then labels of the new world may have come.

    >>> OnDrift(layer="performance").words
    'an alarm of the performance layer is open'
    """

    monitors: tuple[str, ...] = ()
    layer: str = ""
    wait: str = "0s"

    def __post_init__(self) -> None:
        us(self.wait, "on_drift.wait")
        if self.layer:
            one_of("on_drift.layer", self.layer, LAYERS)

    @property
    def words(self) -> str:
        """Whose alarms."""
        whose = f"of {' or '.join(self.monitors)} " if self.monitors else ""
        layer = f"of the {self.layer} layer " if self.layer else ""
        age = f" for {self.wait}" if us(self.wait) else ""
        return f"an alarm {whose}{layer}is open{age}"

    def fires(self, view: View) -> Verdict:
        """Yes while there is such an alarm."""
        alarm = first_alarm(view, self.monitors, self.layer)
        if alarm is None:
            return Verdict(self.words, NO, "no alarm is open")
        if view.now_us < alarm.at_us + us(self.wait):
            why = f"{alarm.text}; waiting for {self.wait}"
            return Verdict(self.words, UNKNOWN, why, alarm.value, waits_for=TIME)
        return Verdict(self.words, YES, alarm.text, alarm.value, None, alarm.records)
