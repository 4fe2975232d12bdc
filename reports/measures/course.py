"""What was done in a year, as stretches of time: jobs, versions on their way out, waiting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.measures.pairing import ended_us
from sim.facts import (
    ROLL_BACK,
    Acted,
    Built,
    Decided,
    Ended,
    Paged,
    Routed,
    TrainingBegun,
    TrainingFailed,
    leader,
)

if TYPE_CHECKING:
    from reports.measures.life import Life
    from sim.ledger import Ledger

LETS_OUT = ("promote", "release", "shadow")
WORKS = ("retrain", "set threshold", "recalibrate", "refresh", "rebuild")
"""What is numbered as a job, in the order in which it was asked for."""


@dataclass(frozen=True)
class Stretch:
    """From *start_us* to *stop_us*, about a version or job that was *begun_us*."""

    begun_us: int
    start_us: int
    stop_us: int


@dataclass(frozen=True)
class Course:
    """The course of one run.

    *jobs* are trainings under way, *awaiting* versions that are built and neither answer
    everybody yet nor are rejected; *words* says from when on the last decision waits for labels.
    """

    jobs: tuple[Stretch, ...]
    awaiting: tuple[Stretch, ...]
    words: tuple[tuple[int, bool], ...]


def named(act: Acted) -> str:
    """Return the version that an action is about, '' if it is about none."""
    first = act.detail.partition(",")[0]
    return first.removeprefix("version=") if first.startswith("version=") else ""


def course(run: Ledger) -> Course:
    """Read the course of a run from its facts."""
    end_us = ended_us(run)
    begun = {fact.job: fact.at_us for fact in run.of(TrainingBegun)}
    ends = {built.job: built.at_us for built in run.of(Built)}
    ends |= {failed.job: failed.at_us for failed in run.of(TrainingFailed)}
    jobs = tuple(Stretch(at, at, ends.get(job, end_us)) for job, at in begun.items())
    awaiting = tuple(
        Stretch(one.begun_us, one.at_us, stop_us)
        for one, stop_us in _on_their_way(run, end_us)
        if stop_us > one.at_us
    )
    words: dict[int, bool] = {}
    for said in run.of(Decided):
        words[said.at_us] = words.get(said.at_us, False) or said.waits_for == "labels"
    return Course(jobs, awaiting, tuple(words.items()))


def _on_their_way(run: Ledger, end_us: int) -> list[tuple[Built, int]]:
    """Return every version with the moment at which it was accepted or rejected.

    Accepted: it answers everybody. Rejected: put away, rolled back, its shadow ended, or passed
    over for a newer one before anybody let it out.
    """
    waiting: dict[str, Built] = {}
    ordered, shadowed = set[str](), set[str]()
    over: list[tuple[Built, int]] = []

    def end(version: str, at_us: int) -> None:
        if version in waiting:
            over.append((waiting.pop(version), at_us))

    for fact in run.facts:
        match fact:
            case Built():
                for older in waiting.keys() - ordered - shadowed:
                    end(older, fact.at_us)
                if fact.job:
                    waiting[fact.version] = fact
            case Routed():
                end(leader(fact), fact.at_us)
            case Acted(action="archive"):
                end(named(fact), fact.at_us)
            case Acted(action="rollback"):
                for version in waiting.keys() & ordered:
                    end(version, fact.at_us)
            case Acted(action="shadow") if named(fact):
                shadowed.add(named(fact))
            case Acted(action="shadow"):
                for version in (waiting.keys() & shadowed) - ordered:
                    end(version, fact.at_us)
            case Acted() if fact.action in LETS_OUT:
                ordered.add(named(fact))
    return over + [(built, end_us) for built in waiting.values()]


def answered_us(run: Ledger, life: Life) -> int | None:
    """Return the first doing after the onset of an incident whose result serves when it is over.

    That is a training that was asked for or began, an order to let a version out, a rollback, a
    fallback, a quarantine or a page whose result holds in the tick of the recovery, or at the
    end; None if nothing that was done then lasts.
    """
    over_us = life.recovered_us
    until_us = ended_us(run) if over_us is None else over_us + run.timeline.tick_us
    routes = [route for route in run.of(Routed) if route.at_us < until_us]
    if not routes:
        return None
    acts = [act for act in run.of(Acted) if act.at_us < until_us]
    onset_us, last = life.onset.at_us, routes[-1]
    serving = {last.champion, last.challenger} - {""}
    found = [
        act.at_us
        for act in acts
        if (act.action in LETS_OUT and named(act) in serving)
        or (last.fallback and act.action == "fallback" and act.detail == "on=True")
        or (last.quarantined and act.action == "quarantine" and act.detail != "columns=()")
    ]
    asked = [act.at_us for act in acts if act.action in WORKS]
    for built in run.of(Built):
        if built.job and built.version in serving:
            found += [built.begun_us, *asked[built.job - 1 : built.job]]
    crowned = [route for route in routes if leader(route) == leader(last)]
    if crowned and crowned[-1].cause.startswith(ROLL_BACK):
        found += [act.at_us for act in acts if act.action == "rollback"]
    for end in run.of(Ended):
        if end.name == life.onset.name and end.at_us < until_us:
            found += [page.at_us for page in run.of(Paged) if end.why == f"repaired by {page.by}"]
    return min((at_us for at_us in found if onset_us <= at_us < until_us), default=None)
