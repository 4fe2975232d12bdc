"""A policy: monitors, a trigger, a window, gates, a rollout and responses, snapped together."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Protocol

from sim.actions import Archive, Retrain, Rollback, Shadow
from sim.clock import us
from sim.digest import digest
from sim.errors import fits, refuse, whole
from strategies.gates.gate import Gate, asked_by
from strategies.recall import at_rest
from strategies.responses.response import Response
from strategies.rollouts import Immediate, Rollout
from strategies.rollouts.staged import DROP, QUEUE, REPLACE
from strategies.triggers import Quiet, Trigger
from strategies.verdict import Verdict, noted
from strategies.windows import LastSpan, TrainingWindow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.actions import Action
    from sim.cards import VersionCard
    from sim.view import View


class Monitor(Protocol):
    """What watches: see sim/monitoring.py."""

    @property
    def name(self) -> str:
        """What its alarms are called."""

    @property
    def layer(self) -> str:
        """Input, output, performance or business."""

    @property
    def owner(self) -> str:
        """Who is called."""

    @property
    def clock(self) -> str:
        """Label, request or tick."""

    @property
    def detector(self) -> object:
        """What scans its values."""


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What a team does, in parts that anyone can argue about.

    The *monitors* watch, the *trigger* says when to rebuild, the *window* on which records (*warm*:
    going on from the champion; the best of so many *candidates* is kept), all *gates* must admit
    the version, the *rollout* lets it out; the *responses* are what is done besides. *metric* is
    what success is measured by, in words. It is asked at events and every *heartbeat*. It holds no
    state: all it knows is in the view, and what its parts say goes into the decision log when it is
    news.

    >>> from strategies.triggers import OnSchedule
    >>> Policy(name="weekly", trigger=OnSchedule(every="7d"))
    Policy(name='weekly', trigger=OnSchedule(every='7d'))
    """

    name: str = ""
    story: str = ""
    metric: str = ""
    monitors: tuple[Monitor, ...] = ()
    trigger: Trigger = field(default_factory=Quiet)
    window: TrainingWindow = field(default_factory=LastSpan)
    warm: bool = False
    candidates: int = 1
    gates: tuple[Gate, ...] = ()
    rollout: Rollout = field(default_factory=Immediate)
    responses: tuple[Response, ...] = ()
    heartbeat: str = "1d"

    def __post_init__(self) -> None:
        if not us(self.heartbeat, "policy.heartbeat") and _clocked(self.trigger):
            remedy = "what the trigger waits for is no event: give how often it is asked, as 1d"
            refuse("policy.heartbeat", self.heartbeat, remedy)
        whole("policy.candidates", self.candidates, 1, 1_000)
        fits("policy.trigger", self.trigger, "fires", "OnSchedule(every='7d')")
        fits("policy.window", self.window, "covers", "LastSpan(span='30d')")
        fits("policy.rollout", self.rollout, "step", "Immediate()")
        for name, method, example in (
            ("monitors", "detector", "OnErrors(detector=ADWIN())"),
            ("gates", "admits", "BeatsNaive()"),
            ("responses", "answers", "PageOwners()"),
        ):
            parts = getattr(self, name)
            if not isinstance(parts, tuple):
                refuse(f"policy.{name}", parts, f"give a tuple, as in ({example},)")
            for place, part in enumerate(parts):
                fits(f"policy.{name}[{place}]", part, method, example)

    def __repr__(self) -> str:
        """Say what is otherwise than usual."""
        told = []
        for f in fields(self):
            default = f.default_factory() if callable(f.default_factory) else f.default
            if getattr(self, f.name) != default and f.name != "story":
                told.append(f"{f.name}={getattr(self, f.name)!r}")
        return f"Policy({', '.join(told)})"

    @property
    def digest(self) -> str:
        """The digest of all its parts: equal in Python and in YAML."""
        return digest(self)

    def decide(self, view: View) -> Iterator[Action]:
        """Respond to what has happened; then release what is ready, or see whether to rebuild."""
        for response in self.responses:
            yield from response.answers(view)
        for card in view.versions if view.banned else ():
            if card.stage == "candidate" and (why := _forbidden(view, card)):
                yield Archive(card.name, why=why)
        under_way = view.route.challenger or view.route.shadow
        if under_way and not view.changing:
            if why := _forbidden(view, view.card(under_way)):
                yield Rollback(why=why) if view.route.challenger else Shadow("", why=why)
            elif view.candidate and self._second(view) != QUEUE:
                yield from self._make_way(view, under_way)
            else:
                yield from self.rollout.step(view, under_way)
                if self._newest_counts and not view.candidate and not view.jobs:
                    yield from self._consider(view)
        elif view.candidate and not view.changing:
            yield from self._judge(view, view.card(view.candidate))
        elif at_rest(view):
            review = getattr(self.rollout, "review", None)
            if review is not None:
                yield from review.looks(view)
            yield from self._consider(view)

    @property
    def _newest_counts(self) -> bool:
        """Whether it goes on building while a version is on its way, which the next replaces."""
        return str(getattr(self.rollout, "second", QUEUE)) == REPLACE

    def _second(self, view: View) -> str:
        """Return what becomes of a version that is ready while another is on its way."""
        second = str(getattr(self.rollout, "second", QUEUE))
        if second == REPLACE:
            card = view.card(view.candidate)
            admitted = all(gate.admits(view, card).yes for gate in self.gates)
            return second if admitted else QUEUE
        return second

    def _make_way(self, view: View, under_way: str) -> Iterator[Action]:
        """Drop the version that is ready, or withdraw the one that is on its way."""
        if self._second(view) == DROP:
            yield Archive(view.candidate, why=f"{under_way} is on its way: a second is dropped")
            return
        why = f"{view.candidate} is ready and takes its place"
        yield Rollback(why=why) if view.route.challenger else Shadow("", why=why)

    def _judge(self, view: View, version: VersionCard) -> Iterator[Action]:
        """Let a version out if all gates admit it; put it away if one never will."""
        verdicts = [gate.admits(view, version) for gate in self.gates]
        for verdict in verdicts:
            yield from noted(view, verdict, version.name)
        shut = [v for v in verdicts if not v.yes and not v.waits_for]
        if shut:
            why = "; ".join(f"{v.part}: {v.why}" for v in shut)
            yield Archive(version.name, why=f"not admitted ({why})")
        elif all(v.yes for v in verdicts):
            yield from self.rollout.step(view, version.name)
        else:
            yield from asked_by(self.gates, view, version)

    def _consider(self, view: View) -> Iterator[Action]:
        """Rebuild if it is time and the window has what it needs."""
        verdict = self.trigger.fires(view)
        yield from noted(view, verdict)
        if verdict.yes:
            window = self.window.covers(view)
            if isinstance(window, Verdict):
                yield from noted(view, window)
            else:
                yield Retrain(window, verdict.why, self.warm, candidates=self.candidates)


def _clocked(trigger: Trigger) -> bool:
    """Say whether a trigger, or one that it is made of, waits for a time or a sum to be reached."""
    inner = getattr(trigger, "of", ())
    parts = inner if isinstance(inner, tuple) else (inner,)
    return getattr(trigger, "clocked", False) or any(_clocked(part) for part in parts)


def _forbidden(view: View, version: VersionCard) -> str:
    """Say why the law keeps a version from answering, '' if it does not."""
    banned = view.forbids(version)
    return f"it was built with {', '.join(banned)}, which nobody may use any more" * bool(banned)
