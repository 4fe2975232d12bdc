"""Doing without columns that are broken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.actions import Quarantine
from sim.facts import Alarm
from strategies.recall import is_repair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.view import View


@dataclass(frozen=True, kw_only=True)
class QuarantineBroken:
    """Puts the columns that alarms of *monitors* name into quarantine, until a repair is reported.

    Neither answers nor trainings use them meanwhile. It is lifted for all columns as soon as an
    owner reports a repair; alarms that follow put them back.

    >>> QuarantineBroken().words
    'columns that an alarm of contract names go into quarantine, until a repair is reported'
    """

    monitors: tuple[str, ...] = ("contract",)

    @property
    def words(self) -> str:
        """Whose alarms."""
        whose = " or ".join(self.monitors)
        return (
            f"columns that an alarm of {whose} names go into quarantine, until a repair is reported"
        )

    def answers(self, view: View) -> Iterator[Quarantine]:
        """Go through what has happened since the last look."""
        apart = set(view.route.quarantined)
        before, why = set(apart), ""
        for fact in view.news:
            if is_repair(fact):
                apart, why = set(), fact.text
            elif isinstance(fact, Alarm) and fact.monitor in self.monitors and fact.columns:
                apart, why = apart | set(fact.columns), fact.text
        if apart != before:
            yield Quarantine(tuple(n for n in view.schema.names if n in apart), why=why)
