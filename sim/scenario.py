"""The script of a world, as frozen data."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sim.artifacts import Artifact, Learned, Online, Parametric, Pipeline
from sim.clock import HOUR_US, Calendar, positive_us, us
from sim.concepts import Moving, Questions
from sim.digest import digest
from sim.drift import Drift
from sim.errors import fits, one_of, refuse, whole, within
from sim.faults import CostChange, Fault, Surge, Upgrade
from sim.labels import Labels
from sim.losses import Chance, Costs, Expected, Loss, Squared, ZeroOne
from sim.people import People
from sim.prices import Prices
from sim.queueing import Queue
from sim.selection import Review, Selective
from sim.users import Users

if TYPE_CHECKING:
    from collections.abc import Collection

    from sim.stream import Stream


SEAMS = ("data", "training", "release", "feedback")
"""The parts of a lifecycle; systems break where one hands over to the next."""

MOST_TICKS = 5_000_000
"""The timeline has a few hundred bytes for each."""

MOST_TIMES = 10_000
"""Each time that a recurring drift comes is an incident of its own."""


def ticks_in(horizon_us: int, tick: str, field: str) -> int:
    """Return how many of *tick* fit into a horizon; refuse more than a timeline can hold."""
    ticks = horizon_us // positive_us(tick, field)
    if ticks > MOST_TICKS:
        remedy = f"that makes {ticks:,} ticks, and a timeline holds {MOST_TICKS:,}: give more"
        refuse(field, tick, remedy)
    return ticks


@dataclass(frozen=True, kw_only=True)
class Training:
    """A job takes *fixed* and *per_record*, fails with *failure*, costs *cost*.

    *holdout* is the newest share of a snapshot that is kept from fitting and used for the
    claim; 0 claims on the very data that was fitted. Setting a threshold or recalibrating takes
    *adjusting*, collecting the stored data again *collecting*.
    """

    fixed: str = "1h"
    per_record: str = "0s"
    failure: float = 0.0
    cost: float = 0.0
    holdout: float = 0.2
    adjusting: str = "10m"
    collecting: str = "8h"

    def __post_init__(self) -> None:
        us(self.adjusting, "training.adjusting")
        us(self.collecting, "training.collecting")
        us(self.fixed, "training.fixed")
        us(self.per_record, "training.per_record")
        within("training.failure", self.failure, 0, 1)
        within("training.cost", self.cost, 0, 1e15)
        within("training.holdout", self.holdout, 0, 0.9)


@dataclass(frozen=True, kw_only=True)
class Service:
    """How requests are answered and how fast routing changes.

    *mode* is 'online' or 'batch': then what came in is answered every *every*. *contract* is
    'lenient' (gaps are filled with training means, nobody is told) or 'strict' (a record that
    breaks the contract gets the fallback). *deploy*, *rollback* and *flag* are how long it
    takes to put out a new version, to go back to a kept one, and to switch a flag or a share.
    With a *queue* requests wait for the server.
    """

    mode: str = "online"
    every: str = "1d"
    contract: str = "lenient"
    deploy: str = "2h"
    rollback: str = "2m"
    flag: str = "5s"
    no_answer_loss: float = 1.0
    queue: Queue | None = None

    def __post_init__(self) -> None:
        one_of("service.mode", self.mode, ("online", "batch"))
        one_of("service.contract", self.contract, ("strict", "lenient"))
        positive_us(self.every, "service.every")
        for name in ("deploy", "rollback", "flag"):
            us(getattr(self, name), f"service.{name}")
        within("service.no_answer_loss", self.no_answer_loss, 0, 1e15)
        if self.queue is not None:
            fits("service.queue", self.queue, "work_us", "Queue(mean='50ms')")
            if self.mode == "batch":
                refuse("service.queue", self.queue, "nobody waits in line for a batch")

    @property
    def batch_us(self) -> int:
        """How often a batch is answered; 0 if requests are answered as they come."""
        return us(self.every) if self.mode == "batch" else 0


def batch(*, every: str = "1d", **rest: Any) -> Service:
    """Answer what came in every *every*, at once."""
    return Service(mode="batch", every=every, **rest)


@dataclass(frozen=True, kw_only=True)
class Launch:
    """The first champion: trained on *window* before day 0, all labelled, free of charge."""

    window: str = "30d"

    def __post_init__(self) -> None:
        positive_us(self.window, "launch.window")


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A world: its stream, faults, labels, artifact, service, people, and its story.

    *cause* is what nobody in the story knows, *expect* what a good team should achieve, *lesson*
    what one takes home; *seam* is the part of the lifecycle at whose edge it breaks: data,
    training, release or feedback.
    *tolerance* is how much mean excess loss over a day or 5,000 requests counts as harm;
    None is 0.02 for 0/1 loss and 5 % of the calm world's mean loss otherwise.
    """

    name: str
    stream: Stream
    story: str = ""
    cause: str = ""
    expect: str = ""
    lesson: str = ""
    seam: str = ""
    domain: str = ""
    horizon: str = "26w"
    tick: str = "1h"
    faults: tuple[Fault, ...] = ()
    labels: Labels = field(default_factory=Labels)
    artifact: Artifact = field(default_factory=Learned)
    loss: Loss | None = None
    training: Training = field(default_factory=Training)
    service: Service = field(default_factory=Service)
    launch: Launch = field(default_factory=Launch)
    people: People = field(default_factory=People)
    users: Users | None = None
    calendar: Calendar = field(default_factory=Calendar)
    tolerance: float | None = None
    prices: Prices = field(default_factory=Prices)

    def __post_init__(self) -> None:
        if self.seam:
            one_of("scenario.seam", self.seam, SEAMS)
        fits("scenario.artifact", self.artifact, "build", "Learned(estimator=…) or Online(model=…)")
        if self.loss is not None:
            fits("scenario.loss", self.loss, "of", "ZeroOne() or Squared()")
        if self.users is not None:
            fits("scenario.users", self.users, "react", "Users()")
        if self.tolerance is not None:
            within("scenario.tolerance", self.tolerance, 0, float("inf"))
        tick_us = positive_us(self.tick, "scenario.tick")
        if positive_us(self.horizon, "scenario.horizon") % tick_us:
            refuse("scenario.horizon", self.horizon, f"it must be whole ticks of {self.tick}")
        ticks_in(us(self.horizon), self.tick, "scenario.tick")
        if tick_us % HOUR_US and HOUR_US % tick_us:
            refuse("scenario.tick", self.tick, "it must be whole hours or a whole part of one")
        if self.service.batch_us % tick_us:
            refuse("service.every", self.service.every, f"it must be whole ticks of {self.tick}")
        self._check_incidents()
        self._check_selection()
        self.labels.check(self.stream.segments)
        for fault in self.faults:
            fault.check(self.stream.concept.schema)
            fault.check_segment(self.stream.segments)
            if isinstance(fault, Upgrade):
                fault.recipe(self.artifact)  # refuses defaults that its estimator doesn't have
        if isinstance(self.stream.concept, Questions) != isinstance(self.artifact, Pipeline):
            refuse("scenario.artifact", self.artifact, "a world of Questions goes with Pipeline")
        if isinstance(self.stream.concept, Moving) != isinstance(self.artifact, Parametric):
            refuse("scenario.artifact", self.artifact, "a Moving world goes with Parametric")
        if isinstance(self.artifact, Parametric) != isinstance(self.loss, Expected | Chance):
            refuse("scenario.loss", self.loss, "Expected() and Chance() go with Parametric alone")
        if self.stream.concept.classes == 0 and isinstance(self.loss, ZeroOne):
            refuse("scenario.loss", self.loss, "the outcome is a number: Squared() or Absolute()")
        costly = any(isinstance(fault, CostChange) for fault in self.faults)
        if costly and not (
            self.stream.concept.classes == 2 and isinstance(self.judged_by, ZeroOne | Costs)
        ):
            refuse("scenario.loss", self.judged_by, "a cost change goes with two classes")
        if self.service.queue is None and any(isinstance(f, Surge) for f in self.faults):
            refuse("service.queue", None, "a latency surge goes with service.queue=Queue()")
        if isinstance(self.artifact, Online) and self.labels.selection is not None:
            refuse("labels.selection", self.labels.selection, "it goes with a Learned artifact")
        if isinstance(self.artifact, Online) and self.service.mode == "batch":
            refuse("service.mode", "batch", "an online model answers requests as they come")

    def _check_incidents(self) -> None:
        """Refuse names that stand twice, and what comes round all the time."""
        labels = [d.label for d in self.incidents]
        for label in labels:
            if labels.count(label) > 1:
                remedy = f"{labels.count(label)} drifts or faults are called so, name them apart"
                refuse(f"{label}.name", label, remedy)
        for drift in self.stream.drifts:
            if isinstance(drift, Drift) and drift.shape == "recurring":
                times = (us(self.horizon) - drift.at_us) // us(drift.every)
                if times > MOST_TIMES:
                    remedy = f"that makes {times:,} incidents, give at most {MOST_TIMES:,}"
                    refuse(f"{drift.label}.every", drift.every, remedy)
                for label in labels:
                    if re.fullmatch(re.escape(drift.label) + r" #\d+", label):
                        remedy = f"so a return of {drift.label!r} is called, name it otherwise"
                        refuse(f"{label}.name", label, remedy)

    def _check_selection(self) -> None:
        """Refuse answers that nobody can give: no label would ever come."""
        chosen, classes = self.labels.selection, self.stream.concept.classes
        if isinstance(chosen, Selective):
            if not classes:
                refuse("labels.selection", chosen, "the outcome is a number: it goes with classes")
            for answer in chosen.answers:
                whole("selective.answers", answer, 0, classes - 1)

    @property
    def incidents(self) -> tuple[Any, ...]:
        """All that goes wrong: drifts and faults, in order of declaration."""
        return (*self.stream.drifts, *self.faults)

    @cached_property
    def digest(self) -> str:
        """The digest of the whole script."""
        return digest(self)

    @cached_property
    def recipe_digest(self) -> str:
        """The digest of what is built."""
        return digest(self.artifact)

    @cached_property
    def world_digest(self) -> str:
        """The digest of what the data depend on."""
        return digest(
            [
                self.stream,
                self.faults,
                self.labels,
                self.tick,
                self.service.batch_us,
                self.calendar.starts_on,
                self.judged_by,
            ]
        )

    @property
    def judged_by(self) -> Loss:
        """The loss, by default 0/1 for classes and squared for numbers."""
        if self.loss is not None:
            return self.loss
        return ZeroOne() if self.stream.concept.classes else Squared()

    @property
    def closed_loop(self) -> bool:
        """Whether what the operator does can change the data."""
        selected = self.labels.selection is not None
        return selected or bool(self.stream.loops) or any(fault.fixed_by for fault in self.faults)

    def calm(self) -> Scenario:
        """Return the same world without its incidents."""
        return self.only(())

    def only(self, names: Collection[str]) -> Scenario:
        """Return the same world with no other incidents than those called *names*."""
        faults = tuple(fault for fault in self.faults if fault.label in names)
        return replace(self, stream=self.stream.only(names), faults=faults)


def described(scenario: Scenario) -> dict[str, Any]:
    """Return what a ledger says of its scenario: all that measures need, as plain data."""
    unavailable = getattr(scenario.stream, "unavailable", ())
    return {
        **({"unavailable": list(unavailable)} if unavailable else {}),
        "name": scenario.name,
        "digest": scenario.digest,
        "story": scenario.story,
        "horizon_us": us(scenario.horizon),
        "loss": repr(scenario.judged_by),
        "tolerance": scenario.tolerance,
        "closed_loop": scenario.closed_loop,
        "label_delay_us": scenario.labels.delay.quantile_us(0.95),
        "prices": asdict(scenario.prices),
        "reviewed": isinstance(scenario.labels.selection, Review),
    }
