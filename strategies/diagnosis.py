"""What a policy says of a team: its maturity, and how long from a drop to a new version."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from sim.clock import us
from sim.people import LAYERS, People
from sim.scenario import Service, Training
from strategies.gates import BeatsChampion, Reproducible, SignOff, SkippedFor
from strategies.responses import InvestigateFirst, RebuildStage
from strategies.rollouts import Immediate
from strategies.triggers import (
    CumulativeLoss,
    DataVolume,
    Emergency,
    OnDrift,
    OnFinding,
    OnSchedule,
    Performance,
)
from strategies.windows import SinceTheAlarm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from strategies.policy import Policy
    from strategies.triggers import Trigger

T = TypeVar("T")
OPEN = "30d"
"""What is taken where a policy sets no time of its own, such as until somebody complains."""
NOT_READY = "observability not ready"


@dataclass(frozen=True)
class Step:
    """One part of the way from a drop to a new version: *what*, and how long it takes at most."""

    what: str
    takes_us: int


def found(thing: Any, kind: type[T]) -> Iterator[T]:
    """Return every part of one *kind*, however deep it stands; what may be skipped is left out."""
    if isinstance(thing, kind):
        yield thing
    if isinstance(thing, SkippedFor):
        return
    if isinstance(thing, tuple):
        for item in thing:
            yield from found(item, kind)
    elif is_dataclass(thing):
        for field in fields(thing):
            yield from found(getattr(thing, field.name), kind)


def level(policy: Policy) -> tuple[int, str]:
    """Return the maturity level of a policy, and why.

    Level 2: a drop starts a training, a comparison with the champion or a shadow decides, nobody
    signs each version. Level 1: something starts it without a person, and people may sign. Level
    0: the rest, and whatever waits for people for two weeks.
    """
    triggers: tuple[Trigger, ...] = (policy.trigger,)
    asks = [part for part in policy.responses if isinstance(part, InvestigateFirst)]
    if asks and any(True for _ in found(triggers, OnFinding)):
        triggers += tuple(part.when for part in asks)
    by_itself = any(True for kind in (OnSchedule, DataVolume) for _ in found(triggers, kind))
    kinds = (Performance, OnDrift, CumulativeLoss)
    by_drop = any(True for kind in kinds for _ in found(triggers, kind)) or rebuilds(policy)
    signs = [gate for part in policy.gates for gate in found(part, SignOff)]
    compared = any(found_any(policy.gates, BeatsChampion)) or not isinstance(
        policy.rollout, Immediate
    )
    slowest_us = max((us(gate.takes) for gate in signs), default=0)
    if slowest_us >= us("14d"):
        return 0, f"each version waits {signs[0].takes} for people"
    if not by_itself and not by_drop:
        return 0, "a person has to start each training" if _manual(policy) else "nothing rebuilds"
    if by_drop and compared and not signs:
        return 2, "a drop starts a training, and a comparison decides"
    if signs:
        return 1, f"people sign each version, which takes {signs[0].takes}"
    if not compared:
        return 1, "no version is compared with the champion before it is out"
    return 1, "the calendar starts a training, not a drop"


def found_any(parts: tuple[Any, ...], kind: type[Any]) -> Iterator[bool]:
    """Return True for each part of one *kind*, pre-approved classes included."""
    for part in parts:
        if isinstance(part, SkippedFor):
            yield from found_any(part.when, kind)
        elif next(found(part, kind), None) is not None:
            yield True


def _manual(policy: Policy) -> bool:
    return next(found(policy.trigger, Emergency), None) is not None


def way_back(policy: Policy) -> list[Step]:
    """Return the steps from a drop to a new version that serves, by the policy's own numbers.

    Labels take what they take on top; a training and a deployment are taken to last as long as
    they usually do. Where several triggers watch, the quickest counts. No step means that nothing
    ever leads there.
    """
    trigger = policy.trigger
    ways = ways_of(trigger, policy.heartbeat)
    for part in found(policy.responses, RebuildStage):
        ways.append(Step(f"labels over {part.look} show it", us(part.look)))
    for _ in found(trigger, OnFinding):
        for looks_into in found(policy.responses, InvestigateFirst):
            drops = ways_of(looks_into.when, policy.heartbeat)
            if drops:
                least = min(drops, key=lambda step: step.takes_us)
                looks = f"{least.what}, and {looks_into.owner} finds out why"
                ways.append(Step(looks, least.takes_us + us(People().looks)))
    for kind, what in (
        (CumulativeLoss, "it has cost a training"),
        (DataVolume, "enough labels are there"),
        (Emergency, "somebody complains"),
    ):
        ways += [Step(what, us(OPEN)) for _ in found(trigger, kind)]
    if not ways:
        return []
    steps = [min(ways, key=lambda step: step.takes_us)]
    for window in found(policy.window, SinceTheAlarm):
        if us(window.wait):
            steps.append(Step("waiting for labels of the new world", us(window.wait)))
    if policy.candidates > 1:
        once_us = us(Training().fixed)
        steps.append(Step(f"{policy.candidates} trainings", policy.candidates * once_us))
    else:
        steps.append(Step("a training", us(Training().fixed)))
    for _ in found(policy.gates, Reproducible):
        steps.append(Step("building it again", policy.candidates * us(Training().fixed)))
    steps += [
        Step(f"{gate.owner} signs", us(gate.takes))
        for part in policy.gates
        for gate in found(part, SignOff)
    ]
    plan = getattr(policy.rollout, "staged", policy.rollout)
    for stage in getattr(plan, "stages", ()):
        steps.append(Step("a shadow" if stage.unseen else stage.words, us(stage.hold)))
    steps.append(Step("the deployment", us(Service().deploy)))
    return steps


def rebuilds(policy: Policy) -> bool:
    """Say whether one of its responses starts trainings of its own."""
    return any(True for _ in found(policy.responses, RebuildStage))


def ways_of(trigger: object, heartbeat: str) -> list[Step]:
    """Return how a trigger notices by itself, and how long each way takes at most."""
    ways = [Step(f"labels over {p.last} show it", us(p.last)) for p in found(trigger, Performance)]
    ways += [Step("the next turn comes", us(turn.every)) for turn in found(trigger, OnSchedule)]
    for drift in found(trigger, OnDrift):
        ways.append(Step("a monitor alarms", us(heartbeat) + us(drift.wait)))
    return ways


def look_first(policy: Policy) -> str:
    """Return where one would look first after a drop, or that nobody can."""
    layers = {monitor.layer for monitor in policy.monitors}
    for layer in LAYERS:
        if layer in layers:
            asked = [f"{m.name} of {m.owner}" for m in policy.monitors if m.layer == layer]
            return f"the {layer} layer: {', '.join(asked)}"
    return NOT_READY
