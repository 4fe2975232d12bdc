"""What each alarm was worth: a detection, a repeat, needless, or false."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reports.measures.life import Life, lives
from sim.facts import Alarm, Lineage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.ledger import Ledger

DETECTION, REPEAT, NEEDLESS, FALSE = "detection", "repeat", "needless", "false"
UNJUDGED = "unjudged"
"""In recorded data nobody knows whether the alarm was right: it may be natural drift."""
NATURAL_ONSET = "onset of natural drift"


@dataclass(frozen=True)
class Judged:
    """An alarm, its *verdict*, and the name of the incident that it is about ('' if false).

    A *needless* alarm is true, but its incident did no harm.
    """

    alarm: Alarm
    verdict: str
    incident: str


@dataclass(frozen=True)
class Seat:
    """A monitor as the ledger knows it: its name, layer and owner."""

    monitor: str
    layer: str
    owner: str


def alarms(run: Ledger, calm: Ledger, known: list[Life] | None = None) -> list[Judged]:
    """Judge every alarm of *run*, in order."""
    judged = judge(run.of(Alarm), lives(run, calm) if known is None else known)
    if NATURAL_ONSET not in run.scenario.get("unavailable", ()):
        return judged
    return [replace(one, verdict=UNJUDGED) if one.verdict == FALSE else one for one in judged]


def judge(raised: Iterable[Alarm], known: list[Life]) -> list[Judged]:
    """Attribute each alarm to the oldest open incident that its monitor has not met yet."""
    met: set[tuple[str, str]] = set()
    return [_judge(alarm, known, met) for alarm in raised]


def _judge(alarm: Alarm, known: list[Life], met: set[tuple[str, str]]) -> Judged:
    about = [
        life
        for life in known
        if life.open_at(life.evidence_us(alarm)) and _may_concern(alarm.columns, life.onset.columns)
    ]
    if not about:
        return Judged(alarm, FALSE, "")
    for life in about:
        key = (alarm.monitor, life.onset.name)
        if key not in met:
            met.add(key)
            verdict = NEEDLESS if life.harm_us is None else DETECTION
            return Judged(alarm, verdict, life.onset.name)
    return Judged(alarm, REPEAT, about[0].onset.name)


def _may_concern(named: tuple[str, ...], struck: tuple[str, ...]) -> bool:
    return not named or not struck or not set(named).isdisjoint(struck)


def seats(run: Ledger) -> list[Seat]:
    """Return the monitors of a run: those that its rollout declared, then any that alarmed."""
    found: dict[str, Seat] = {}
    for link in run.of(Lineage):
        if link.stage == "monitoring signals":
            for row in json.loads(link.content)["monitors"]:
                if isinstance(row, dict):
                    seat = Seat(row["name"], row["layer"], row["owner"])
                    found.setdefault(seat.monitor, seat)
            break
    for alarm in run.of(Alarm):
        found.setdefault(alarm.monitor, Seat(alarm.monitor, alarm.layer, alarm.owner))
    return list(found.values())
