"""Small worlds in which policies are tried, and what is read from their ledgers."""

from __future__ import annotations

from typing import Any

from sim.clock import DAY_US
from sim.concepts import Linear
from sim.drift import ConceptDrift
from sim.facts import Acted, Decided
from sim.labels import Constant, Labels
from sim.ledger import Ledger
from sim.run import run
from sim.scenario import Launch, Scenario, Training
from sim.stream import Stream
from sim.traffic import Traffic


def world(*, drift: str = "14d", delay: str = "12h", rate: str = "100/h", **more: Any) -> Scenario:
    """Return five weeks in which the rule turns by a right angle at *drift* ('' for never)."""
    turned = ConceptDrift(at=drift, to=Linear(columns=4, angle=90.0)) if drift else None
    given: dict[str, Any] = {
        "stream": Stream(
            concept=Linear(columns=4),
            traffic=Traffic(rate=rate),
            drifts=(turned,) if turned else (),
        ),
        "labels": Labels(delay=Constant(delay=delay)),
        "training": Training(fixed="1h"),
        "launch": Launch(window="10d"),
        "horizon": "5w",
        **more,
    }
    return Scenario(name="small", **given)


def played(strategy: Any, *, seed: int = 0, **kind: Any) -> Ledger:
    """Run a strategy to the end."""
    ledger = run(world(**kind), strategy, seed=seed)
    assert ledger.stopped == ""
    return ledger


def days(ledger: Ledger, verb: str) -> list[float]:
    """Return the days on which something was done."""
    return [fact.at_us / DAY_US for fact in ledger.of(Acted) if fact.action == verb]


def log(ledger: Ledger, beginning: str = "") -> list[Decided]:
    """Return the words of the parts that begin with *beginning*."""
    return [fact for fact in ledger.of(Decided) if fact.part.startswith(beginning)]


def late_loss(ledger: Ledger) -> float:
    """Return the mean loss of the last week."""
    week = slice(-7 * 24, None)
    return float(ledger.timeline.loss[week].sum() / ledger.timeline.count[week].sum())
