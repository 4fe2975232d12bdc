"""Who answers: orders to change it, and when they take effect."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.actions import Archive
from sim.clock import Phase, us
from sim.errors import Refused, one_of, whole
from sim.facts import ROLL_BACK, Crashed, Routed
from sim.faults import Ban, SignOffRule
from sim.notes import Notes
from sim.orders import WITHDRAWN, Order, same_things
from sim.routing import CHALLENGER_SEAT, SHADOW_SEAT, Routing
from sim.trials import Contestant

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.actions import Fallback, Promote, Quarantine, Release, Rollback, Shadow
    from sim.stage import Stage
    from sim.view import Route


def _nothing() -> None:
    """Write no note: nothing is let out."""


class Router:
    """Carries out releases; the newest order counts where two concern the same things.

    *monitors* are what the rollout note names as signals; *served* is called when the
    champion has changed.
    """

    def __init__(
        self, stage: Stage, monitors: tuple[Any, ...], served: Callable[[bool], None]
    ) -> None:
        self._stage = stage
        self._served = served
        self._orders: list[Order] = []
        self._releases = 0
        self._crashed: set[str] = set()
        self._notes = Notes(stage, monitors)

    # -- orders ------------------------------------------------------------------------------

    def promote(self, action: Promote) -> None:
        """Let a version answer everybody."""
        desk, service = self._stage.desk, self._stage.scenario.service
        name = self._known(action)
        if name == desk.route.champion and not desk.route.fallback:
            raise Refused(f"promote.version is {name!r}: it is the champion already")
        delay = service.deploy
        if name == desk.previous or desk.versions[name].parent == desk.route.champion:
            delay = service.rollback  # kept and loaded: only its configuration changes
        elif name in (desk.route.champion, desk.route.challenger, desk.route.shadow):
            delay = service.flag
        new = name not in (desk.previous, desk.route.champion, desk.route.challenger)
        self._notes.check(action)
        everybody = WITHDRAWN | {"shadow": "", "fallback": False}
        self._order(
            delay,
            f"promote {name}",
            lambda: self._notes.write(name, action.note or self._notes.unwritten(name), action.why),
            signed_off=new,
            champion=name,
            **everybody,
        )

    def release(self, action: Release) -> None:
        """Let a share of the users meet a version."""
        route, service = self._stage.desk.route, self._stage.scenario.service
        name, share = self._known(action), action.share
        number = isinstance(share, int | float) and not isinstance(share, bool)
        if not number or not 0.0 <= share <= 1.0:
            raise Refused(f"release.share is {share!r}: give a share from 0 (switched off) to 1")
        if name == route.champion:
            raise Refused(f"release.version is {name!r}: it is the champion already")
        known = self._stage.desk.told.segments
        for segment in action.segments:
            one_of("release.segments", segment, known)
        self._notes.check(action)
        of = f" of {', '.join(action.segments)}" if action.segments else ""
        cause = f"release {name} to {share:.0%}{of}"
        changes: dict[str, Any] = {
            "challenger": name,
            "share": float(share),
            "segments": tuple(segment for segment in known if segment in action.segments),
            "stage": action.stage,
            "most_users": whole("release.most_users", action.most_users, 0),
            "most_requests": whole("release.most_requests", action.most_requests, 0),
        }
        if name == route.challenger:
            self._order(service.flag, cause, _nothing, **changes)
            return
        if name not in self._notes and action.note is None:
            raise Refused(
                f"release.note is None: {name} was not released before; write a RolloutNote first"
            )
        shadowed = name == route.shadow
        self._order(
            service.flag if shadowed else service.deploy,
            cause,
            lambda: self._notes.write(name, action.note, action.why),
            signed_off=True,
            **changes,
            **({"shadow": ""} if shadowed else {}),
        )

    def shadow(self, action: Shadow) -> None:
        """Let a version answer unseen, or end that."""
        route, service = self._stage.desk.route, self._stage.scenario.service
        if not action.version:
            self._order(service.flag, "end the shadow", _nothing, shadow="")
            return
        name = self._known(action)
        if name in (route.champion, route.challenger):
            raise Refused(f"shadow.version is {name!r}: it answers users already")
        self._notes.check(action)
        self._order(
            service.deploy,
            f"shadow {name}",
            lambda: self._notes.write(name, action.note, action.why),
            shadow=name,
            stage=action.stage,
        )

    def rollback(self, action: Rollback) -> None:
        """Withdraw the challenger, or what is on its way out, or else go back a champion."""
        del action
        desk = self._stage.desk
        under_way = [order for order in self._orders if order.versions]
        if under_way and not desk.route.challenger:
            self._drop(under_way, {})
            return
        changes = dict(WITHDRAWN)
        cause = f"{ROLL_BACK} {desk.route.challenger}"
        if not desk.route.challenger:
            if not desk.previous:
                raise Refused("rollback: there is no challenger and no champion before this one")
            changes = {"champion": desk.previous}
            cause = f"{ROLL_BACK} {desk.route.champion} to {desk.previous}"
        self._order(self._stage.scenario.service.rollback, cause, _nothing, **changes)

    def crash(self, seat: int) -> None:
        """Code fails again and again: the platform takes the version out of service by itself.

        A shadow is switched off, a challenger withdrawn; from a champion it goes back to the one
        before, which is kept.
        """
        stage, desk = self._stage, self._stage.desk
        route, service = desk.route, stage.scenario.service
        name = (route.champion, route.challenger, route.shadow)[seat]
        self._crashed.add(name)
        stage.tell(Crashed(at_us=stage.now_us, version=name))
        if seat == SHADOW_SEAT:
            self._order(service.flag, f"{ROLL_BACK} {name}", _nothing, shadow="")
        elif seat == CHALLENGER_SEAT:
            self._order(service.rollback, f"{ROLL_BACK} {name}", _nothing, **WITHDRAWN)
        else:
            cause = f"{ROLL_BACK} {name} to {desk.previous}"
            self._order(service.rollback, cause, _nothing, champion=desk.previous)

    def fallback(self, action: Fallback) -> None:
        """Switch everybody to the fallback, or back."""
        cause = "fall back" if action.on else "end the fallback"
        self._order(self._stage.scenario.service.flag, cause, _nothing, fallback=bool(action.on))

    def quarantine(self, action: Quarantine) -> None:
        """Let nobody use some columns, or end that."""
        stage, columns = self._stage, action.columns
        if not isinstance(columns, tuple):
            raise Refused(f"quarantine.columns is {columns!r}: give names, as in ('x3',), or ()")
        for name in columns:
            stage.desk.schema.index(name, "quarantine.columns")
        cause = f"quarantine {', '.join(columns)}" if columns else "end the quarantine"
        places = tuple(name for name in stage.desk.schema.names if name in columns)
        stage.desk.quarantined = places
        if places == stage.desk.route.quarantined and not stage.desk.changing:
            return
        self._order(stage.scenario.service.flag, cause, _nothing, quarantined=places)

    def archive(self, action: Archive) -> None:
        """Put a version away."""
        name, route = self._known(action), self._stage.desk.route
        if name in (route.champion, route.challenger, route.shadow):
            raise Refused(f"archive.version is {name!r}: it is in service")
        self._mark(name, "archived")

    def _known(self, action: Promote | Release | Shadow | Archive) -> str:
        versions = self._stage.desk.versions
        if action.version not in versions:
            known = ", ".join(versions)
            raise Refused(f"{action.verb}.version is {action.version!r}: known are {known}")
        if not isinstance(action, Archive) and (banned := self._unlawful(action.version)):
            raise Refused(
                f"{action.verb}.version is {action.version!r}: it was built with "
                f"{', '.join(banned)}, which nobody may use; train again"
            )
        return action.version

    # -- effects -----------------------------------------------------------------------------

    def _order(
        self,
        delay: str,
        cause: str,
        note: Callable[[], None],
        *,
        signed_off: bool = False,
        **changes: Any,
    ) -> None:
        """Change the route after *delay*; what was ordered before about the same things is void.

        An order that is repeated is under way already and keeps its time; *note* is written
        only for a new one. *signed_off*: where a rule asks for it, somebody signs first.
        """
        stage = self._stage
        order = Order(cause, changes)
        if order in self._orders:
            return
        note()
        self._drop([old for old in self._orders if same_things(old.changes, changes)], changes)
        self._orders.append(order)
        stage.desk.changing = "; ".join(waiting.cause for waiting in self._orders)
        for name in order.versions:
            if stage.desk.versions[name].stage == "candidate":
                self._mark(name, "staging")

        def take_effect() -> None:
            if any(waiting is order for waiting in self._orders):
                self._drop([order], changes)
                self.serve(replace(stage.desk.route, **changes), cause)
                stage.ask("routing")

        from_us = self._signed_us() if signed_off else stage.now_us
        stage.agenda.at(from_us + us(delay), Phase.JOBS, take_effect)

    def _signed_us(self) -> int:
        """Return when a new version is signed off, if some rule asks for that."""
        stage = self._stage
        takes_us = [us(rule.takes) for rule in stage.acting(SignOffRule)]
        if not takes_us:
            return stage.now_us
        return stage.scenario.calendar.next_office_us(stage.now_us) + max(takes_us)

    # -- the law -----------------------------------------------------------------------------

    def schedule(self) -> None:
        """Let bans come into force."""
        for ban in self._stage.scenario.faults:
            if isinstance(ban, Ban):
                self._stage.agenda.at(ban.at_us, Phase.WORLD, self._obey)
                if ban.until_us is not None:
                    self._stage.agenda.at(ban.until_us, Phase.WORLD, self._know)

    def _know(self) -> None:
        """Which columns nobody may use is no secret."""
        banned = {name for ban in self._stage.acting(Ban) for name in ban.columns}
        self._stage.desk.banned = tuple(sorted(banned))

    def _obey(self) -> None:
        """A ban is in force from now on: what holds the columns may not answer."""
        self._know()
        stage = self._stage
        route = stage.desk.route
        changes: dict[str, Any] = {}
        if self._unlawful(route.champion):
            changes["fallback"] = True
        if route.challenger and self._unlawful(route.challenger):
            changes |= WITHDRAWN
        if route.shadow and self._unlawful(route.shadow):
            changes["shadow"] = ""
        if changes:
            self.serve(replace(route, **changes), "the ban")
            stage.ask("rule")

    def _unlawful(self, name: str) -> list[str]:
        """Return the banned columns that a version was built with."""
        held = self._stage.builds[name].columns
        return [c for ban in self._stage.acting(Ban) for c in ban.columns if c in held]

    def _drop(self, orders: list[Order], for_changes: dict[str, Any]) -> None:
        """Forget *orders* that wait; a version that was only waited for is archived."""
        desk = self._stage.desk
        self._orders = [kept for kept in self._orders if not any(kept is o for o in orders)]
        desk.changing = "; ".join(waiting.cause for waiting in self._orders)
        route = desk.route
        still = {route.champion, route.challenger, route.shadow, *for_changes.values()}
        for name in {name for order in orders for name in order.versions}:
            if name not in still and desk.versions[name].stage == "staging":
                self._mark(name, "archived")
                self._notes.drop(name)

    def launch(self) -> None:
        """Let v0 answer everybody from the first request on."""
        note = replace(self._notes.unwritten("v0"), fallback="the naive answer")
        self._notes.write("v0", note, "the launch")
        self.serve(self._stage.desk.route, "launch")

    def serve(self, route: Route, cause: str) -> None:
        """From now on requests are answered as *route* says."""
        stage = self._stage
        desk, old = stage.desk, stage.desk.route
        for name in (old.champion, old.challenger, old.shadow):
            if name and name not in (route.champion, route.challenger, route.shadow):
                self._mark(name, "archived")
                self._notes.drop(name)
        for name in (route.challenger, route.shadow):
            if name:
                self._mark(name, "staging")
        self._mark(route.champion, "production")
        if route.challenger and route.challenger != old.challenger:
            self._releases += 1
            route = replace(route, release=self._releases)
        if self._unlawful(route.champion):
            route = replace(route, fallback=True)
        if route.plan != old.plan:
            route = replace(route, since_us=stage.now_us)
        new_champion = route.champion != old.champion
        if new_champion:
            desk.previous = "" if old.champion in self._crashed else old.champion
            desk.serving_us = stage.now_us
        desk.route = route
        told = Routed(
            at_us=stage.now_us,
            champion=route.champion,
            challenger=route.challenger,
            share=route.share,
            shadow=route.shadow,
            fallback=route.fallback,
            release=route.release,
            cause=cause,
            quarantined=route.quarantined,
            segments=route.segments,
            stage=route.stage,
        )
        stage.tell(told)
        known = {name: Contestant(one.model, one.crashes) for name, one in stage.builds.items()}
        stage.flight.trials.route(old, told, known)
        stage.flight.baseline = stage.builds[route.champion].baseline
        self._served(new_champion)

    def _mark(self, name: str, standing: str) -> None:
        versions = self._stage.desk.versions
        if versions[name].stage != standing:
            versions[name] = replace(versions[name], stage=standing)

    def routing(self) -> Routing:
        """Return the working parts behind the present route."""
        route, builds = self._stage.desk.route, self._stage.builds
        challenger, shadow = builds.get(route.challenger), builds.get(route.shadow)
        previous = self._stage.desk.previous
        kept = builds.get(previous) if previous not in self._crashed else None
        return Routing(
            champion=builds[route.champion].model,
            challenger=challenger.model if challenger else None,
            share=route.share,
            shadow=shadow.model if shadow else None,
            fallback=route.fallback,
            release=route.release,
            reserve=builds["v0"].naive,
            quarantined=route.quarantined,
            crashes=(
                builds[route.champion].crashes,
                challenger.crashes if challenger else 0.0,
                shadow.crashes if shadow else 0.0,
                kept.crashes if kept else 0.0,
            ),
            segments=tuple(self._stage.desk.told.segments.index(name) for name in route.segments),
            caps=(route.most_users, route.most_requests),
            kept=kept.model if kept else None,
        )
