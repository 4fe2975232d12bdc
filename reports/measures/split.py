"""Where the loss went: split by cause, so that the parts add up to the whole."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from reports.measures.alarms import FALSE, judge
from reports.measures.course import answered_us, course
from reports.measures.life import lives
from reports.measures.own_goals import own_goals
from reports.measures.pairing import shared_ticks
from sim.facts import Alarm
from sim.timeline import ARMS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from reports.measures.course import Course, Stretch
    from reports.measures.life import Life
    from sim.ledger import Ledger

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

PHASES = ("detection", "labels", "people", "training", "rollout", "aftermath")
"""What excess loss is put down to."""
DETECTION, LABELS, PEOPLE, TRAINING, ROLLOUT, AFTERMATH = range(6)
WORDS = {
    "irreducible": "irreducible",
    "standing": "standing",
    "detection": "detection",
    "labels": "waiting for labels",
    "people": "decision and people",
    "training": "training",
    "rollout": "gates and rollout",
    "aftermath": "aftermath",
}
"""What the parts are called."""


@dataclass(frozen=True, kw_only=True)
class Split:
    """The loss of a run by cause, in units of loss; the parts add up to `total`.

    *irreducible* is what the best rule loses as well, *standing* what the calm twin loses above
    that. The rest is due to incidents: until the *detection*, while *labels* were waited for, on
    decisions and *people*, on *training*, on gates and *rollout*; what comes while no harmful
    incident is open is the *aftermath*. *own_goals* is contained in these, and not added: what
    bad releases lost above the version that they replaced; None if that is unknown.
    """

    irreducible: float
    standing: float
    detection: float
    labels: float
    people: float
    training: float
    rollout: float
    aftermath: float
    own_goals: float | None = None

    @property
    def parts(self) -> dict[str, float]:
        """The parts that add up to the whole, by field."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "own_goals"}

    @property
    def total(self) -> float:
        """All that was lost."""
        return sum(self.parts.values())

    @property
    def excess(self) -> float:
        """What was lost to incidents."""
        return self.total - self.irreducible - self.standing

    def less(self, other: Split) -> Split:
        """Return what this loses above *other*, part by part."""
        theirs = other.parts
        return Split(**{name: value - theirs[name] for name, value in self.parts.items()})


def split(run: Ledger, calm: Ledger, known: list[Life] | None = None) -> Split:
    """Split the loss of *run* over the ticks that its *calm* twin served as well."""
    mine, twin = run.timeline, calm.timeline
    ticks = slice(0, shared_ticks(run, calm))
    goals = own_goals(run, calm)
    found = _split(
        shares(run, calm, known),
        mine.loss[ticks].sum(axis=1),
        mine.ideal[ticks].sum(axis=1),
        twin.loss[ticks].sum(axis=1),
        twin.ideal[ticks].sum(axis=1),
    )
    return found if goals is None else replace(found, own_goals=goals.cost)


def split_by_segment(
    run: Ledger, calm: Ledger, known: list[Life] | None = None
) -> dict[str, Split]:
    """Split the loss of each group of users; the groups add up to the whole."""
    ticks, shared = slice(0, shared_ticks(run, calm)), shares(run, calm, known)
    arms = len(ARMS)
    found = {}
    for place, name in enumerate(run.timeline.segments):
        columns = slice(place * arms, (place + 1) * arms)
        found[name] = _split(
            shared,
            *(
                array[ticks, columns].sum(axis=1)
                for ledger in (run, calm)
                for array in (ledger.timeline.segment_loss, ledger.timeline.segment_ideal)
            ),
        )
    return found


def split_by_stage(chain: list[tuple[Ledger, Ledger]], stages: tuple[str, ...]) -> dict[str, Split]:
    """Split what each stage of a pipeline costs.

    *chain* holds the run and its calm twin, then the same with the first of *stages* perfect, then
    with the first two, and so on: what a stage costs is the difference. The stages add up to all
    that is lost above the loss with every stage perfect.
    """
    assert len(chain) == len(stages) + 1, "a run more than there are stages"
    splits = [split(run, calm) for run, calm in chain]
    return {name: splits[place].less(splits[place + 1]) for place, name in enumerate(stages)}


def _split(
    shared: Floats, loss: Floats, ideal: Floats, calm_loss: Floats, calm_ideal: Floats
) -> Split:
    standing = calm_loss - calm_ideal
    phases = ((loss - ideal) - standing) @ shared
    return Split(
        irreducible=float(ideal.sum()),
        standing=float(standing.sum()),
        **dict(zip(PHASES, phases.tolist(), strict=True)),
    )


def shares(run: Ledger, calm: Ledger, known: list[Life] | None = None) -> Floats:
    """Return the share of each tick's excess that each phase bears (ticks × phases).

    Each row adds up to 1: in equal parts for the harmful incidents open at the tick's start, by
    the phase that each of them is in then; all of it is aftermath if none is open.
    """
    ticks = shared_ticks(run, calm)
    starts_us = np.arange(ticks) * run.timeline.tick_us
    found = np.zeros((ticks, len(PHASES)))
    known = lives(run, calm) if known is None else known
    if all(life.harm_us is None for life in known):
        found[:, AFTERMATH] = 1.0
        return found
    first = _first_alarms(run, known)
    doing = course(run)
    for life in known:
        if life.harm_us is not None:
            rows = _rows_open(life, starts_us)
            phase = _phases(run, life, first.get(life.onset.name), doing, starts_us[rows])
            found[np.arange(ticks)[rows], phase] += 1.0
    count = found.sum(axis=1)
    found[count == 0, AFTERMATH] = 1.0
    return np.asarray(found / np.maximum(count, 1.0)[:, None])


def _rows_open(life: Life, starts_us: Ints) -> slice:
    closes_us = np.inf if life.closes_us is None else life.closes_us
    return slice(*starts_us.searchsorted([life.onset.at_us, closes_us]).tolist())


def _first_alarms(run: Ledger, known: list[Life]) -> dict[str, Alarm]:
    """Return the first alarm about each incident."""
    first: dict[str, Alarm] = {}
    for judged in judge(run.of(Alarm), known):
        if judged.verdict != FALSE:
            first.setdefault(judged.incident, judged.alarm)
    return first


def _phases(run: Ledger, life: Life, alarm: Alarm | None, doing: Course, starts_us: Ints) -> Ints:
    """Return the phase that an incident is in at each of the moments *starts_us*."""
    acted_us = answered_us(run, life)
    heard_us = None if alarm is None else alarm.at_us
    known = [at_us for at_us in (acted_us, heard_us) if at_us is not None]
    if not known:
        return np.full(len(starts_us), DETECTION)
    response_us = min(known)
    evidence_us = response_us if alarm is None else min(life.evidence_us(alarm), response_us)
    phase = np.full(len(starts_us), PEOPLE)
    if doing.words:
        moments, waits = (np.array(column) for column in zip(*doing.words, strict=True))
        last = moments.searchsorted(starts_us, side="right") - 1
        phase[(last >= 0) & waits[last]] = LABELS
    for number, stretches in ((TRAINING, doing.jobs), (ROLLOUT, doing.awaiting)):
        _paint(phase, number, stretches, life.onset.at_us, starts_us)
    phase[starts_us < response_us] = LABELS
    phase[starts_us < evidence_us] = DETECTION
    return phase


def _paint(
    phase: Ints, number: int, stretches: tuple[Stretch, ...], onset_us: int, starts_us: Ints
) -> None:
    """Put *number* where a stretch covers a moment that belongs to something begun since."""
    for stretch in stretches:
        if stretch.begun_us >= onset_us:
            start, stop = starts_us.searchsorted([stretch.start_us, stretch.stop_us])
            phase[start:stop] = number
