"""The stage: it plays a scenario, shows an operator a `View` and carries out `Action`s.

`advance` plays until the operator is asked, `act` does what the operator answers. Whoever
decides - a preset, a user's file, a person at a page, an agent - goes through these two.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.actions import (
    Action,
    Archive,
    Fallback,
    PageOwner,
    Promote,
    Release,
    Retrain,
    Rollback,
    Shadow,
    window,
)
from sim.agenda import Agenda
from sim.artifacts import CannotBuild, Online
from sim.clock import HOUR_US, Phase, moment, moment_us, text, us
from sim.digest import digest
from sim.errors import Mistake, Refused
from sim.facts import (
    Acted,
    Alarm,
    Answered,
    Built,
    Ended,
    Fact,
    Onset,
    Routed,
    Stopped,
    TrainingBegun,
    TrainingFailed,
)
from sim.faults import OWNERS, Fault
from sim.flight import Flight, Routing, Sighting
from sim.ledger import Ledger, Outcomes, Timeline
from sim.lineage import Chain
from sim.monitoring import checked
from sim.source import Source
from sim.view import Desk, JobCard, Route, VersionCard, View
from sim.watchers import TickWatcher, Watcher
from sim.workshop import Build, Fits, Snapshot, Workshop

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.scenario import Scenario

EPOCH_US = HOUR_US
"""What an operator does changes the data from the next epoch on."""


class World:
    """One year of one scenario under one luck."""

    def __init__(
        self,
        scenario: Scenario,
        *,
        seed: int,
        monitors: Iterable[Any] = (),
        heartbeat: str | None = None,
        block: int | None = None,
        source: Source | None = None,
        fits: Fits | None = None,
        outcomes: bool = False,
    ) -> None:
        self.scenario, self.seed = scenario, seed
        self.tick_us = us(scenario.tick)
        self.horizon_us = us(scenario.horizon)
        self.monitors = checked(monitors)
        self.source = source or source_of(scenario, seed)
        self.luck = self.source.luck
        self.agenda = Agenda()
        self._facts: list[Fact] = []
        self._news: list[Fact] = []
        self._moment = moment(0, Phase.WORLD)
        self._reason = ""
        self._asked = False
        self.over = False
        ticking = any(m.clock == "tick" for m in self.monitors)
        self._workshop = Workshop(scenario, self.source, fits=fits, baselines=ticking)
        stepwise = isinstance(scenario.artifact, Online)
        order = list(enumerate(self.monitors))
        self._tick_watchers = [TickWatcher(i, m) for i, m in order if m.clock == "tick"]  # type: ignore[arg-type]
        self._flight = Flight(
            self.source,
            timeline=Timeline.empty(self.tick_us, self.horizon_us // self.tick_us),
            watchers=[
                Watcher(i, m, stepwise=stepwise)  # type: ignore[arg-type]
                for i, m in order
                if m.clock != "tick"
            ],
            tick_watchers=self._tick_watchers,
            horizon_us=self.horizon_us,
            block=block,
            strict=scenario.service.contract == "strict",
            stepwise=stepwise,
            no_answer_loss=scenario.service.no_answer_loss,
            keep_outcomes=outcomes,
        )
        self._chain = Chain()
        self._builds: dict[str, Build] = {}
        self._queue: list[tuple[int, Retrain]] = []
        self._job = 0
        self._releases = 0
        self._change = 0
        self._sighted: Sighting | None = None
        self._launch()
        self._schedule(heartbeat)

    # -- before day 0 ------------------------------------------------------------------------

    def _launch(self) -> None:
        scenario, workshop = self.scenario, self._workshop
        start_us = -us(scenario.launch.window)
        snapshot = workshop.snapshot(
            window(scenario.launch.window),
            0,
            lambda _, page: page.truth.times_us >= start_us,
            {},
        )
        try:
            build = workshop.build(snapshot, None)
        except CannotBuild as error:
            raise Mistake(f"scenario.artifact cannot be built for the launch: {error}") from error
        route = Route(champion="v0")
        schema = scenario.stream.concept.schema
        self.desk = Desk(schema, scenario.calendar, self.tick_us, route)
        self.desk.facts = []
        self._register("v0", "production", snapshot, build, start_us, 0)
        self._note_release("v0", 1.0, "the launch")
        self._serve(route, "launch")
        self._flight.open(0, self._routing())

    def _schedule(self, heartbeat: str | None) -> None:
        agenda, horizon_us = self.agenda, self.horizon_us
        agenda.at(horizon_us, Phase.WORLD, self._finish)
        for incident in self.scenario.incidents:
            if incident.at_us < horizon_us:
                agenda.at(incident.at_us, Phase.WORLD, lambda i=incident: self._onset(i))  # type: ignore[misc]
        beat_us = self.tick_us if heartbeat is None else us(heartbeat, "strategy.heartbeat")
        if beat_us % self.tick_us:
            raise Mistake(
                f"strategy.heartbeat is {heartbeat!r}: write whole ticks of {self.scenario.tick}"
            )
        self._beat_us = beat_us
        self._step_us = self.tick_us if self._tick_watchers else beat_us
        if self._step_us:
            agenda.at(self._step_us, Phase.TICK, self._tick)

    # -- playing -----------------------------------------------------------------------------

    def advance(self) -> View | None:
        """Play until the operator is asked; return what it sees, or None when the year is over."""
        agenda, flight = self.agenda, self._flight
        while not self._asked:
            if self.over:
                return None
            key = agenda.next_moment()
            if flight.covers(key):
                self._moment = max(self._moment, key)
                agenda.step()
            elif flight.spent:
                flight.settle(flight.end_key)
                flight.close()
                flight.open(flight.number + 1, self._routing())
            else:
                self._expect(flight.look(key))
        self._asked = False
        return self._view()

    def _view(self) -> View:
        desk, flight = self.desk, self._flight
        flight.settle(self._moment)
        desk.labels_arrived = flight.labels_arrived
        over = self.agenda.now // self.tick_us
        if over > len(desk.rows):
            desk.rows.extend(flight.rows(len(desk.rows), int(over)))
        news, self._news = self._news, []
        return View(desk, int(self.agenda.now), self._reason, news)

    def _ask(self, reason: str) -> None:
        self._asked, self._reason = True, reason

    def _expect(self, sighting: Sighting | None) -> None:
        """Let the next alarm ahead become an event; a sighting that came to nothing is void."""
        self._sighted = sighting
        if sighting is not None:
            phase = Phase(sighting.key & 7)
            self.agenda.at(moment_us(sighting.key), phase, lambda: self._alarm(sighting))

    def _alarm(self, sighting: Sighting) -> None:
        if sighting is not self._sighted:
            return
        self._sighted = None
        flight = self._flight
        for watcher, value, evidence_us in flight.deliver(sighting):
            monitor = watcher.monitor
            what = f"{monitor.name}: {monitor.detector!r} alarmed after {watcher.at:,} values"
            self._raise(monitor, value, evidence_us, (), what if watcher.at else "")
        self._ask("alarm")

    def _raise(
        self, monitor: Any, value: float, evidence_us: int, columns: tuple[str, ...], words: str
    ) -> None:
        alarm = Alarm(
            at_us=int(self.agenda.now),
            monitor=monitor.name,
            layer=monitor.layer,
            owner=monitor.owner,
            evidence_us=evidence_us,
            records=self._flight.requests_served,
            value=value,
            columns=columns,
            text=words,
        )
        self.desk.alarms.append(alarm)
        self._tell(alarm)

    def _tick(self) -> None:
        now_us = int(self.agenda.now)
        if now_us + self._step_us < self.horizon_us:
            self.agenda.at(now_us + self._step_us, Phase.TICK, self._tick)
        tick = now_us // self.tick_us - 1
        for watcher in self._tick_watchers:
            value = watcher.tell(tick)
            if value is not None:
                self._flight.settle(self._moment)
                assert self._flight.baseline is not None
                columns, words = watcher.explain(tick, self._flight.baseline)
                self._raise(watcher.monitor, value, now_us - 1, columns, words)
                self._ask("alarm")
        if self._beat_us and now_us % self._beat_us == 0 and not self._asked:
            self._ask("heartbeat")

    def _finish(self) -> None:
        self._flight.settle(self._moment)
        self._flight.close()
        self.over = True

    # -- facts -------------------------------------------------------------------------------

    def _write(self, fact: Fact) -> None:
        self._facts.append(fact)

    def _tell(self, fact: Fact) -> None:
        """Write a fact that the operator learns of."""
        self._facts.append(fact)
        self.desk.facts.append(fact)
        self._news.append(fact)

    def _onset(self, incident: Any) -> None:
        stream = self.scenario.stream
        is_fault = isinstance(incident, Fault)
        until_us = incident.until_us
        self._write(
            Onset(
                at_us=incident.at_us,
                name=incident.label,
                incident=incident.kind,
                columns=tuple(getattr(incident, "columns", ())),
                severity=incident.share if is_fault else stream.severity(incident),
                full_us=incident.at_us + incident.width_us,
                ends_us=until_us,
            )
        )
        if until_us is not None and until_us < self.horizon_us:
            self.agenda.at(until_us, Phase.WORLD, lambda: self._end(incident, "by itself"))

    def _end(self, incident: Any, why: str) -> None:
        if not any(f.name == incident.label for f in self._facts if isinstance(f, Ended)):
            self._write(Ended(at_us=int(self.agenda.now), name=incident.label, why=why))

    # -- building ----------------------------------------------------------------------------

    def _start_jobs(self) -> None:
        """Take up the next job in the queue if none runs."""
        if self._job or not self._queue:
            return
        number, order = self._queue.pop(0)
        now_us = int(self.agenda.now)
        flight, training = self._flight, self.scenario.training
        flight.settle(self._moment)
        snapshot = self._workshop.snapshot(
            window(order.window),
            now_us + 1,
            lambda n, page: flight.arrived(n, page, self._moment),
            flight.repaired_us,
        )
        self._job = number
        took_us = us(training.fixed) + us(training.per_record) * len(snapshot)
        self._tell(
            TrainingBegun(
                at_us=now_us,
                job=number,
                snapshot=snapshot.digest,
                rows=len(snapshot),
                ends_us=now_us + took_us,
            )
        )
        self._show_jobs()
        done = self.agenda
        done.at(now_us + took_us, Phase.JOBS, lambda: self._job_done(order, snapshot, now_us))

    def _job_done(self, order: Retrain, snapshot: Snapshot, begun_us: int) -> None:
        number, self._job = self._job, 0
        training, now_us = self.scenario.training, int(self.agenda.now)
        self.desk.spent += training.cost
        slot = (begun_us // HOUR_US, sum(1 for f in self._facts if isinstance(f, TrainingBegun)))
        try:
            if not len(snapshot):
                raise CannotBuild("no labelled record in the window")
            if training.failure and self.luck.uniform("failure", *slot) < training.failure:
                raise CannotBuild("the job crashed")
            champion = self._builds[self.desk.route.champion].model
            build = self._workshop.build(snapshot, champion if order.warm else None)
        except CannotBuild as error:
            why, cost = str(error), training.cost
            self._tell(TrainingFailed(at_us=now_us, job=number, why=why, cost=cost))
            self._ask("training failed")
        else:
            name = f"v{len(self._builds)}"
            self._register(name, "candidate", snapshot, build, begun_us, number)
            self._ask("candidate")
        self._show_jobs()
        self._start_jobs()

    def _register(
        self, name: str, stage: str, snapshot: Snapshot, build: Build, begun_us: int, job: int
    ) -> None:
        workshop, link, now_us = self._workshop, self._chain.link, int(self.agenda.now)
        run = workshop.run_described(build)
        report = build.report.described(self.scenario.judged_by)
        entry = {
            "input": list(snapshot.examples.names),
            "output": "class" if snapshot.examples.classes else "number",
            "contract": self.scenario.service.contract,
            "owner": "model",
        }
        described = snapshot.described()
        facts = [
            link("dataset snapshot", name, now_us, described),
            link("training run", name, now_us, run),
            link("evaluation report", name, now_us, report),
            link("registry entry", name, now_us, entry),
        ]
        for fact in facts:
            self._tell(fact)
        recipe = digest([run["recipe digest"], run["environment"], snapshot.digest])
        self._builds[name] = build
        cost = self.scenario.training.cost if job else 0.0
        self._tell(
            Built(
                at_us=now_us,
                job=job,
                version=name,
                begun_us=begun_us,
                claim=build.report.loss,
                cost=cost,
                digest=recipe,
            )
        )
        self.desk.versions[name] = VersionCard(
            name=name,
            stage=stage,
            begun_us=begun_us,
            ready_us=now_us,
            rows=len(snapshot),
            claim=build.report.loss,
            digest=recipe,
        )

    def _show_jobs(self) -> None:
        running = [job for job in self.desk.jobs if job.job == self._job]
        waiting = [
            JobCard(job=n, begun_us=0, window=str(window(o.window)), running=False)
            for n, o in self._queue
        ]
        if self._job and not running:
            found = [job for job in self.desk.jobs if job.job == self._job]
            shown = found[0].window if found else ""
            now_us = int(self.agenda.now)
            running = [JobCard(job=self._job, begun_us=now_us, window=shown, running=True)]
        self.desk.jobs = running + waiting

    # -- routing -----------------------------------------------------------------------------

    def _routing(self) -> Routing:
        route, builds = self.desk.route, self._builds
        challenger, shadow = builds.get(route.challenger), builds.get(route.shadow)
        return Routing(
            champion=builds[route.champion].model,
            challenger=challenger.model if challenger else None,
            share=route.share,
            shadow=shadow.model if shadow else None,
            fallback=route.fallback,
            release=route.release,
            reserve=builds["v0"].naive,
        )

    def _change_route(self, delay: str, cause: str, **changes: Any) -> None:
        """Order a change of routing; it acts after *delay*, unless another order overtakes it."""
        self._change += 1
        number = self._change
        self.desk.changing = cause
        at_us = int(self.agenda.now) + us(delay)

        def act() -> None:
            if number == self._change:
                self.desk.changing = ""
                self._serve(replace(self.desk.route, **changes), cause)
                self._ask("routing")

        self.agenda.at(at_us, Phase.JOBS, act)

    def _serve(self, route: Route, cause: str) -> None:
        desk, old = self.desk, self.desk.route
        if route.champion != old.champion:
            desk.previous = old.champion
            self._stage(old.champion, "archived")
        for name in (old.challenger, old.shadow):
            if name and name not in (route.champion, route.challenger, route.shadow):
                self._stage(name, "archived")
        self._stage(route.champion, "production")
        for name in (route.challenger, route.shadow):
            if name:
                self._stage(name, "staging")
        desk.route = route
        self._tell(
            Routed(
                at_us=int(self.agenda.now),
                champion=route.champion,
                challenger=route.challenger,
                share=route.share,
                shadow=route.shadow,
                fallback=route.fallback,
                release=route.release,
                cause=cause,
            )
        )
        flight = self._flight
        rebased = route.champion != old.champion or flight.baseline is None
        flight.baseline = self._builds[route.champion].baseline
        if flight.number >= 0:
            flight.settle(self._moment)
            flight.route(self._routing())
            self._sighted = None
            if rebased and self._tick_watchers:
                self._watch_anew(same_baseline=False)

    def _watch_anew(self, *, same_baseline: bool) -> None:
        now_us = int(self.agenda.now)
        told = now_us // self.tick_us
        if self._moment < moment(now_us, Phase.TICK) and now_us % self.tick_us == 0:
            told -= 1
        self._flight.watch_anew(told, same_baseline=same_baseline)

    def _stage(self, name: str, stage: str) -> None:
        self.desk.versions[name] = replace(self.desk.versions[name], stage=stage)

    def _note_release(self, version: str, share: float, why: str) -> None:
        now_us = int(self.agenda.now)
        note = {
            "release": f"{version} to {share:.0%} of users",
            "success": repr(self.scenario.judged_by),
            "blast radius": share,
            "fallback": self.desk.previous or "the naive answer",
            "stop rules": "as the strategy has them",
            "owner": "platform",
            "why": why,
        }
        self._tell(self._chain.link("rollout note", version, now_us, note))
        signals = {"monitors": [repr(monitor) for monitor in self.monitors]}
        self._tell(self._chain.link("monitoring signals", version, now_us, signals))

    # -- acting ------------------------------------------------------------------------------

    def act(self, actions: Iterable[Action]) -> None:
        """Carry out *actions* in order; raise `Refused` at the first that is impossible."""
        for action in actions:
            self.do(action)

    def do(self, action: Action) -> None:
        """Carry out one action, or raise `Refused` and do nothing."""
        carry_out = _CARRY_OUT.get(type(action))
        if carry_out is None:
            raise Refused(f"decide gave {action!r}: that is no action")
        carry_out(self, action)

    def _acted(self, action: Any) -> None:
        now_us = int(self.agenda.now)
        self._tell(Acted(at_us=now_us, action=action.verb, detail=action.detail, why=action.why))

    def _known(self, action: Any) -> str:
        name = action.version
        if name not in self.desk.versions:
            known = ", ".join(self.desk.versions)
            raise Refused(f"{action.verb}.version is {name!r}: known versions are {known}")
        return str(name)

    def _retrain(self, action: Retrain) -> None:
        try:
            window(action.window)
        except Mistake as mistake:
            raise Refused(f"retrain.{mistake}") from mistake
        self._acted(action)
        now_us = int(self.agenda.now)
        trigger = {"why": action.why, "window": str(window(action.window))}
        self._tell(self._chain.link("retraining trigger", "", now_us, trigger))
        self._flight.settle(self._moment)
        self.desk.last_build_us = now_us
        self.desk.labels_at_build = self._flight.labels_arrived
        begun = sum(1 for f in self._facts if isinstance(f, TrainingBegun))
        number = begun + len(self._queue) + 1
        self._queue.append((number, action))
        shown = JobCard(
            job=number, begun_us=now_us, window=str(window(action.window)), running=False
        )
        self.desk.jobs.append(shown)
        self._start_jobs()

    def _promote(self, action: Promote) -> None:
        name, route = self._known(action), self.desk.route
        if name == route.champion and not route.fallback:
            raise Refused(f"promote.version is {name!r}: it is the champion already")
        self._acted(action)
        kept = name in (route.challenger, route.shadow, self.desk.previous)
        delay = self.scenario.service.flag if kept else self.scenario.service.deploy
        if name == self.desk.previous:
            delay = self.scenario.service.rollback
        self._note_release(name, 1.0, action.why)
        self._stage(name, "staging")
        self._change_route(
            delay,
            f"promote {name}",
            champion=name,
            challenger="",
            share=0.0,
            shadow="",
            fallback=False,
        )

    def _release(self, action: Release) -> None:
        name, route = self._known(action), self.desk.route
        share = action.share
        if not isinstance(share, int | float) or not 0.0 < share <= 1.0:
            raise Refused(f"release.share is {share!r}: give a share above 0 and up to 1")
        if name == route.champion:
            raise Refused(f"release.version is {name!r}: it is the champion already")
        self._acted(action)
        same = name == route.challenger
        if not same:
            self._note_release(name, share, action.why)
            self._releases += 1
        loaded = same or name == route.shadow
        self._stage(name, "staging")
        self._change_route(
            self.scenario.service.flag if loaded else self.scenario.service.deploy,
            f"release {name} to {share:.0%}",
            challenger=name,
            share=float(share),
            shadow="" if route.shadow == name else route.shadow,
            release=self._releases,
        )

    def _shadow(self, action: Shadow) -> None:
        if action.version:
            name = self._known(action)
            if name in (self.desk.route.champion, self.desk.route.challenger):
                raise Refused(f"shadow.version is {name!r}: it answers users already")
            self._stage(name, "staging")
        self._acted(action)
        service = self.scenario.service
        delay = service.deploy if action.version else service.flag
        cause = f"shadow {action.version}" if action.version else "end the shadow"
        self._change_route(delay, cause, shadow=action.version)

    def _rollback(self, action: Rollback) -> None:
        route = self.desk.route
        if not route.challenger and not self.desk.previous:
            raise Refused("rollback: there is no challenger and no previous champion to go back to")
        self._acted(action)
        if route.challenger:
            changes: dict[str, Any] = {"challenger": "", "share": 0.0}
            cause = f"roll back {route.challenger}"
        else:
            changes = {"champion": self.desk.previous}
            cause = f"roll back {route.champion} to {self.desk.previous}"
        self._change_route(self.scenario.service.rollback, cause, **changes)

    def _fallback(self, action: Fallback) -> None:
        self._acted(action)
        cause = "fall back" if action.on else "end the fallback"
        self._change_route(self.scenario.service.flag, cause, fallback=bool(action.on))

    def _archive(self, action: Archive) -> None:
        name, route = self._known(action), self.desk.route
        if name in (route.champion, route.challenger, route.shadow):
            raise Refused(f"archive.version is {name!r}: it is in service")
        self._acted(action)
        self._stage(name, "archived")

    def _page(self, action: PageOwner) -> None:
        owner = action.owner
        if owner not in OWNERS:
            raise Refused(f"page.owner is {owner!r}: owners are {', '.join(OWNERS)}")
        self._acted(action)
        if owner in self.desk.pages:
            return
        now_us, people = int(self.agenda.now), self.scenario.people
        slot = now_us // HOUR_US
        nth = sum(
            isinstance(f, Acted) and f.action == "page" and f.at_us // HOUR_US == slot
            for f in self._facts
        )
        median_us = us(getattr(people, owner))
        took_us = self.luck.lognormal(
            f"answer of {owner}", slot, nth, median=median_us, sigma=people.sigma
        )
        from_us = self.scenario.calendar.next_office_us(now_us) if people.office else now_us
        self.desk.pages[owner] = now_us
        self.agenda.at(from_us + round(took_us), Phase.JOBS, lambda: self._answered(owner))

    def _answered(self, owner: str) -> None:
        """An owner has looked into it and repairs what is theirs, from the next epoch on."""
        now_us = int(self.agenda.now)
        del self.desk.pages[owner]
        flight = self._flight
        mended = [
            fault
            for fault in self.scenario.faults
            if fault.fixed_by == owner
            and fault.at_us <= now_us
            and (fault.until_us is None or now_us < fault.until_us)
            and fault.label not in flight.repaired_us
        ]
        words = "found nothing that is theirs to repair"
        if mended:
            words = "repaired " + ", ".join(f"{f.kind} of {', '.join(f.columns)}" for f in mended)
        self._tell(Answered(at_us=now_us, owner=owner, text=words))
        epoch_us = -(-now_us // EPOCH_US) * EPOCH_US
        for fault in mended:
            flight.repaired_us[fault.label] = epoch_us
        if mended:
            self.agenda.at(epoch_us, Phase.WORLD, lambda: self._repaired(mended, owner))
        self._ask("answer")

    def _repaired(self, mended: list[Fault], owner: str) -> None:
        flight = self._flight
        flight.settle(self._moment)
        flight.rewire(self._routing())
        self._sighted = None
        if self._tick_watchers:
            self._watch_anew(same_baseline=True)
        for fault in mended:
            self._end(fault, f"repaired by {owner}")

    # -- the end -----------------------------------------------------------------------------

    def stop(self, why: str) -> None:
        """End the run before its time; what happened so far is kept."""
        if self.over:
            return
        self._flight.settle(self._moment)
        self._tell(Stopped(at_us=int(self.agenda.now), why=why))
        self._flight.abandon()
        self.over = True

    def ledger(self, strategy: str, fingerprint: dict[str, str]) -> Ledger:
        """Return the transcript."""
        assert self.over, "the run goes on"
        flight = self._flight
        kept = flight.outcomes
        return Ledger(
            described(self.scenario),
            strategy,
            self.seed,
            tuple(self._facts),
            flight.timeline,
            dict(flight.fates),
            int(flight.checksum),
            fingerprint,
            None if kept is None else _joined(kept),
        )


def _joined(parts: list[Any]) -> Outcomes:
    import numpy as np

    return Outcomes(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


_CARRY_OUT: dict[type, Any] = {
    Retrain: World._retrain,
    Promote: World._promote,
    Release: World._release,
    Shadow: World._shadow,
    Rollback: World._rollback,
    Fallback: World._fallback,
    PageOwner: World._page,
    Archive: World._archive,
}


def source_of(scenario: Scenario, seed: int) -> Source:
    """Return what draws the pages of a scenario under one luck."""
    return Source(
        stream=scenario.stream,
        faults=scenario.faults,
        labels=scenario.labels,
        loss=scenario.judged_by,
        seed=seed,
        tick_us=us(scenario.tick),
        batch_us=scenario.service.batch_us,
    )


def described(scenario: Scenario) -> dict[str, Any]:
    """Return what a ledger says of its scenario: all that measures need, as plain data."""
    return {
        "name": scenario.name,
        "digest": scenario.digest,
        "story": scenario.story,
        "horizon_us": us(scenario.horizon),
        "loss": repr(scenario.judged_by),
        "tolerance": scenario.tolerance,
        "closed_loop": scenario.closed_loop,
        "label_delay_us": scenario.labels.delay.quantile_us(0.95),
        "currency": scenario.currency,
        "ticks": text(us(scenario.tick)),
    }
