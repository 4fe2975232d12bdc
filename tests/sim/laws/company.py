"""Worlds in which each kind of fault acts once in company: drifts, seasons, segments, labels."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.concepts import Questions
from sim.faults import Fault, Surge
from sim.labels import Constant, Empirical, LogNormal, PerSegment
from sim.loops import Feedback
from sim.queueing import Queue
from sim.scenario import Service, Training
from sim.selection import Review, Selective
from sim.stream import Season
from sim.traffic import Segments
from sim.users import Users
from tests.sim.laws.worlds import (
    CONCEPTS,
    EVEN,
    QUESTIONS,
    artifact_of,
    change_of,
    fault_of,
    kinds_of,
    span,
    world,
)

if TYPE_CHECKING:
    from sim.concepts import Concept
    from sim.drift import Drift
    from sim.labels import Delay
    from sim.scenario import Scenario
    from sim.selection import Selection

FAULTS: tuple[type[Fault], ...] = tuple(sorted(kinds_of(Fault), key=lambda kind: kind.__name__))
DAY = replace(EVEN, ticks=26)
SHAPES: tuple[dict[str, str], ...] = (
    {"shape": "abrupt"},
    {"shape": "gradual", "width": "150m"},
    {"shape": "incremental", "width": "150m"},
    {"shape": "blip", "lasts": "80m"},
    {"shape": "recurring", "every": "7h", "lasts": "3h", "width": "1h"},
    {"shape": "seasonal", "every": "9h"},
)
CHANGES = ("rule", "columns", "categories", "prior")
DELAYS: tuple[Delay, ...] = (
    Constant(delay="2h"),
    LogNormal(median="1h", sigma=1.0),
    Empirical(durations=("0", "20m", "7h")),
    PerSegment(segments=("app",), delays=(LogNormal(median="3h", sigma=1.0),)),
)
ANSWERS: tuple[Selection, ...] = (
    Selective(answers=(1,), share=0.2),
    Review(per_day=3_000, longest=50, office=False, escalates=0.3, expert="50m"),
)


def in_company(place: int, turn: int = 0) -> Scenario:
    """Return a world of the *place*-th fault; every third is a closed loop.

    The fault hits some sources, in every other world those of one segment; a drift concerns the
    other segment, and another everybody. Concepts, shapes, drifts and labels take turns.
    """
    kind, place = FAULTS[place], place + 5 * turn
    closed = place % 3 == 2
    when = {"at": "10h", "until": "20h", "share": 0.6, "name": "the fault"}
    if place % 2:
        when["segment"] = "app"
    concept, fault = _fitting(kind, place, when, "data" if closed else "")
    delay, selection = DELAYS[place % len(DELAYS)], None
    if closed:
        selection = ANSWERS[place // 3 % 2] if concept.classes else None
        delay = DELAYS[0] if isinstance(selection, Review) else delay
    scenario = world(
        DAY,
        concept=concept,
        delay=delay,
        coverage=(1.0, 0.7)[place // 2 % 2],
        noise=(0.0, 0.1)[place // 3 % 2],
        corrected=(0.5, 0.0)[place % 2],
        selection=selection,
        users=Users() if place % 2 else None,
        segments=Segments(names=("web", "app")),
        drifts=_drifts(place, concept),
        faults=(fault,),
        artifact=artifact_of(concept),
        training=Training(fixed="20m", failure=0.2),
        service=Service(
            contract=("lenient", "strict")[place % 2],
            deploy="10m",
            rollback="0",
            flag="0",
            queue=Queue(mean="20s", patience="200s") if kind is Surge or place % 4 == 1 else None,
        ),
    )
    season = None if isinstance(concept, Questions) else Season(amplitude=0.03, period="17h")
    loops: tuple[Any, ...] = ()
    numbers = all(column.kind == "number" for column in concept.schema.columns)
    if closed and numbers and concept.classes == 2:
        loops = (Feedback(at="4h", strength=0.3, name="a bubble"),)
    stream = replace(
        scenario.stream, season=season, drifts=scenario.stream.drifts + loops, epoch="2h"
    )
    return replace(scenario, stream=stream)


def _fitting(
    kind: type[Fault], place: int, when: dict[str, Any], owner: str
) -> tuple[Concept, Fault]:
    """Return a concept that can have such a fault, and the fault."""
    for turn in range(len(CONCEPTS) + 1):
        concept = (*CONCEPTS, QUESTIONS)[(place + turn) % (len(CONCEPTS) + 1)]
        given = [{"fixed_by": owner}, {}] if owner else [{}]
        alone = {k: v for k, v in when.items() if k not in ("share", "segment")}
        for rest in (when, {k: v for k, v in when.items() if k != "segment"}, alone):
            for more in given:
                fault = fault_of(kind, concept, **rest, **more)
                if fault is not None:
                    return concept, fault
    raise AssertionError(f"no concept can have {kind.__name__}")


def _drifts(place: int, concept: Concept) -> tuple[Drift, ...]:
    shape, other = SHAPES[place % len(SHAPES)], SHAPES[(place // 2 + 1) % len(SHAPES)]
    one, two = CHANGES[place % 4], CHANGES[(place // 4 + 1 + place) % 4]
    first = change_of(one, concept, {"at": "6h", "name": "web's", "segment": "web", **shape})
    second = change_of(two, concept, {"at": "9h", "name": "everybody's", **other})
    return (first, second) if type(first) is not type(second) else (first,)


def horizon_us(scenario: Scenario) -> int:
    """Return when such a world ends."""
    assert scenario.horizon == span(DAY.tick_us * DAY.ticks)
    return DAY.tick_us * DAY.ticks
