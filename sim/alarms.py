"""From what a monitor finds to what the operator hears: levels, quiet times, people who look."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sim.clock import NEVER, Phase, moment, text
from sim.duty import LEVELS, level_of
from sim.errors import Refused
from sim.facts import Alarm
from sim.people import SOMEBODY

if TYPE_CHECKING:
    from sim.actions import Acknowledge
    from sim.duty import Duty, Human
    from sim.stage import Stage


@dataclass(frozen=True)
class _Found:
    """What a monitor found at some moment, and how often before anybody looked."""

    monitor: Any
    value: float
    level: str
    evidence_us: int
    columns: tuple[str, ...]
    words: str
    at_us: int
    times: int = 1


class Alarms:
    """Tells the operator what monitors find, each fault once."""

    def __init__(self, stage: Stage, duties: dict[str, Duty]) -> None:
        self._stage, self._duties = stage, duties
        self._told: dict[str, tuple[int, str]] = {}
        self._pending: dict[str, _Found] = {}
        self._looked_us: dict[str, int] = {}
        self._first_us: int | None = None
        self._first_key = 0
        self.news = False
        """whether the first incident has just been noticed, by whomever"""

    def starts_us(self, monitor: Any) -> int | None:
        """Return from when on a monitor looks, None if that is not known yet."""
        return self._duties[monitor.name].starts_us(self._first_us)

    def starts_key(self, monitor: Any) -> int:
        """Return the first moment at which a monitor looks; never before it is installed."""
        from_us = self.starts_us(monitor)
        if from_us is None:
            return NEVER
        waited = self._duties[monitor.name].installed_us is None
        return max(moment(from_us, Phase.WORLD), self._first_key + 1 if waited else 0)

    def found(
        self, monitor: Any, value: float, evidence_us: int, columns: tuple[str, ...], words: str
    ) -> None:
        """A monitor has found something: tell it now, or when somebody looks."""
        now_us, duty = self._stage.now_us, self._duties[monitor.name]
        level = level_of(monitor, value)
        found = _Found(monitor, value, level, evidence_us, columns, words, now_us)
        if duty.seen_by is None:
            self._tell(found)
        else:
            self._wait_for(duty.seen_by, found)

    def _wait_for(self, human: Human, found: _Found) -> None:
        """Keep what was found until somebody looks: the gravest, and the earliest of these."""
        name, stage = found.monitor.name, self._stage
        known = self._pending.get(name)
        if known is not None:
            graver = LEVELS.index(found.level) > LEVELS.index(known.level)
            worst = replace(found, at_us=known.at_us) if graver else known
            self._pending[name] = replace(worst, times=known.times + 1)
            return
        self._pending[name] = found
        calendar, now_us = stage.scenario.calendar, stage.now_us
        look_us = human.looks_us(now_us, calendar)
        if look_us == self._looked_us.get(name):  # what comes at the instant of a look waits
            look_us = human.looks_us(now_us + 1, calendar)
        stage.agenda.at(look_us, Phase.TICK, lambda: self._look(name))

    def _look(self, name: str) -> None:
        found, stage = self._pending.pop(name), self._stage
        self._looked_us[name] = stage.now_us
        ago_us = stage.now_us - found.at_us
        if ago_us:
            often = f", {found.times} times" if found.times > 1 else ""
            seen = f"seen {text(ago_us)} later{often}, when somebody looked"
            found = replace(found, words=f"{found.words} ({seen})")
        stage.settle()
        self._tell(found)

    def _tell(self, found: _Found) -> None:
        """Tell it, unless it is the same trouble as what was told lately."""
        monitor, now_us = found.monitor, self._stage.now_us
        duty = self._duties[monitor.name]
        last_us, level = self._told.get(duty.group, (None, found.level))
        lately = last_us is not None and now_us < last_us + duty.quiet_us
        if lately and LEVELS.index(found.level) <= LEVELS.index(level):
            return
        self._told[duty.group] = now_us, found.level
        seat = monitor.name, monitor.layer, monitor.owner
        self.tell(seat, found.value, found.evidence_us, found.columns, found.words, found.level)

    def acknowledge(self, action: Acknowledge) -> None:
        """Somebody knows of what a monitor has raised so far."""
        name = action.monitor
        if name not in self._duties and name != SOMEBODY:
            known = ", ".join((*self._duties, SOMEBODY))
            raise Refused(f"acknowledge.monitor is {name!r}: there are {known}")
        self._stage.desk.acknowledged[name] = self._stage.now_us

    def suspected(self, fall: float) -> None:
        """Somebody raises the matter without any monitor."""
        says = "things feel worse than they were" if fall > 0 else "something feels wrong"
        seat = SOMEBODY, "business", "product"
        self.tell(seat, fall, self._stage.now_us - 1, (), says, LEVELS[0])

    def tell(
        self,
        seat: tuple[str, str, str],
        value: float,
        evidence_us: int,
        columns: tuple[str, ...],
        words: str,
        level: str,
    ) -> None:
        """Tell the operator; *seat* is who raises it, in which layer, and whose it is."""
        stage = self._stage
        name, layer, owner = seat
        alarm = Alarm(
            at_us=stage.now_us,
            monitor=name,
            layer=layer,
            owner=owner,
            evidence_us=evidence_us,
            records=stage.flight.requests_served,
            value=value,
            columns=columns,
            text=f"{name}: {words}",
            level=level,
        )
        stage.desk.alarms.append(alarm)
        stage.tell(alarm)
        stage.ask("alarm")
        if self._first_us is None:
            self._first_us, self._first_key, self.news = stage.now_us, stage.moment, True
