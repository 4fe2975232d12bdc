"""What went wrong, who saw it and when, and how many records it harmed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from reports.measures.alarms import DETECTION, NEEDLESS, Seat, judge, seats
from reports.measures.life import Life, lives
from reports.measures.times import complaint_us, loop_us
from sim.facts import Alarm

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.ledger import Ledger, Outcomes

    Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Detection:
    """The first alarm of one monitor about one incident; *at_us* is None if it missed it.

    *records* is how many requests were served between onset and alarm, *harmed* how many of
    them fared worse than in the calm world (None: outcomes were not kept). *early*: before
    the incident did harm. *by_chance*: the same monitor alarms in the calm world, too, within the
    same time of the onset; one that missed it, while the incident was open.
    """

    monitor: str
    layer: str
    owner: str
    at_us: int | None = None
    lag_us: int | None = None
    records: int | None = None
    harmed: int | None = None
    early: bool = False
    by_chance: bool = False

    @property
    def missed(self) -> bool:
        """Whether the monitor never alarmed about it."""
        return self.at_us is None


@dataclass(frozen=True, kw_only=True)
class Incident:
    """One thing that went wrong; *detections* holds every monitor, the soonest first.

    *ended_us* is when its change was undone, None if it never was. *harm_us* is None if it did
    no harm, *recovered_us* if the service was not well again by the end. *harmed* counts
    records from the onset until it closes, whoever harmed them: those *shared_with* others, which
    did harm and were open in part of that time, are counted for each. *loop_us* is how long it
    took from the first alarm until a version begun since answered everybody, *complaint_us* when
    the first complaint came that the calm world does not have; None if there was none.
    """

    name: str
    kind: str
    columns: tuple[str, ...]
    severity: float
    onset_us: int
    full_us: int
    ended_us: int | None
    harm_us: int | None
    recovered_us: int | None
    censored: bool
    harmed: int | None
    shared_with: tuple[str, ...]
    detections: tuple[Detection, ...]
    loop_us: int | None = None
    complaint_us: int | None = None

    @property
    def recovery_us(self) -> int | None:
        """How long it took from the onset until the service was well again."""
        return None if self.recovered_us is None else self.recovered_us - self.onset_us

    @property
    def harmless(self) -> bool:
        """Whether it did no harm."""
        return self.harm_us is None

    @property
    def first(self) -> Detection | None:
        """The first alarm about it, if anybody saw it."""
        seen = [detection for detection in self.detections if not detection.missed]
        return seen[0] if seen else None

    @property
    def missed(self) -> bool:
        """Whether nobody saw it."""
        return self.first is None


def incidents(run: Ledger, calm: Ledger, known: list[Life] | None = None) -> list[Incident]:
    """Return every incident of *run*, oldest first; *calm* is its twin without any."""
    known = lives(run, calm) if known is None else known
    if not known:
        return []
    counter = _Counter(run, calm)
    met = {
        (judged.alarm.monitor, judged.incident): judged.alarm
        for judged in judge(run.of(Alarm), known)
        if judged.verdict in (DETECTION, NEEDLESS)
    }
    watching, chance = seats(run), _alarmed_us(calm)
    found = [_incident(life, known, met, watching, counter, chance) for life in known]
    return [_timed(incident, run, calm) for incident in found]


def _timed(incident: Incident, run: Ledger, calm: Ledger) -> Incident:
    first, onset_us = incident.first, incident.onset_us
    heard_us = None if first is None else first.at_us
    return replace(
        incident,
        loop_us=None if heard_us is None else loop_us(run, onset_us, heard_us),
        complaint_us=complaint_us(run, calm, onset_us),
    )


def _alarmed_us(ledger: Ledger) -> dict[str, list[int]]:
    """Return when each monitor alarmed."""
    found: dict[str, list[int]] = {}
    for alarm in ledger.of(Alarm):
        found.setdefault(alarm.monitor, []).append(alarm.at_us)
    return found


def _incident(
    life: Life,
    known: list[Life],
    met: dict[tuple[str, str], Alarm],
    watching: list[Seat],
    counter: _Counter,
    chance: dict[str, list[int]],
) -> Incident:
    onset = life.onset
    detections = [
        _detection(
            seat,
            met.get((seat.monitor, onset.name)),
            life,
            counter,
            chance.get(seat.monitor, []),
        )
        for seat in watching
    ]
    detections.sort(key=lambda d: (d.missed, d.at_us or 0))
    return Incident(
        name=onset.name,
        kind=onset.incident,
        columns=onset.columns,
        severity=onset.severity,
        onset_us=onset.at_us,
        full_us=onset.full_us,
        ended_us=life.ended_us,
        harm_us=life.harm_us,
        recovered_us=life.recovered_us,
        censored=life.censored,
        harmed=counter.harmed(
            counter.served_before(onset.at_us), counter.served_before(life.closes_us)
        ),
        shared_with=tuple(
            other.onset.name
            for other in known
            if other is not life and other.harm_us is not None and other.overlaps(life)
        ),
        detections=tuple(detections),
    )


def _detection(
    seat: Seat, alarm: Alarm | None, life: Life, counter: _Counter, calm_us: list[int]
) -> Detection:
    onset_us = life.onset.at_us
    if alarm is None:
        until_us = np.inf if life.closes_us is None else life.closes_us
        by_chance = any(onset_us <= at_us < until_us for at_us in calm_us)
        return Detection(
            monitor=seat.monitor, layer=seat.layer, owner=seat.owner, by_chance=by_chance
        )
    start = counter.served_before(life.onset.at_us)
    # An alarm at the very instant its evidence was served is raised by that request, which is
    # not one of those between; others are raised by a label or a tick after all they count.
    between = alarm.records - start - (alarm.evidence_us == alarm.at_us)
    return Detection(
        monitor=seat.monitor,
        layer=seat.layer,
        owner=seat.owner,
        at_us=alarm.at_us,
        lag_us=alarm.at_us - life.onset.at_us,
        records=max(0, between),
        harmed=counter.harmed(start, start + max(0, between)),
        early=life.harm_us is not None and alarm.at_us < life.harm_us,
        by_chance=any(onset_us <= at_us <= alarm.at_us for at_us in calm_us),
    )


class _Counter:
    """Counts requests, and those that fared worse than in the calm world."""

    def __init__(self, run: Ledger, calm: Ledger) -> None:
        self._outcomes = run.outcomes
        self._tick_us = run.timeline.tick_us
        served = run.timeline.count.sum(axis=1)
        self._served: Ints = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(served)])
        self._harmed: Ints | None = None
        if run.outcomes is not None and calm.outcomes is not None:
            self._harmed = _harmed(run.outcomes, calm.outcomes)

    def served_before(self, time_us: int | None) -> int:
        """Return how many requests were served before *time_us*; None: all of them.

        Without outcomes, requests are taken to be spread evenly over a tick.
        """
        if time_us is None:
            return int(self._served[-1])
        if self._outcomes is not None:
            return int(self._outcomes.served_us.searchsorted(time_us))
        tick, into_us = divmod(time_us, self._tick_us)
        if tick >= len(self._served) - 1:
            return int(self._served[-1])
        here = int(self._served[tick + 1] - self._served[tick])
        return int(self._served[tick]) + here * into_us // self._tick_us

    def harmed(self, start: int, stop: int) -> int | None:
        """Return how many of the requests *start* to *stop* were harmed, if that is known."""
        if self._harmed is None:
            return None
        last = len(self._harmed) - 1
        return int(self._harmed[min(stop, last)] - self._harmed[min(start, last)])


def _harmed(run: Outcomes, calm: Outcomes) -> Ints:
    """Return how many requests were harmed before each (shape n + 1), paired one by one."""
    both = min(len(run.loss), len(calm.loss))
    same = np.array_equal(run.served_us[:both], calm.served_us[:both])
    assert same, "a run and its calm twin answer the same requests"
    worse = run.loss[:both] > calm.loss[:both]
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(worse)])
