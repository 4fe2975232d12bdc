"""What goes wrong by the script, and the people who are called to mend it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from sim.clock import HOUR_US, Phase, us
from sim.errors import Refused
from sim.facts import Announced, Answered, Ended, Onset, Paged
from sim.faults import Ban, Fault, SignOffRule
from sim.people import OWNERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.actions import PageOwner
    from sim.drift import Occurrence
    from sim.stage import Stage

EPOCH_US = HOUR_US
"""What an operator does changes the data from the next epoch on."""


class Incidents:
    """Writes down onsets and ends; *rewired* is called when what arrives has changed."""

    def __init__(self, stage: Stage, rewired: Callable[[], None]) -> None:
        self._stage = stage
        self._rewired = rewired
        self._ended: set[str] = set()
        self._paged: dict[tuple[str, int], int] = {}

    def schedule(self, horizon_us: int) -> None:
        """Put all onsets before the horizon on the agenda."""
        at = self._stage.agenda.at
        for fault in self._stage.scenario.faults:
            if isinstance(fault, Ban | SignOffRule) and fault.announced_us < horizon_us:
                at(fault.announced_us, Phase.WORLD, partial(self._announce, fault))
        for incident in self._stage.scenario.incidents:
            for time in incident.occurrences(horizon_us):
                at(time.at_us, Phase.WORLD, partial(self._begin, incident, time))
                if time.ends_us is not None and time.ends_us < horizon_us:
                    at(time.ends_us, Phase.WORLD, partial(self._end, time.name, "by itself"))

    def _announce(self, rule: Ban | SignOffRule) -> None:
        text = f"{rule.label}: {rule.announcement}"
        self._stage.tell(Announced(at_us=self._stage.now_us, text=text, columns=rule.columns))
        self._stage.ask("rule")

    def _begin(self, incident: Any, time: Occurrence) -> None:
        stream = self._stage.scenario.stream
        is_fault = isinstance(incident, Fault)
        self._stage.write(
            Onset(
                at_us=time.at_us,
                name=time.name,
                incident=incident.kind,
                columns=tuple(getattr(incident, "columns", ())),
                severity=incident.severity if is_fault else stream.severity(incident),
                full_us=time.full_us,
                ends_us=time.ends_us,
            )
        )

    def _end(self, name: str, why: str) -> None:
        if name not in self._ended:
            self._ended.add(name)
            self._stage.write(Ended(at_us=self._stage.now_us, name=name, why=why))

    # -- people ------------------------------------------------------------------------------

    def page(self, action: PageOwner) -> None:
        """Call an owner; whoever is looking already is not called again."""
        stage, owner = self._stage, action.owner
        if owner not in OWNERS:
            raise Refused(f"page.owner is {owner!r}: owners are {', '.join(OWNERS)}")
        if owner in stage.desk.pages:
            return
        scenario, now_us = stage.scenario, stage.now_us
        slot = now_us // HOUR_US
        nth = self._paged[owner, slot] = self._paged.get((owner, slot), 0) + 1
        people = scenario.people
        by, from_us = people.takes_up(owner, now_us), now_us
        if by != owner:
            from_us += us(people.passed_on)
        took_us = stage.luck.lognormal(
            f"answer of {owner}", slot, nth, median=people.median_us(by), sigma=people.sigma
        )
        if people.office:
            from_us = scenario.calendar.next_office_us(from_us)
        cost = scenario.prices.page
        stage.desk.spent += cost
        stage.desk.pages[owner] = now_us
        stage.tell(Paged(at_us=now_us, owner=owner, by=by, cost=cost))
        stage.agenda.at(from_us + round(took_us), Phase.JOBS, lambda: self._answered(owner, by))

    def _answered(self, owner: str, by: str) -> None:
        """An owner has looked and repairs what is theirs, from the next epoch on."""
        stage = self._stage
        now_us, repaired_us = stage.now_us, stage.flight.effects.repaired_us
        del stage.desk.pages[owner]
        mended = [
            fault
            for fault in stage.scenario.faults
            if fault.fixed_by == owner
            and fault.at_us <= now_us
            and (fault.until_us is None or now_us < fault.until_us)
            and fault.label not in repaired_us
        ]
        words = "found nothing that is theirs to repair"
        if mended:
            words = "repaired: " + "; ".join(_said(fault) for fault in mended)
        if by != owner:
            words = f"passed on to {by}, for the role has nobody; {words}"
        stage.tell(Answered(at_us=now_us, owner=owner, text=words))
        stage.ask("answer")
        if mended:
            epoch_us = -(-now_us // EPOCH_US) * EPOCH_US
            for fault in mended:
                repaired_us[fault.label] = epoch_us
            stage.agenda.at(epoch_us, Phase.WORLD, lambda: self._mend(mended, by))

    def _mend(self, mended: list[Fault], owner: str) -> None:
        for fault in mended:
            self._end(fault.label, f"repaired by {owner}")
        self._rewired()


def _said(fault: Fault) -> str:
    return f"{fault.kind} of {', '.join(fault.columns)}" if fault.columns else fault.kind
