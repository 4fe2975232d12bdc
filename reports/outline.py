"""What will happen in a scenario, drawn before anything is run: one lane for each change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from reports.lanes import INCIDENT, LABELS, RHYTHM, SEASON, Lane, Outline
from reports.words import duration
from sim.clock import DAY_US, us
from sim.faults import LabelOutage
from sim.labels import PerSegment
from sim.selection import Review, Selective

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.labels import Delay, Labels
    from sim.scenario import Scenario

    Floats = NDArray[np.float64]

SHADES = "·░▒▓█"
WAVE = "▁▂▃▄▅▆▇█"
NAME, LANE, NOTE = 18, 40, 18
WORKING_DAYS = 5
FINE = 8
"""So many instants of a step of time are looked at, so that nothing short is missed."""


def outline(worlds: Sequence[Scenario], *, steps: int) -> Outline:
    """Return what happens in *worlds*, which differ by their luck alone; the first is named."""
    first = worlds[0]
    horizon_us = us(first.horizon)
    times_us = np.linspace(0, horizon_us, steps * FINE, endpoint=False).astype(np.int64)
    lanes = []
    for place, incident in enumerate(first.incidents):
        levels = [
            _level(w.incidents[place], times_us) * _part(w, w.incidents[place])
            for w in worlds
            if place < len(w.incidents)
        ]
        lanes.append(_lane(incident, INCIDENT, levels))
    for rhythm in first.stream.rhythms:
        lanes.append(_lane(rhythm, RHYTHM, [_level(rhythm, times_us, always=True)]))
    season = first.stream.season
    if season is not None and season.amplitude:
        wave = np.cos(2 * np.pi * (times_us - us(season.peak)) / us(season.period))
        note = f"noise ± {season.amplitude:g}"
        lanes.append(Lane("season", SEASON, note, _steps((1 + wave) / 2, np.mean)))
    lanes.append(
        Lane("labels", LABELS, _wait(first.labels), _steps(_known(first, times_us), np.mean))
    )
    return Outline(
        first.name, first.story, first.expect, horizon_us, len(worlds), first.closed_loop,
        tuple(lanes),
    )  # fmt: skip


def text(drawn: Outline) -> list[str]:
    """Return the outline as lines of 80 signs."""
    steps = len(drawn.lanes[0].level)
    marks = [" "] * (steps + 6)
    for at_us in drawn.marks_us:
        place = round(at_us / drawn.horizon_us * steps)
        for i, sign in enumerate(duration(at_us) if at_us else "0"):
            if place + i < len(marks):
                marks[place + i] = sign
    lines = [" " * (NAME + 2) + "".join(marks).rstrip()]
    for lane in drawn.lanes:
        signs = WAVE if lane.sort == SEASON else SHADES
        top = len(signs) - 1
        places = [min(top, max(0, int(np.ceil(x * top - 1e-9)))) for x in lane.level]
        row = "".join(signs[place] for place in places)
        lines.append(f"{_cut(lane.name, NAME):<{NAME}}  {row}  {_cut(lane.note, NOTE)}".rstrip())
    return lines


def labels_in_words(labels: Labels) -> str:
    """Return when the truth becomes known.

    >>> from sim.labels import Labels, Constant
    >>> labels_in_words(Labels(delay=Constant(delay="2d"), coverage=0.9))
    'after 2d; 90 % ever come'
    """
    words = _delay_in_words(labels.delay)
    if isinstance(labels.delay, PerSegment):
        pairs = zip(labels.delay.segments, labels.delay.delays, strict=True)
        own = [f"{name} {_delay_in_words(delay)}" for name, delay in pairs]
        words = "; ".join([*own, f"all others {_delay_in_words(labels.delay.rest)}"])
    if labels.coverage < 1:
        words += f"; {100 * labels.coverage:g} % ever come"
    if labels.noise:
        words += f"; {100 * labels.noise:g} % are wrong"
    chosen = labels.selection
    if isinstance(chosen, Review):
        words += f"; then they wait for review, {chosen.per_day:,} a working day"
        if chosen.escalates:
            after = duration(us(chosen.expert))
            words += f", {chosen.escalates:.0%} of what they override {after} later by an expert"
    elif isinstance(chosen, Selective):
        shown = " or ".join(str(answer) for answer in chosen.answers)
        words += f"; known only where the answer was {shown}"
        words += f", and for {chosen.share:.0%} of the others" if chosen.share else ""
    return words


def _delay_in_words(delay: Delay) -> str:
    half, most = delay.quantile_us(0.5), delay.quantile_us(0.95)
    if half == most:
        return f"after {duration(half)}" if half else "at once"
    return f"half after {duration(half)}, 95 % after {duration(most)}"


def _lane(incident: Any, sort: str, levels: list[Floats]) -> Lane:
    return Lane(incident.label, sort, incident.kind, _steps(np.mean(levels, axis=0), np.max))


def _level(change: Any, times_us: NDArray[np.int64], *, always: bool = False) -> Floats:
    """Return how far a change has gone at each time, times the share that it concerns."""
    if hasattr(change, "gone"):
        gone = change.gone(times_us, always=always)
    else:
        gone = change.ramp(times_us)
    share = getattr(change, "share", 1.0)
    return np.broadcast_to(np.asarray(gone, dtype=np.float64), times_us.shape) * share


def _part(scenario: Scenario, change: Any) -> float:
    """Return the share of the users that a change concerns."""
    segments = scenario.stream.segments
    if not change.segment or segments is None:
        return 1.0
    return segments.shares[segments.names.index(change.segment)]


def _steps(values: Floats, how: Any) -> Floats:
    return np.asarray(how(np.clip(values, 0.0, 1.0).reshape(-1, FINE), axis=1))


def _known(scenario: Scenario, times_us: NDArray[np.int64]) -> Floats:
    """Return which share of the labels of requests at *times_us* is there by the end of the year.

    What outages swallow and what reviewers have no time for is left out; what answers decide is
    not foreseen.
    """
    labels, segments = scenario.labels, scenario.stream.segments
    parts = [("", 1.0)]
    if segments is not None:
        parts = list(zip(segments.names, segments.shares, strict=True))
    known = sum(part * _known_of(scenario, name, times_us) for name, part in parts)
    return np.asarray(known) * min(labels.coverage, _looked_at(scenario))


def _known_of(scenario: Scenario, segment: str, times_us: NDArray[np.int64]) -> Floats:
    """Return the same for the users of one segment, of those labels that ever come."""
    delay, horizon_us = scenario.labels.delay, us(scenario.horizon)
    if isinstance(delay, PerSegment):
        of = dict(zip(delay.segments, delay.delays, strict=True))
        delay = of.get(segment, delay.rest)
    outages = [
        fault
        for fault in scenario.faults
        if isinstance(fault, LabelOutage) and fault.then == "lost"
        if fault.segment in ("", segment)
    ]
    shares = np.linspace(0.005, 0.995, 100)
    known = np.zeros(len(times_us))
    for share in shares:
        due_us = times_us + delay.quantile_us(float(share))
        comes = (due_us < horizon_us).astype(np.float64)
        for outage in outages:
            comes *= 1.0 - outage.share * np.asarray(outage.ramp(due_us))
        known += comes
    return known / len(shares)


def _looked_at(scenario: Scenario) -> float:
    """Return the share of all requests for which reviewers have time, 1 where nobody reviews."""
    review = scenario.labels.selection
    if not isinstance(review, Review):
        return 1.0
    per_day = float(scenario.stream.traffic.per_us) * DAY_US
    working = WORKING_DAYS / 7 if review.office else 1.0
    return min(review.share, review.per_day * working / per_day)


def _wait(labels: Labels) -> str:
    if isinstance(labels.selection, Review):
        return "by review"
    if isinstance(labels.selection, Selective):
        return "as answers allow"
    if isinstance(labels.delay, PerSegment):
        return "by segment"
    half = labels.delay.quantile_us(0.5)
    return f"half after {duration(half)}" if half else "at once"


def _cut(words: str, width: int) -> str:
    return words if len(words) <= width else words[: width - 1] + "…"
