"""The records since an alarm, or since the warning before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.actions import Last, SinceAlarm, Window
from sim.clock import positive_us, text, us
from sim.errors import whole
from strategies.recall import first_alarm
from strategies.verdict import LABELS, TIME, UNKNOWN, Verdict

if TYPE_CHECKING:
    from sim.facts import Alarm
    from sim.view import View


@dataclass(frozen=True, kw_only=True)
class SinceTheAlarm:
    """What was served since the first open alarm of *monitors* (none named: any), old or new.

    The trap: labels are late, so right after an alarm nearly all that arrive still show the world
    before it, and a training that takes the newest labels at once learns that world. This window
    leaves them out, and waits until about *wait_for* new labels, and *wait* of time, have come:
    with a label delay of two days the labels of the first two days after the alarm are old ones.
    Without an open alarm it is the last *otherwise*.

    >>> SinceTheAlarm(wait_for=500).words
    'what was served since the alarm, once some 500 of its labels have arrived'
    """

    wait_for: int = 500
    wait: str = "0s"
    monitors: tuple[str, ...] = ()
    otherwise: str = "30d"

    def __post_init__(self) -> None:
        whole("since_the_alarm.wait_for", self.wait_for, 0)
        us(self.wait, "since_the_alarm.wait")
        positive_us(self.otherwise, "since_the_alarm.otherwise")

    @property
    def words(self) -> str:
        """Since when, and what it waits for."""
        waits = []
        if self.wait_for:
            waits.append(f"some {self.wait_for:,} of its labels have arrived")
        if us(self.wait):
            waits.append(f"{self.wait} are over")
        return "what was served since the alarm" + (f", once {' and '.join(waits)}" * bool(waits))

    def covers(self, view: View) -> Window | Verdict:
        """Since the alarm, or wait."""
        alarm = first_alarm(view, self.monitors)
        if alarm is None:
            return Last(span=self.otherwise)
        return self._waits(view, alarm) or SinceAlarm(at_us=alarm.at_us)

    def _waits(self, view: View, alarm: Alarm) -> Verdict | None:
        due_us = alarm.at_us + us(self.wait)
        if view.now_us < due_us:
            why = f"labels of the time since the alarm come late: waiting until {text(due_us)}"
            return Verdict(self.words, UNKNOWN, why, waits_for=TIME)
        if not self.wait_for:
            return None
        labels = view.labels_of(alarm)
        if labels >= self.wait_for:
            return None
        why = f"{labels:,} labels of requests since the alarm, {self.wait_for:,} are wanted"
        return Verdict(self.words, UNKNOWN, why, labels, self.wait_for, labels, LABELS)


@dataclass(frozen=True, kw_only=True)
class SinceTheWarning:
    """What was served since *warning* monitors alarmed for the first time before the alarm.

    Warnings that are more than *memory* older than the alarm do not count. Without one it is what
    was served since the alarm, less *before*.
    """

    warning: tuple[str, ...]
    monitors: tuple[str, ...] = ()
    memory: str = "30d"
    before: str = "0s"
    otherwise: str = "30d"

    def __post_init__(self) -> None:
        positive_us(self.memory, "since_the_warning.memory")
        us(self.before, "since_the_warning.before")
        positive_us(self.otherwise, "since_the_warning.otherwise")

    @property
    def words(self) -> str:
        """Since whose warning."""
        return f"what was served since the warning of {' or '.join(self.warning)}"

    def covers(self, view: View) -> Window | Verdict:
        """Since the warning, or else since the alarm."""
        alarm = first_alarm(view, self.monitors)
        if alarm is None:
            return Last(span=self.otherwise)
        since_us = alarm.at_us - us(self.before)
        for earlier in view.newest_alarms:
            if earlier.at_us < alarm.at_us - us(self.memory):
                break
            if earlier.monitor in self.warning and view.serving_us < earlier.at_us:
                since_us = min(since_us, earlier.at_us)
        return SinceAlarm(at_us=since_us)
