"""Rebuilding when the errors say so."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim.actions import Promote, Retrain, SinceAlarm, Window, window
from sim.clock import us
from sim.errors import refuse
from strategies.detectors import ADWIN
from strategies.monitors import OnErrors
from strategies.recall import at_rest, open_alarm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.actions import Action
    from sim.facts import Alarm
    from sim.view import View

SINCE_ALARM = "since the alarm"


@dataclass(frozen=True, kw_only=True)
class OnAlarm:
    """Rebuild when a detector on the champion's errors alarms.

    *detector* is any of driftyard's or River's. *window* is 'since the alarm', a number of labels
    or a span such as '30d'; the training begins *wait* after the alarm, so that labels of the new
    world can arrive. One that begins at once learns the world before the change: measured on an
    abrupt drift, its error stays at that of doing nothing. A training that fails is asked for
    again at the next *heartbeat* or alarm.
    """

    detector: Any = field(default_factory=ADWIN)
    window: Window | str | int = SINCE_ALARM
    wait: str = "3d"
    heartbeat: str = "1d"

    def __post_init__(self) -> None:
        wait_us = us(self.wait, "on_alarm.wait")
        if self.window != SINCE_ALARM:
            window(self.window)
        elif not wait_us:
            refuse("on_alarm.wait", self.wait, f"{SINCE_ALARM!r} needs some, for labels to come")

    @property
    def monitors(self) -> tuple[OnErrors, ...]:
        """The errors."""
        return (OnErrors(detector=self.detector),)

    def decide(self, view: View) -> Iterator[Action]:
        """Promote what is ready, else train if an alarm is open and the wait is over."""
        if view.candidate and not view.changing:
            yield Promote(view.candidate, why="ready, after an alarm")
        elif at_rest(view):
            alarm = open_alarm(view, "errors")
            if alarm is not None and view.now_us >= alarm.at_us + us(self.wait):
                yield Retrain(window=self._window(alarm), why=alarm.text)

    def _window(self, alarm: Alarm) -> Window | str | int:
        return SinceAlarm(at_us=alarm.at_us) if self.window == SINCE_ALARM else self.window
