"""Small worlds for tests of the laws: a few thousand records, many pages, all kinds of trouble."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from sklearn.linear_model import LinearRegression as Line
from sklearn.linear_model import LogisticRegression
from sklearn.tree import DecisionTreeClassifier

import sim.traffic
from sim.artifacts import Artifact, Learned, Pipeline
from sim.clock import HOUR_US
from sim.concepts import (
    SEA,
    Agrawal,
    Concept,
    GaussianClasses,
    GaussianMixture,
    Linear,
    LinearRegression,
    Questions,
    Stagger,
)
from sim.drift import (
    CategoryShift,
    ConceptDrift,
    CovariateShift,
    Drift,
    PriorShift,
    StageDrift,
)
from sim.errors import Mistake
from sim.faults import CostChange, Fault, Recollected, Surge, Upgrade
from sim.labels import Constant, Delay, Empirical, Labels, LogNormal, PerSegment
from sim.losses import Costs
from sim.people import People
from sim.queueing import Queue
from sim.scenario import Launch, Scenario, Service, Training
from sim.selection import Review, Selection, Selective
from sim.stream import Season, Stream
from sim.traffic import Segments, Traffic
from sim.users import Users
from tests.sim.laws.operators import coin

if TYPE_CHECKING:
    from collections.abc import Iterator


def quick(examples: int) -> settings:
    """Return settings for a few examples, the same at every run; `deep` ones shrink as well."""
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )


def deep(examples: int) -> settings:
    """Return settings for a thorough search."""
    return settings(quick(examples), phases=(Phase.explicit, Phase.generate, Phase.shrink))


@dataclass(frozen=True)
class Pace:
    """How dense a world is: *rate* and *arrivals*, *tick*, and how many ticks it lasts."""

    rate: str
    arrivals: str
    tick_us: int
    ticks: int

    @property
    def records(self) -> int:
        """How many requests come in one tick, about."""
        return round(Traffic(rate=self.rate).per_us * Fraction(self.tick_us))


EVEN = Pace("60/h", "even", HOUR_US, 40)
POISSON = Pace("300/h", "poisson", HOUR_US, 8)
SPARSE = Pace("2/h", "poisson", 6 * HOUR_US, 160)
CROWDED = Pace("3000000/s", "poisson", 100, 8)
"""three records in each microsecond, and trainings and releases between them"""


def span(value_us: float) -> str:
    """Write a duration exactly."""
    return f"{round(value_us)}us"


@contextmanager
def pages_of(records: int) -> Iterator[None]:
    """Let a page hold about so many *records*, so that a small world has many pages."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sim.traffic, "PAGE_RECORDS", records)
        yield


def world(
    pace: Pace = EVEN,
    *,
    concept: Concept | None = None,
    delay: Delay | None = None,
    coverage: float = 1.0,
    noise: float = 0.0,
    corrected: float = 0.0,
    segments: Segments | None = None,
    drifts: tuple[Drift, ...] | None = None,
    faults: tuple[Fault, ...] = (),
    selection: Selection | None = None,
    **rest: Any,
) -> Scenario:
    """Return a small world at *pace*; trainings and releases take no time unless *rest* says so."""
    concept = Linear(columns=10, noise=0.1) if concept is None else concept
    if drifts is None:
        drifts = (ConceptDrift(at=span(pace.tick_us * (pace.ticks // 2)), to=turned(concept)),)
    records = max(pace.records, 1)
    given: dict[str, Any] = {
        "training": Training(fixed="0"),
        "service": Service(deploy="0", rollback="0", flag="0"),
        "launch": Launch(window=span(pace.tick_us * max(1, -(-400 // records)))),
        "people": People(data="30m", model="0", office=False),
    } | rest
    return Scenario(
        name="a small world",
        stream=Stream(
            concept=concept,
            traffic=Traffic(rate=pace.rate, arrivals=pace.arrivals, entities=50, sources=7),
            drifts=drifts,
            segments=segments,
        ),
        horizon=span(pace.tick_us * pace.ticks),
        tick=span(pace.tick_us),
        labels=Labels(
            delay=delay or Constant(delay=span(2 * pace.tick_us)),
            coverage=coverage,
            noise=noise,
            selection=selection,
            corrected=corrected,
            corrected_after=span(1.5 * pace.tick_us),
        ),
        faults=faults,
        **given,
    )


def turned(concept: Any) -> Concept:
    """Return the rule that *concept* changes to."""
    if isinstance(concept, SEA):
        return replace(concept, threshold=12.0)
    if isinstance(concept, Agrawal | Stagger):
        return replace(concept, function=1)
    changed: Concept = replace(concept, rule="another")
    return changed


CONCEPTS: tuple[Concept, ...] = (
    Linear(columns=10, noise=0.1),
    SEA(noise=0.05),
    GaussianClasses(columns=3, distance=2.0),
    LinearRegression(columns=5),
    Stagger(function=2, noise=0.1),
    Agrawal(perturbation=0.1, noise=0.05),
    GaussianMixture(columns=2, noise=0.05),
)
QUESTIONS = Questions(topics=3, candidates=6)
"""the world of a pipeline, whose rule never changes: the world moves away from a stage"""
PACES = (EVEN, POISSON, SPARSE, CROWDED)


@st.composite
def paces(draw: st.DrawFn) -> Pace:
    """Draw how dense a world is."""
    return draw(st.sampled_from(PACES))


@st.composite
def delays(draw: st.DrawFn, tick_us: int) -> Delay:
    """Draw how long labels take: nothing, whole ticks, parts of one, or anything."""
    ticks = draw(st.sampled_from((0.0, 1.0, 3.0, 0.37, 9.5)))
    kind = draw(st.sampled_from(("constant", "drawn", "known", "by segment")))
    if kind == "constant":
        return Constant(delay=span(ticks * tick_us))
    if kind == "known":
        return Empirical(durations=(span(ticks * tick_us), "0", span(tick_us / 3)))
    if kind == "by segment":
        slow = LogNormal(median=span(3 * tick_us), sigma=1.0)
        return PerSegment(segments=("app",), delays=(slow,), rest=Constant(delay=span(tick_us)))
    return LogNormal(median=span(ticks * tick_us), sigma=draw(st.sampled_from((0.0, 1.0, 3.0))))


def kinds_of(kind: type[Any]) -> list[type[Any]]:
    """Return the classes of the engine that derive from *kind* and can happen."""
    below = [made for sub in kind.__subclasses__() for made in kinds_of(sub)]
    own = [kind] if hasattr(kind, "kind") and kind.__module__.startswith("sim.") else []
    return [*own, *below]


def fault_of(kind: type[Fault], concept: Concept, **rest: Any) -> Fault | None:
    """Return a fault of one *kind* as this concept can have it, or None if it cannot."""
    names = concept.schema.names
    choices: list[dict[str, tuple[str, ...]]] = [
        {"columns": c} for c in ((names[-1],), names[:2], names[:1])
    ]
    choices.append({})
    day: dict[str, Any] = {"low": 0.0, "high": 5.0} if hasattr(kind, "high") else {}
    if kind is Upgrade and isinstance(concept, Questions):
        return None
    if kind is CostChange:
        if concept.classes != 2 or isinstance(concept, Questions):
            return None
        choices, rest = [{}], {k: v for k, v in rest.items() if k in ("at", "until", "name")}
        day["to"] = Costs(false_positive=1.0, false_negative=4.0)
    if kind is Recollected:
        day["column"] = names[0]
    elif kind is Upgrade:
        tree = isinstance(concept, Agrawal)
        day["defaults"] = (("max_depth", 2),) if tree else (("fit_intercept", False),)
    for choice in choices:
        try:
            fault = kind(**{**rest, **choice, **day})
            fault.check(concept.schema)
        except Mistake:
            continue
        return fault
    return None


@st.composite
def troubles(draw: st.DrawFn, pace: Pace, concept: Concept) -> tuple[Fault, ...]:
    """Draw up to three faults of any kind; somebody can repair some of them."""
    found: list[Fault] = []
    kinds = sorted(kinds_of(Fault), key=lambda kind: kind.__name__)
    for i in range(draw(st.integers(0, 3))):
        kind = kinds[coin("kind", draw(st.integers(0, 2**32)), i) % len(kinds)]
        at_us = draw(st.integers(0, pace.ticks - 1)) * pace.tick_us
        at_us += draw(st.sampled_from((0, pace.tick_us // 3)))
        long_us = draw(st.sampled_from((0, pace.tick_us * 2)))
        given = {
            "name": f"fault {i}",
            "at": span(at_us),
            "width": span(draw(st.sampled_from((0, long_us // 2)))),
            "until": span(at_us + long_us) if long_us else "",
            "share": draw(st.sampled_from((1.0, 0.4))),
            "segment": draw(st.sampled_from(("", "", "", "app"))),
        }
        owner = draw(st.sampled_from(("", "data")))
        fault = fault_of(kind, concept, fixed_by=owner, **given)
        fault = fault or fault_of(kind, concept, **given)
        if fault is not None:
            found.append(fault)
    return tuple(found)


@st.composite
def shapes(draw: st.DrawFn, tick_us: int) -> dict[str, str]:
    """Draw in which way a change comes and goes."""
    return draw(
        st.sampled_from(
            (
                {"shape": "abrupt"},
                {"shape": "gradual", "width": span(2.5 * tick_us)},
                {"shape": "incremental", "width": span(2.5 * tick_us)},
                {"shape": "blip", "lasts": span(1.3 * tick_us)},
                {"shape": "recurring", "every": span(3 * tick_us), "lasts": span(tick_us)},
                {"shape": "seasonal", "every": span(4.7 * tick_us)},
            )
        )
    )


def change_of(kind: str, concept: Concept, when: dict[str, Any]) -> Drift:
    """Return a change of one *kind*, as this concept can have it."""
    columns = concept.schema.columns
    if isinstance(concept, Questions) and kind != "columns":
        moved = {"rule": "ranking", "prior": "retrieval", "categories": "generation"}
        return StageDrift(stage=moved[kind], by=0.7, **when)
    if kind == "rule":
        return ConceptDrift(to=turned(concept), **when)
    if kind == "prior" and concept.classes:
        share = (0.7, 0.2, 0.1) if concept.classes == 3 else 0.4
        return PriorShift(to=share, **when)
    for column in columns:
        if kind == "categories" and column.kind == "category":
            many = len(column.categories) + 1  # the last of the mix never occurred before
            mix = (1 / many,) * many
            return CategoryShift(columns=(column.name,), mix=mix, **when)
    if all(column.kind == "category" for column in columns):
        return CategoryShift(columns=(columns[0].name,), mix=(0.1, 0.9), **when)
    return CovariateShift(columns=(columns[0].name,), **when)


@st.composite
def drifts_of(
    draw: st.DrawFn, pace: Pace, concept: Concept, segments: tuple[str, ...] = ("",)
) -> tuple[Drift, ...]:
    """Draw up to two drifts, each of one of *segments* ('' is everybody)."""
    kinds = st.sampled_from(("rule", "columns", "categories", "prior"))
    found: list[Drift] = []
    for kind in draw(st.lists(kinds, max_size=2, unique=True)):
        at = span(draw(st.integers(0, pace.ticks - 1)) * pace.tick_us)
        when: dict[str, Any] = {"at": at, "name": f"drift of {kind}", **draw(shapes(pace.tick_us))}
        when["segment"] = draw(st.sampled_from(segments))
        found.append(change_of(kind, concept, when))
    return tuple(found)


@st.composite
def scenarios(
    draw: st.DrawFn, *, among: tuple[Pace, ...] = PACES, closed: bool = True, batch: bool = True
) -> Scenario:
    """Draw a small world; *closed*: some faults may be repaired, *batch*: at times by batch."""
    pace = draw(st.sampled_from(among))
    concept = draw(st.sampled_from((*CONCEPTS, QUESTIONS)))
    faults = draw(troubles(pace, concept))
    if not closed:
        faults = tuple(replace(fault, fixed_by="") for fault in faults)
    delay = draw(delays(pace.tick_us))
    grouped = isinstance(delay, PerSegment) or any(fault.segment for fault in faults)
    grouped = grouped or draw(st.integers(0, 2)) == 2
    season = None
    if not isinstance(concept, Questions) and draw(st.booleans()):
        season = Season(amplitude=0.03, period=span(pace.tick_us * 11.3), peak="0")
    time = st.sampled_from(("0", span(pace.tick_us), span(pace.tick_us * 0.4)))
    by_batch = batch and draw(st.integers(0, 4)) == 0
    queue = None
    if by_batch:
        faults = tuple(fault for fault in faults if not isinstance(fault, Surge))
    elif any(isinstance(fault, Surge) for fault in faults) or draw(st.booleans()):
        took_us = max(1, pace.tick_us // max(1, 2 * pace.records))
        queue = Queue(mean=span(took_us), patience=span(10 * took_us))
    made = world(
        pace,
        concept=concept,
        delay=delay,
        selection=draw(selections(delay, concept)) if closed else None,
        users=draw(st.sampled_from((None, Users()))),
        segments=Segments(names=("web", "app")) if grouped else None,
        coverage=draw(st.sampled_from((1.0, 0.7))),
        noise=draw(st.sampled_from((0.0, 0.1))),
        corrected=draw(st.sampled_from((0.0, 0.5))),
        drifts=draw(drifts_of(pace, concept, ("", "web") if grouped else ("",))),
        faults=faults,
        artifact=artifact_of(concept),
        training=Training(
            fixed=draw(time), failure=draw(st.sampled_from((0.0, 0.3))), cost=1.5, holdout=0.2
        ),
        service=Service(
            mode="batch" if by_batch else "online",
            every=span(2 * pace.tick_us),
            contract=draw(st.sampled_from(("strict", "lenient"))),
            deploy=draw(time),
            rollback=draw(time),
            flag="0",
            queue=queue,
        ),
    )
    return replace(made, stream=replace(made.stream, season=season))


def artifact_of(concept: Concept) -> Artifact:
    if isinstance(concept, Questions):
        return Pipeline(retrieved=4, handed=2, generation=0.9)
    return Learned(estimator=_estimator(concept))


@st.composite
def selections(draw: st.DrawFn, delay: Delay, concept: Concept) -> Selection | None:
    """Draw how answers decide on labels, if they do."""
    ways: list[Selection | None] = [None, None]
    if concept.classes:
        ways.append(Selective(answers=(1,), share=0.2))
    if isinstance(delay, Constant):
        ways.append(Review(per_day=3_000, longest=50, office=False, escalates=0.3, expert="50m"))
    return draw(st.sampled_from(ways))


def _estimator(concept: Concept) -> Any:
    if not concept.classes:
        return Line()
    if isinstance(concept, Agrawal):  # its columns differ too much in size for a line
        return DecisionTreeClassifier(max_depth=4)
    return LogisticRegression()
