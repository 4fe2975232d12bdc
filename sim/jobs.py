"""Trainings: one at a time, in the order in which they were asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from sim.actions import window
from sim.artifacts import CannotBuild
from sim.clock import HOUR_US, Phase, us
from sim.digest import digest
from sim.errors import one_of, refuse
from sim.facts import Built, TrainingBegun, TrainingFailed
from sim.faults import Ban, BuildFault
from sim.view import JobCard, VersionCard

if TYPE_CHECKING:
    from sim.actions import Retrain
    from sim.stage import Stage
    from sim.workshop import Build, Snapshot


@dataclass(frozen=True)
class Order:
    """A training that was asked for: its number, what was asked, the trigger's digest."""

    number: int
    asked: Retrain
    trigger: str


class Begun(NamedTuple):
    """A training that has begun: in which hour, as which of that hour, under which faults."""

    slot: int
    nth: int
    acting: tuple[BuildFault, ...]

    @property
    def at(self) -> tuple[int, int]:
        """What its luck hangs on."""
        return self.slot, self.nth


class Jobs:
    """The queue of trainings and the registry that they fill."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._queue: list[Order] = []
        self._asked = 0
        self._busy = False
        self._begun: dict[int, int] = {}
        self._stages: dict[str, dict[str, str]] = {}

    def retrain(self, order: Retrain) -> None:
        """Put a training into the queue."""
        stage = self._stage
        if order.stage:
            stages = getattr(stage.scenario.artifact, "stages", ())
            if not stages:
                refuse("retrain.stage", order.stage, "only a Pipeline has stages")
            one_of("retrain.stage", order.stage, stages)
        shown = str(window(order.window))
        signals = stage.chain.newest("monitoring signals", stage.desk.route.champion)
        why = {"why": order.why, "window": shown}
        trigger = stage.link("retraining trigger", stage.desk.route.champion, why, signals)
        stage.settle()
        stage.desk.last_build_us = stage.now_us
        stage.desk.asked_us.append(stage.now_us)
        stage.desk.labels_at_build = stage.flight.labels_arrived
        self._asked += 1
        self._queue.append(Order(self._asked, order, trigger))
        card = JobCard(job=self._asked, asked_us=stage.now_us, window=shown, running=False)
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
        acting = tuple(
            fault
            for fault in stage.acting(BuildFault)
            if self._luck((slot, nth), f"hit by {fault.label}") < fault.share
        )
        snapshot = stage.workshop.snapshot(
            window(order.asked.window),
            now_us,
            lambda number, page: flight.arrived(number, page, key),
            flight.effects,
            acting,
            self._unused(),
        )
        training = stage.scenario.training
        lasts_us = us(training.fixed) + us(training.per_record) * len(snapshot)
        ends_us = now_us + lasts_us // self._parts(order.asked)
        for fault in acting:
            ends_us = now_us + round((ends_us - now_us) * fault.slower)
        begun = Begun(slot, nth, acting)
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

    def _done(self, order: Order, begun: Begun, snapshot: Snapshot) -> None:
        stage = self._stage
        cost = stage.scenario.training.cost / self._parts(order.asked)
        stage.desk.spent += cost
        stage.desk.jobs.pop(0)
        self._busy = False
        try:
            build = self._build(begun, order.asked, snapshot)
        except CannotBuild as error:
            stage.tell(
                TrainingFailed(at_us=stage.now_us, job=order.number, why=str(error), cost=cost)
            )
            stage.ask("training failed")
        else:
            self.register(f"v{len(stage.builds)}", "candidate", snapshot, build, order)
            stage.ask("candidate")
        self._start()

    def _build(self, begun: Begun, order: Retrain, snapshot: Snapshot) -> Build:
        """Build the version; its luck hangs on the hour in which it was *begun*, and its place."""
        stage = self._stage
        if not len(snapshot):
            raise CannotBuild("no labelled record in the window")
        luck = partial(self._luck, begun.at)
        failure = stage.scenario.training.failure
        if failure and luck("failure") < failure:
            raise CannotBuild("the job crashed")
        for fault in begun.acting:
            if fault.failing and luck(f"failure by {fault.label}") < fault.failing:
                raise CannotBuild("the job crashed")
        champion = stage.builds[stage.desk.route.champion].model
        warm = champion if order.warm or order.stage else None
        return stage.workshop.build(snapshot, warm, luck, order.stage, begun.acting)

    def _luck(self, at: tuple[int, int], name: str) -> float:
        return self._stage.luck.uniform(name, *at)

    def _carried(self, order: Order | None) -> list[str]:
        """Return the recipe of the champion whose other stages a new version keeps, if it does."""
        if order is None or not order.asked.stage:
            return []
        desk = self._stage.desk
        return [order.asked.stage, desk.versions[desk.route.champion].digest]

    def _made_of(self, name: str, order: Order | None) -> dict[str, dict[str, str]]:
        """Return in which version each stage of a pipeline was built; nothing for the rest."""
        stages = getattr(self._stage.scenario.artifact, "stages", ())
        if not stages:
            return {}
        made = dict.fromkeys(stages, name)
        if order is not None and order.asked.stage:
            made = self._stages[self._stage.desk.route.champion] | {order.asked.stage: name}
        self._stages[name] = made
        return {"stages": made}

    def register(
        self, name: str, standing: str, snapshot: Snapshot, build: Build, order: Order | None
    ) -> None:
        """Enter a version into the registry, with its lineage; the launch has no *order*."""
        carried = self._carried(order)
        stage = self._stage
        scenario, now_us = stage.scenario, stage.now_us
        run = stage.workshop.run_described(build) | self._made_of(name, order)
        stage.link("dataset snapshot", name, snapshot.described(), order.trigger if order else "")
        stage.link("training run", name, run)
        champion = stage.desk.route.champion if order else ""
        rival = stage.builds[champion].model if champion else None
        evaluation = stage.workshop.evaluate(build, snapshot, rival, champion)
        report = build.report.described(scenario.judged_by) | evaluation.described()
        stage.link("evaluation report", name, report)
        entry = {
            "input": list(snapshot.examples.names),
            "output": "class" if snapshot.examples.classes else "number",
            "data contract": scenario.service.contract,
            "owner": "model",
            "rollout rules": "as in the rollout note",
        }
        stage.link("registry entry", name, entry)
        recipe = digest([run["recipe digest"], run["environment"], snapshot.digest, *carried])
        stage.builds[name] = build
        stage.tell(
            Built(
                at_us=now_us,
                job=order.number if order else 0,
                version=name,
                begun_us=snapshot.taken_us,
                claim=build.report.loss,
                cost=scenario.training.cost / self._parts(order.asked) if order else 0.0,
                digest=recipe,
            )
        )
        stage.desk.versions[name] = VersionCard(
            name=name,
            stage=standing,
            begun_us=snapshot.taken_us,
            ready_us=now_us,
            rows=len(snapshot),
            claim=build.report.loss,
            digest=recipe,
            evaluation=evaluation,
        )
