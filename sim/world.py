"""The stage: it plays a scenario, shows an operator a `View` and carries out `Action`s.

`advance` plays until the operator is asked, `act` does what the operator answers. Whoever
decides - a preset, a user's file, a person at a page, an agent - goes through these two.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.accounts import Accounts
from sim.actions import Last, window
from sim.alarms import Alarms
from sim.artifacts import CannotBuild, Online
from sim.asking import Asking
from sim.brakes import CRASH
from sim.byhand import ByHand
from sim.clock import DAY_US, HOUR_US, Phase, moment_us, text, us
from sim.deeds import Deeds
from sim.duty import Duty
from sim.errors import Mistake
from sim.facts import Stopped
from sim.findings import Log
from sim.flight import Flight
from sim.incidents import Incidents
from sim.inquiries import Inquiries
from sim.jobs import Jobs
from sim.ledger import Ledger, Outcomes
from sim.lockstep import Sighting
from sim.monitoring import checked
from sim.registry import Origin, Registry
from sim.router import Router
from sim.scenario import described
from sim.setting import rules_of, source_of, told_of
from sim.source import Source
from sim.stage import Stage
from sim.timeline import Timeline
from sim.view import Desk, Route, View
from sim.watch import Watch
from sim.watchers import TickWatcher, Watcher
from sim.workshop import Fits, Workshop

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.actions import Action
    from sim.artifacts import Examples
    from sim.brakes import Brake
    from sim.monitoring import Baseline
    from sim.scenario import Scenario
    from sim.trials import Trial


SUSPECT_US = 11 * HOUR_US
FIRST_MONTH_US = 28 * DAY_US


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
        readings: bool = False,
    ) -> None:
        self.scenario, self.seed = scenario, seed
        self.tick_us, self.horizon_us = us(scenario.tick), us(scenario.horizon)
        self.over, self._readings = False, readings
        self._sighted: Sighting | None = None
        self._braking: Brake | None = None
        self._tried: set[str] = set()
        """the versions of the rollout that runs"""
        watching = checked(monitors)
        stepwise = isinstance(scenario.artifact, Online)
        duties = {monitor.name: Duty.of(monitor) for monitor in watching}
        self._tick_watchers = [
            TickWatcher(m, self.tick_us, duties[m.name].every_us)
            for m in watching
            if m.clock in ("tick", "desk")
        ]
        watchers = [
            Watcher(m, stepwise=stepwise) for m in watching if m.clock in ("label", "request")
        ]
        source = source or source_of(scenario, seed)
        if (source.luck.seed, source.world) != (seed, scenario.world_digest):
            raise Mistake(
                f"source is of seed {source.luck.seed} and perhaps another scenario: share one "
                f"made by source_of({scenario.name!r}, {seed})"
            )
        rules = replace(rules_of(scenario), chances=outcomes)
        told = told_of(scenario, rules)
        flight = Flight(
            source,
            accounts=Accounts(
                Timeline.empty(self.tick_us, self.horizon_us // self.tick_us, told),
                source.losses,
                source.luck,
                keep_outcomes=outcomes,
            ),
            rules=rules,
            watchers=watchers,
            tick_watchers=self._tick_watchers,
            block=block,
            stepwise=stepwise,
        )
        workshop = Workshop(scenario, source, fits=fits, baselines=bool(self._tick_watchers))
        schema, route = scenario.stream.concept.schema, Route(champion="v0")
        desk = Desk(
            schema, scenario.calendar, self.tick_us, route, told, flight.labelled, log=Log(told)
        )
        desk.maturity_us = scenario.labels.delay.quantile_us(0.95)
        self._stage = stage = Stage(scenario, source.luck, flight, workshop, desk)
        self._alarms = Alarms(stage, duties)
        self._watch = Watch(stage, self._alarms, watchers, self._tick_watchers)
        self._registry = Registry(stage)
        self._router = Router(stage, watching, self._served)
        self._incidents = Incidents(stage, self._rewired)
        self._deeds = Deeds(
            stage,
            Jobs(stage, self._registry),
            self._router,
            self._incidents,
            ByHand(stage, self._registry),
            Inquiries(stage),
            self._alarms,
            Asking(stage, self._served),
        )
        self._launch()
        self._schedule(heartbeat)

    @property
    def now_us(self) -> int:
        """The present."""
        return self._stage.now_us

    # -- before day 0 ------------------------------------------------------------------------

    def _launch(self) -> None:
        """Build the first champion on records from before day 0, all labelled, for nothing."""
        stage, scenario = self._stage, self.scenario
        before = scenario.launch.window
        snapshot = stage.workshop.storage.snapshot(
            window(before), 0, lambda _, page: page.truth.times_us < 0, stage.flight.effects
        )
        try:
            build = stage.workshop.build(snapshot, None)
        except CannotBuild as error:
            raise Mistake(f"scenario.artifact cannot be built for the launch: {error}") from error
        self._registry.enter("v0", "production", snapshot, build, Origin())
        self._router.launch()

    def _schedule(self, heartbeat: str | None) -> None:
        at = self._stage.agenda.at
        at(self.horizon_us, Phase.WORLD, self._finish)
        self._incidents.schedule(self.horizon_us)
        self._router.schedule()
        if self.scenario.people.suspicion is not None:
            at(SUSPECT_US, Phase.TICK, self._suspect)
        beat_us = self.tick_us if heartbeat is None else us(heartbeat, "strategy.heartbeat")
        self._beat_us = beat_us = -(-beat_us // self.tick_us) * self.tick_us  # whole ticks
        self._step_us = self.tick_us if self._tick_watchers else beat_us
        if self._step_us and self._step_us < self.horizon_us:
            at(self._step_us, Phase.TICK, self._tick)

    # -- playing -----------------------------------------------------------------------------

    def advance(self) -> View | None:
        """Play until the operator is asked; return what it sees, or None when the year is over."""
        stage = self._stage
        agenda, flight = stage.agenda, stage.flight
        if flight.number < 0:
            flight.open(0, self._router.routing())
        while not stage.asked:
            if self.over:
                return None
            if flight.brake is not None and flight.brake is not self._braking:
                self._expect_brake(flight.brake)
            key = agenda.next_moment()
            if flight.covers(key):
                stage.moment = max(stage.moment, key)
                agenda.step()
            elif flight.spent:
                flight.settle(flight.end_key)
                self._tell_trials(flight.close(), flight.sheet.span_us[1])
                flight.open(flight.number + 1, self._router.routing())
            else:
                self._expect(flight.look(key))
        return self._view()

    def _view(self) -> View:
        stage = self._stage
        desk, flight = stage.desk, stage.flight
        flight.settle(stage.moment)
        desk.labels_arrived = flight.labels_arrived
        now_us = stage.agenda.now_us
        self._read_ticks(now_us)
        flight.witness(desk.log)
        if self._readings:
            desk.readings = {w.monitor.name: w.reading for w in self._tick_watchers}
        if desk.alarms:
            flight.count_labelled()
        view = View(desk, now_us, stage.asked, stage.news)
        stage.asked = ""
        if stage.news:
            stage.news = []
        return view

    def _read_ticks(self, now_us: int) -> None:
        """Put onto the desk what was observed in the ticks that are over."""
        desk, flight = self._stage.desk, self._stage.flight
        over = now_us // self.tick_us
        if over > len(desk.rows):
            desk.rows += flight.rows(len(desk.rows), over)

    def _expect(self, sighting: Sighting | None) -> None:
        """Let the next alarm ahead become an event; a sighting that came to nothing is void."""
        self._sighted = sighting
        if sighting is not None:
            at_us, phase = moment_us(sighting.key), Phase(sighting.key & 7)
            self._stage.agenda.at(at_us, phase, lambda: self._alarm(sighting))

    def _expect_brake(self, brake: Brake) -> None:
        """Let the moment at which a version has to be stopped become an event."""
        self._braking = brake

        def stop() -> None:
            if self._stage.flight.braked(brake):
                if brake.cause == CRASH:
                    self._router.crash(brake.seat)
                self._stage.ask(brake.cause)

        at_us, phase = moment_us(brake.key), Phase(brake.key & 7)
        self._stage.agenda.at(at_us, phase, stop)

    def _alarm(self, sighting: Sighting) -> None:
        if sighting is not self._sighted:
            return
        self._sighted = None
        for watcher, value, evidence_us in self._stage.flight.deliver(sighting):
            words = f"{watcher.monitor.detector!r} alarmed"
            self._alarms.found(watcher.monitor, value, evidence_us, (), words)
        self._install()

    def _install(self) -> None:
        """Let monitors come on duty that nobody thought of before the first incident."""
        if self._watch.install():
            self._sighted = None

    def _tick(self) -> None:
        stage = self._stage
        now_us, flight = stage.now_us, stage.flight
        if now_us + self._step_us < self.horizon_us:
            stage.agenda.at(now_us + self._step_us, Phase.TICK, self._tick)
        if self._beat_us and now_us % self._beat_us == 0:
            stage.ask("heartbeat")
        flight.recount()
        self._watch.tell(now_us // self.tick_us - 1)
        self._install()

    def _suspect(self) -> None:
        """Somebody thinks of how things have been going, and may raise the matter."""
        stage, suspicion = self._stage, self.scenario.people.suspicion
        assert suspicion is not None
        now_us = stage.now_us
        if now_us + DAY_US < self.horizon_us:
            stage.agenda.at(now_us + DAY_US, Phase.TICK, self._suspect)
        if not self.scenario.calendar.in_office(now_us):
            return
        stage.settle()
        self._read_ticks(now_us)
        known = View(stage.desk, now_us, "", ())
        first = known.ticks(text(now_us)).until(FIRST_MONTH_US)
        usual, lately = first.quality(), known.ticks(suspicion.window).quality()
        fall = usual - lately if usual == usual and lately == lately else 0.0
        if stage.luck.uniform("suspicion", now_us // DAY_US) < suspicion.chance(fall):
            self._alarms.suspected(fall)
            self._install()

    def _served(self, new_champion: bool) -> None:
        """Routing has changed: what is not served yet is answered anew."""
        stage = self._stage
        if stage.flight.number < 0:
            return
        stage.settle()
        self._attend()
        stage.flight.route(self._router.routing())
        self._sighted = None
        self._watch.anew(same_baseline=not new_champion, only_desk=not new_champion)

    def _attend(self) -> None:
        """Let the log be about the rollout that runs, and about no other."""
        desk, flight = self._stage.desk, self._stage.flight
        trying = {desk.route.challenger, desk.route.shadow} - {""}
        flight.witness(desk.log)
        if trying.isdisjoint(self._tried):
            desk.log.clear()
        flight.attend(rollout=bool(trying))
        self._tried = trying

    def _rewired(self) -> None:
        """What arrives has changed: the rest of the page is taken up anew."""
        stage = self._stage
        stage.settle()
        stage.flight.rewire(self._router.routing())
        self._sighted = None
        self._watch.anew(same_baseline=True)

    def _finish(self) -> None:
        self._stage.settle()
        flight = self._stage.flight
        self._tell_trials(flight.close() + flight.trials.end(), self._stage.now_us)
        self.over = True

    def _tell_trials(self, over: list[Trial], at_us: int) -> None:
        """Write down what versions did beside those that they replaced; nobody learns of it."""
        for trial in over:
            self._stage.write(trial.told(at_us))

    # -- acting ------------------------------------------------------------------------------

    def act(self, actions: Iterable[Action]) -> None:
        """Carry out *actions* in order; raise `Refused` at the first that is impossible."""
        for action in actions:
            self.do(action)

    def do(self, action: Action) -> None:
        """Carry out one action, or raise `Refused` and change nothing."""
        self._deeds.do(action)

    # -- the end -----------------------------------------------------------------------------

    def leave(self) -> None:
        """Let go of everything: its parts hold each other, and pages would wait for a collector."""
        self._stage.agenda.clear()
        vars(self).clear()

    def stop(self, why: str, *, verdict: str = "fail") -> None:
        """End the run before its time with a *verdict*; what happened so far is kept."""
        if not self.over:
            stage = self._stage
            stage.settle()
            stage.tell(Stopped(at_us=stage.now_us, why=why, verdict=verdict))
            flight = stage.flight
            self._tell_trials(flight.abandon() + flight.trials.end(), stage.now_us)
            self.over = True

    def records(self, last: int) -> Examples:
        """Return the *last* labelled records as storage holds them, for whoever looks closer."""
        stage, key = self._stage, self._stage.moment
        stage.settle()
        return stage.workshop.storage.snapshot(
            Last(records=last),
            stage.now_us,
            lambda number, page: stage.flight.arrived(number, page, key),
            stage.flight.effects,
        ).examples

    @property
    def baseline(self) -> Baseline | None:
        """What the champion's training looked like; None where no monitor compares with it."""
        return self._stage.flight.baseline

    @property
    def tallied(self) -> Timeline:
        """The timeline as far as pages are over, truth included: for whoever judges an operator."""
        return self._stage.flight.accounts.timeline

    def ledger(self, strategy: str, fingerprint: dict[str, str]) -> Ledger:
        """Return the transcript."""
        assert self.over, "the run goes on"
        accounts = self._stage.flight.accounts
        return Ledger(
            described(self.scenario),
            strategy,
            self.seed,
            tuple(self._stage.facts),
            accounts.timeline,
            dict(accounts.fates),
            int(accounts.checksum),
            fingerprint,
            None if accounts.outcomes is None else Outcomes.joined(accounts.outcomes),
        )
