"""Let out in stages: each with its share, its time, its judge; with a way back at every moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sim.actions import Promote, Release, Rollback, Shadow
from sim.clock import positive_us
from sim.errors import fits, one_of, refuse, whole
from sim.people import OWNERS
from strategies.rollouts.agreed import note
from strategies.rollouts.judging import GIVE_UP, GO_ON, WAIT, judged
from strategies.rollouts.review import Review
from strategies.rollouts.seen import Seen
from strategies.rollouts.stage import Stage
from strategies.rollouts.stops import Beyond, Stop, Worse
from strategies.verdict import NO, YES, Verdict, noted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.actions import Action
    from sim.view import View

QUEUE, REPLACE, DROP = "queue", "replace", "drop"


@dataclass(frozen=True, kw_only=True)
class Cap:
    """At most so many *users* or *requests* meet a version before it is out; 0: any number."""

    users: int = 0
    requests: int = 0

    def __post_init__(self) -> None:
        whole("cap.users", self.users, 0)
        whole("cap.requests", self.requests, 0)

    @property
    def words(self) -> str:
        """How many."""
        said = [f"{self.users:,} users"] * bool(self.users)
        said += [f"{self.requests:,} requests"] * bool(self.requests)
        return f"at most {' and '.join(said)}" if said else ""


@dataclass(frozen=True, kw_only=True)
class Staged:
    """Lets a version out stage by stage, then to everybody.

    Stages are judged by *metric*: 'quality' (1 less the loss, by labels), or what is seen at once,
    such as 'completed'; and *also* by others, each of which must content the judge. Any of the
    *stops* withdraws the version, and so does the *cap* when that many have met it before it is
    through. Where outcomes are too few after *patience*, *starved* says what then: 'wait', 'go on'
    or 'roll back'. *second* is what becomes of a version that is ready while another is on its way:
    'queue', 'replace' or 'drop'. With *dry_run* everything is judged and written down and nothing
    is withdrawn. The *owner* answers for it; the *review* looks back.
    """

    stages: tuple[Stage, ...]
    metric: str = "quality"
    also: tuple[str, ...] = ()
    stops: tuple[Stop, ...] = field(default_factory=lambda: (Worse(), Beyond()))
    cap: Cap = field(default_factory=Cap)
    patience: str = "30d"
    starved: str = GIVE_UP
    second: str = QUEUE
    dry_run: bool = False
    owner: str = "product"
    review: Review | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.stages, tuple) or not self.stages:
            refuse("staged.stages", self.stages, "give at least one, as in (Stage(share=0.05),)")
        for place, stage in enumerate(self.stages):
            fits(f"staged.stages[{place}]", stage, "share", "Stage(share=0.05)")
        for place, stop in enumerate(self.stops):
            fits(f"staged.stops[{place}]", stop, "stops", "Worse()")
        if not isinstance(self.also, tuple) or len({*self.metrics}) < len(self.metrics):
            refuse("staged.also", self.also, "give other metrics, each once, as in ('completed',)")
        positive_us(self.patience, "staged.patience")
        one_of("staged.starved", self.starved, (WAIT, GO_ON, GIVE_UP))
        one_of("staged.second", self.second, (QUEUE, REPLACE, DROP))
        one_of("staged.owner", self.owner, OWNERS)
        purposes = {stage.purpose for stage in self.stages if stage.judge is not None}
        if len(purposes) > 1:
            refuse(
                "staged.stages", self.stages, "health and effect never share a verdict: give two"
            )
        unseen = [place for place, stage in enumerate(self.stages) if stage.unseen]
        if unseen not in ([], [0]):
            refuse("staged.stages", unseen, "only the first stage can be unseen")

    @property
    def metrics(self) -> tuple[str, ...]:
        """All that stages are judged by."""
        return self.metric, *self.also

    @property
    def words(self) -> str:
        """Its stages, and what withdraws it."""
        said = ", ".join(stage.words for stage in self.stages)
        stops = "; back at " + ", or ".join(stop.words for stop in self.stops) if self.stops else ""
        dry = " (a dry run: nothing is withdrawn)" if self.dry_run else ""
        cap = f"; {self.cap.words}" if self.cap.words else ""
        return f"{said}, then everybody{stops}{cap}{dry}"

    def step(self, view: View, version: str) -> Iterator[Action]:
        """Do what is next for *version*: let it out, widen, withdraw, or wait."""
        route = view.route
        if version not in (route.challenger, route.shadow):
            yield self._enter(view, version, 0, "all gates are open")
            return
        place = min(route.stage, len(self.stages) - 1)
        stage = self.stages[place]
        seen = Seen(view, route.since_us, stage=place, purpose=stage.purpose)
        for verdict in self._alarmed(seen):
            yield from noted(view, verdict, version)
            if verdict.yes and not self.dry_run:
                yield self._withdraw(view, f"{verdict.part}: {verdict.why}")
                return
        verdict = judged(self, seen)
        yield from noted(view, verdict, version)
        if verdict.answer == NO and not self.dry_run:
            yield self._withdraw(view, verdict.why)
        elif not verdict.waits_for and not self._measuring(seen):
            yield self._enter(view, version, place + 1, verdict.why)

    # -- going on and going back -------------------------------------------------------------

    def _enter(self, view: View, version: str, place: int, why: str) -> Action:
        """Begin stage number *place*; after the last one, let the version answer everybody."""
        agreed = note(self, view, version)
        if place == len(self.stages):
            return Promote(version, why=why, note=agreed)
        stage = self.stages[place]
        if stage.unseen:
            return Shadow(version, why=why, note=agreed, stage=place)
        return Release(
            version,
            stage.share,
            why=why,
            note=agreed,
            segments=stage.segments,
            stage=place,
            most_users=self.cap.users,
            most_requests=self.cap.requests,
        )

    def _withdraw(self, view: View, why: str) -> Action:
        return Rollback(why=why) if view.route.challenger else Shadow("", why=why)

    # -- judging -----------------------------------------------------------------------------

    def _alarmed(self, seen: Seen) -> Iterator[Verdict]:
        """Ask the stop rules and the cap, which is reached before the last stage is over."""
        if self.stages[seen.stage].off:
            return
        for stop in self.stops:
            yield stop.stops(seen)
        if self.cap.words:
            met = seen.view.exposure
            over = [
                (count, most)
                for count, most in ((met.users, self.cap.users), (met.requests, self.cap.requests))
                if most and count >= most
            ]
            why = f"{met.requests:,} requests of {met.users:,} users have met it"
            count, most = over[0] if over else (met.requests, self.cap.requests or self.cap.users)
            yield Verdict(self.cap.words, YES if over else NO, why, count, most)

    def _measuring(self, seen: Seen) -> bool:
        """Say whether a stop rule of this stage has not seen all that it is to see."""
        waiting = (getattr(stop, "unfinished", None) for stop in self.stops)
        return any(unfinished(seen) for unfinished in waiting if unfinished is not None)
