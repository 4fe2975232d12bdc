"""A small world in which things are done by hand, on the day that a plan says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sim.actions import (
    Action,
    Promote,
)
from sim.concepts import GaussianClasses
from sim.facts import Lineage
from sim.faults import (
    CostChange,
)
from sim.labels import Constant, Labels
from sim.ledger import Ledger
from sim.losses import Costs
from sim.run import run
from sim.scenario import Launch, Scenario, Training
from sim.stream import Stream
from sim.traffic import Traffic
from sim.view import View

Plan = dict[int, tuple[Action, ...]]


@dataclass(frozen=True, kw_only=True)
class Script:
    """Does what *plan* says on each day, and promotes whatever comes out if *lets_out*."""

    plan: Plan = field(default_factory=dict)
    lets_out: bool = True
    heartbeat: str = "1d"

    def decide(self, view: View) -> Iterator[Action]:
        if view.candidate and not view.changing and self.lets_out:
            yield Promote(view.candidate)
        elif view.reason == "heartbeat":
            yield from self.plan.get(round(view.now), ())


CLASSES = GaussianClasses(columns=3, distance=2.0, prior=0.3)
DEAR = CostChange(at="7d", to=Costs(false_positive=1.0, false_negative=9.0))


def scenario(*faults: Any, drifts: tuple[Any, ...] = (), **more: Any) -> Scenario:
    given: dict[str, Any] = {
        "stream": Stream(concept=CLASSES, traffic=Traffic(rate="100/h"), drifts=drifts),
        "labels": Labels(delay=Constant(delay="6h")),
        "training": Training(fixed="3d", cost=100.0),
        "launch": Launch(window="20d"),
        "horizon": "3w",
        "faults": faults,
        **more,
    }
    return Scenario(name="interventions", **given)


def played(plan: Plan, *faults: Any, seed: int = 1, lets_out: bool = True, **more: Any) -> Ledger:
    ledger = run(scenario(*faults, **more), Script(plan=plan, lets_out=lets_out), seed=seed)
    assert ledger.stopped == ""
    return ledger


def lineage(ledger: Ledger, stage: str, version: str) -> dict[str, Any]:
    content = [f.content for f in ledger.of(Lineage) if (f.stage, f.version) == (stage, version)]
    found: dict[str, Any] = json.loads(content[-1])
    return found


def excess(ledger: Ledger, first: float, last: float) -> float:
    """Return the mean loss above the best answers' between two days."""
    ticks, timeline = slice(int(24 * first), int(24 * last)), ledger.timeline
    gap = timeline.loss[ticks].sum() - timeline.ideal[ticks].sum()
    return float(gap / timeline.count[ticks].sum())
