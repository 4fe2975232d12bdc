"""Trainings: one at a time, in the order in which they were asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from sim.actions import window
from sim.artifacts import CannotBuild
from sim.cards import JobCard
from sim.clock import HOUR_US, Phase, us
from sim.errors import one_of, refuse, whole
from sim.facts import TrainingBegun, TrainingFailed
from sim.faults import Ban, BuildFault
from sim.registry import Origin, Recipe

if TYPE_CHECKING:
    from sim.actions import Retrain
    from sim.artifacts import Model
    from sim.registry import Registry
    from sim.scenario import Training
    from sim.stage import Stage
    from sim.storage import Snapshot
    from sim.workshop import Build


@dataclass(frozen=True)
class Order:
    """A training that was asked for: its number, what was asked, the trigger's digest."""

    number: int
    asked: Retrain
    trigger: str


class Begun(NamedTuple):
    """A training that has begun: what it goes by, and under which faults."""

    recipe: Recipe
    acting: tuple[BuildFault, ...]


JobLuck = Callable[[str], float]
"""A job's own luck by name: a number in [0, 1)."""


def hitting(faults: Iterable[BuildFault], luck: JobLuck) -> tuple[BuildFault, ...]:
    """Return those of the *faults* acting that hit a job."""
    return tuple(fault for fault in faults if luck(f"hit by {fault.label}") < fault.share)


def lasts_us(
    training: Training,
    rows: int,
    acting: tuple[BuildFault, ...],
    *,
    times: int = 1,
    parts: int = 1,
) -> int:
    """Return how long a job on so many *rows* takes, done *times* over, as one of *parts*."""
    took_us = (us(training.fixed) + us(training.per_record) * rows) * times // parts
    for fault in acting:
        took_us = round(took_us * fault.slower)
    return took_us


def crashes(training: Training, acting: tuple[BuildFault, ...], luck: JobLuck) -> bool:
    """Say whether a job is fated to fail."""
    if training.failure and luck("failure") < training.failure:
        return True
    return any(f.failing and luck(f"failure by {f.label}") < f.failing for f in acting)


class Jobs:
    """The queue of trainings; what they build is entered into the *registry*."""

    def __init__(self, stage: Stage, registry: Registry) -> None:
        self._stage, self._registry = stage, registry
        self._queue: list[Order] = []
        self._busy = False
        self._begun: dict[int, int] = {}

    def retrain(self, order: Retrain) -> None:
        """Put a training into the queue."""
        stage = self._stage
        if order.stage:
            stages = getattr(stage.scenario.artifact, "stages", ())
            if not stages:
                refuse("retrain.stage", order.stage, "only a Pipeline has stages")
            one_of("retrain.stage", order.stage, stages)
        whole("retrain.candidates", order.candidates, 1, 1_000)
        shown = str(window(order.window))
        signals = stage.chain.newest("monitoring signals", stage.desk.route.champion)
        why = {"why": order.why, "window": shown}
        trigger = stage.link("retraining trigger", stage.desk.route.champion, why, signals)
        stage.settle()
        stage.desk.last_build_us = stage.now_us
        stage.desk.asked_us.append(stage.now_us)
        stage.desk.labels_at_build = stage.flight.labels_arrived
        stage.jobs += 1
        self._queue.append(Order(stage.jobs, order, trigger))
        card = JobCard(job=stage.jobs, asked_us=stage.now_us, window=shown, running=False)
        stage.desk.jobs.append(card)
        self._start()

    def _start(self) -> None:
        """Take up the next training if none is under way: now the snapshot is taken."""
        if self._busy or not self._queue:
            return
        stage = self._stage
        self._busy = True
        order = self._queue.pop(0)
        number = order.number
        slot = stage.now_us // HOUR_US
        nth = self._begun[slot] = self._begun.get(slot, 0) + 1
        now_us, key, flight = stage.now_us, stage.moment, stage.flight
        stage.settle()
        acting = hitting(stage.acting(BuildFault), partial(self._luck, (slot, nth)))
        asked = order.asked
        recipe = Recipe(
            asked=asked,
            now_us=now_us,
            key=key,
            at=(slot, nth),
            effects=stage.stored,
            unused=self._unused(),
            tied=flight.tied(key),
            warm=self._goes_on_from(asked),
        )
        snapshot = stage.workshop.storage.snapshot(
            window(asked.window),
            now_us,
            lambda number, page: flight.arrived(number, page, key),
            recipe.effects,
            acting,
            recipe.unused,
        )
        training, rows = stage.scenario.training, len(snapshot)
        parts = self._parts(asked)
        ends_us = now_us + lasts_us(training, rows, acting, times=asked.candidates, parts=parts)
        begun = Begun(recipe, acting)
        stage.tell(
            TrainingBegun(
                at_us=now_us,
                job=number,
                snapshot=snapshot.digest,
                rows=len(snapshot),
                ends_us=ends_us,
            )
        )
        cards = stage.desk.jobs
        cards[0] = JobCard(
            job=number, asked_us=cards[0].asked_us, window=cards[0].window, running=True
        )
        stage.agenda.at(ends_us, Phase.JOBS, lambda: self._done(order, begun, snapshot))

    def _unused(self) -> frozenset[str]:
        """Return the columns that nobody may or wants to use."""
        banned = (name for ban in self._stage.acting(Ban) for name in ban.columns)
        return frozenset((*banned, *self._stage.desk.quarantined))

    def _parts(self, asked: Retrain) -> int:
        """Return of how many equal parts this training is one: a stage alone is one of several."""
        stages = getattr(self._stage.scenario.artifact, "stages", ())
        return len(stages) if asked.stage else 1

    def _goes_on_from(self, asked: Retrain) -> Model | None:
        """Return the champion if it is where this training begins."""
        stage = self._stage
        champion = stage.builds[stage.desk.route.champion].model
        return champion if asked.warm or asked.stage else None

    def _done(self, order: Order, begun: Begun, snapshot: Snapshot) -> None:
        stage, asked = self._stage, order.asked
        cost = stage.scenario.training.cost * asked.candidates / self._parts(asked)
        stage.desk.spent += cost
        stage.desk.jobs.pop(0)
        self._busy = False
        try:
            build = self._build(begun, asked, snapshot)
        except CannotBuild as error:
            stage.tell(
                TrainingFailed(at_us=stage.now_us, job=order.number, why=str(error), cost=cost)
            )
            stage.ask("training failed")
        else:
            origin = Origin(
                job=order.number,
                trigger=order.trigger,
                cost=cost,
                stage=asked.stage,
                recipe=begun.recipe,
            )
            name = f"v{len(stage.builds)}"
            self._registry.enter(name, "candidate", snapshot, build, origin)
            stage.ask("candidate")
        self._start()

    def _build(self, begun: Begun, order: Retrain, snapshot: Snapshot) -> Build:
        """Build the version; its luck hangs on the hour in which it was *begun*, and its place."""
        stage = self._stage
        if not len(snapshot):
            raise CannotBuild("no labelled record in the window")
        luck = partial(self._luck, begun.recipe.at)
        if crashes(stage.scenario.training, begun.acting, luck):
            raise CannotBuild("the job crashed")
        warm = self._goes_on_from(order)
        build = stage.workshop.build(
            snapshot, warm, luck, order.stage, begun.acting, order.candidates
        )
        share = max((fault.crashing for fault in begun.acting), default=0.0)
        return replace(build, crashes=share) if share else build

    def _luck(self, at: tuple[int, int], name: str) -> float:
        return self._stage.luck.uniform(name, *at)
