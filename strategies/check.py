"""Is this object a sound strategy? The public conformance check for plug-ins."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.actions import Action
from sim.concepts import Linear
from sim.drift import ConceptDrift
from sim.errors import Mistake
from sim.faults import (
    Ban,
    CostChange,
    Duplicates,
    FrozenFeed,
    LabelOutage,
    LateRows,
    NullBurst,
    Outage,
    PoisonedLabels,
    Rename,
    SignOffRule,
    SplitShift,
    Surge,
    TrainingTrouble,
    UnitChange,
)
from sim.labels import Labels, LogNormal
from sim.losses import Costs
from sim.people import People, Suspicion
from sim.queueing import Queue
from sim.run import MOST_ACTIONS, Strategy, fingerprint, label, one_thread, run
from sim.scenario import Launch, Scenario, Service, Training
from sim.stream import Stream
from sim.traffic import Traffic
from sim.world import World

if TYPE_CHECKING:
    from sim.ledger import Ledger

SEEDS = (0, 1)


def check_strategy(strategy: Any) -> list[str]:
    """Say in words what is wrong with *strategy*; an empty list means that it is sound.

    It is run for some simulated weeks of trouble: a schema fault, a drift, late and missing
    labels, trainings that fail; and once with faults of every part of the world at once, from
    the feed and its labels to the service, the trainings and the rules. It must get through, ask
    for nothing impossible, be the same for the same seed, keep no memory of its own and leave its
    parameters alone.

    >>> check_strategy(object())
    ['object has no decide(view): a strategy is an object with that method']
    """
    name = type(strategy).__name__
    if isinstance(strategy, type):
        return [f"{strategy.__name__} is a class: give an instance, {strategy.__name__}()"]
    if not callable(getattr(strategy, "decide", None)):
        return [f"{name} has no decide(view): a strategy is an object with that method"]
    found = []
    described = getattr(strategy, "__dataclass_params__", None)
    if described is not None and not described.frozen:
        found.append(f"{name} is a dataclass that is not frozen: write @dataclass(frozen=True)")
    try:
        found += _runs(strategy)
    except Mistake as mistake:
        found.append(str(mistake))
    except Exception as error:
        found.append(f"{name} cannot be set up: {type(error).__name__}: {error}")
    return found


def _runs(strategy: Strategy) -> list[str]:
    name, before, found = type(strategy).__name__, image(strategy), []
    alone = [run(troubled_weeks(), strategy, seed=seed) for seed in SEEDS]
    stopped = [ledger.stopped for ledger in (*alone, run(all_at_once(), strategy, seed=SEEDS[0]))]
    stopped = [why for why in stopped if why]
    if stopped:
        found.append(stopped[0])
    changed = _difference(before, image(strategy))
    if changed:
        found.append(
            f"{name} changed its own {changed} during a run: keep parameters only, and read "
            "what happened from view.history"
        )
    if found:  # what follows would only repeat it
        return found
    if run(troubled_weeks(), strategy, seed=SEEDS[0]).digest() != alone[0].digest():
        found.append(
            f"{name} decided otherwise when the same seed was run again: it remembers the first "
            "run, or draws luck of its own"
        )
    elif [ledger.digest() for ledger in side_by_side(strategy)] != [x.digest() for x in alone]:
        found.append(
            f"{name} decided otherwise when two runs took turns: one instance must serve all "
            "seeds, so nothing may be remembered outside the view"
        )
    return found


def side_by_side(strategy: Strategy) -> list[Ledger]:
    """Run two seeds with one strategy, a decision of each in turn."""
    with one_thread():
        worlds = [
            World(
                troubled_weeks(),
                seed=seed,
                monitors=getattr(strategy, "monitors", ()),
                heartbeat=getattr(strategy, "heartbeat", None),
            )
            for seed in SEEDS
        ]
        while not all(world.over for world in worlds):
            for world in worlds:
                if not world.over and (view := world.advance()) is not None:
                    answer: list[Action] = list(islice(strategy.decide(view) or (), MOST_ACTIONS))
                    world.act(answer)
    return [world.ledger(label(strategy), fingerprint()) for world in worlds]


def troubled_weeks() -> Scenario:
    """Return six weeks in which much goes wrong, small enough to be run often."""
    turned = Linear(columns=4, rule="start", angle=60.0)
    return Scenario(
        name="troubled-weeks",
        stream=Stream(
            concept=Linear(columns=4),
            traffic=Traffic(rate="60/h", daily=0.5, weekend=0.7),
            drifts=(ConceptDrift(at="3w", to=turned),),
        ),
        faults=(Rename(at="2w", width="3d", columns=("x0", "x1"), share=0.5, fixed_by="data"),),
        labels=Labels(delay=LogNormal(median="1d"), coverage=0.8, noise=0.02),
        training=Training(fixed="3h", failure=0.4, cost=1.0),
        launch=Launch(window="14d"),
        horizon="6w",
    )


def all_at_once() -> Scenario:
    """Return the same weeks with everything that can go wrong, kind after kind."""
    weeks = troubled_weeks()
    faults = (
        *weeks.faults,
        NullBurst(at="4d", until="8d", columns=("x2",), share=0.5, fixed_by="data"),
        UnitChange(at="9d", until="12d", columns=("x3",)),
        FrozenFeed(at="10d", until="13d", columns=("x2",)),
        Duplicates(at="11d", until="15d", share=0.2),
        LateRows(at="12d", until="16d", share=0.2),
        PoisonedLabels(at="13d", until="20d", share=0.3),
        LabelOutage(at="16d", until="22d"),
        Surge(at="17d", until="19d"),
        Outage(at="18d", until="20d", share=0.3, answers="error"),
        TrainingTrouble(at="20d", until="30d", failure=0.5, times=3.0),
        SplitShift(at="25d", overlap=0.3),
        CostChange(at="30d", to=Costs(false_positive=1.0, false_negative=5.0)),
        Ban(at="36d", notice="4d", columns=("x0",)),
        SignOffRule(at="20d"),
    )
    service = Service(queue=Queue(mean="2s"))
    people = People(suspicion=Suspicion(notices=0.05), nobody=("product",))
    return replace(weeks, name="all-at-once", faults=faults, service=service, people=people)


def image(value: object, _above: frozenset[int] = frozenset()) -> object:
    """Return plain data that is equal as long as *value* and all that it holds stay the same."""
    if value is None or isinstance(value, bool | int | float | str | bytes):
        return repr(value)
    if id(value) in _above or isinstance(value, type) or callable(value):
        return type(value).__qualname__
    above = _above | {id(value)}
    if isinstance(value, np.ndarray):
        return (value.shape, value.tobytes())
    if isinstance(value, dict):
        return {repr(key): image(inner, above) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [image(inner, above) for inner in value]
    if isinstance(value, set | frozenset):
        return sorted(map(repr, value))
    held = dict(getattr(value, "__dict__", {}))
    for cls in type(value).__mro__:
        slots = cls.__dict__.get("__slots__", ())
        for slot in (slots,) if isinstance(slots, str) else slots:
            if hasattr(value, slot):
                held[slot] = getattr(value, slot)
    if not held:
        return repr(value) if type(value).__repr__ is not object.__repr__ else type(value).__name__
    return {name: image(inner, above) for name, inner in held.items()}


def _difference(before: object, after: object) -> str:
    """Return the attributes that differ, in words."""
    if not isinstance(before, dict) or not isinstance(after, dict):
        return "" if before == after else "content"
    names = [n for n in {**before, **after} if before.get(n) != after.get(n)]
    return " and ".join(names)
