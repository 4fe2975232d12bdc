"""A world in which every monitor has something to see, and who watches it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from sim.concepts import Linear
from sim.drift import Drift
from sim.facts import Alarm
from sim.faults import Fault
from sim.labels import Constant, Labels
from sim.ledger import Ledger
from sim.prices import Prices
from sim.queueing import Queue
from sim.run import run
from sim.scenario import Launch, Scenario, Service
from sim.stream import Stream
from sim.traffic import Segments, Traffic
from sim.users import Users
from strategies.monitors import (
    AnswerShift,
    Business,
    Calibration,
    Clusters,
    Contract,
    CostPerRequest,
    Disagreement,
    ErrorLevel,
    EstimatedError,
    FallbackRate,
    Freshness,
    Latency,
    NoAnswerRate,
    NullRate,
    QueueLength,
    ReviewShare,
    Shift,
    Unsure,
    UserShare,
    Volume,
)

COLUMNS = 10
RULE = Linear(columns=COLUMNS, noise=0.05)
TURNED = Linear(columns=COLUMNS, noise=0.05, rule="after")


@dataclass(frozen=True, kw_only=True)
class Watching:
    """Watch and do nothing."""

    monitors: tuple[Any, ...]
    heartbeat: str = "0"
    first: tuple[Any, ...] = field(default=())

    def decide(self, view: Any) -> tuple[Any, ...]:
        return ()


def four_layers(promise: str = "1y") -> tuple[Any, ...]:
    """Return monitors of all layers, with limits that a calm world does not reach."""
    kept: dict[str, Any] = {"window": "1d", "false_alarms": promise}
    return (
        Contract(),
        Shift(**kept),
        NullRate(),
        Freshness(),
        Volume(),
        AnswerShift(**kept),
        AnswerShift(of="classes", statistic="chi_square", **kept),
        Unsure(limit=0.9),
        EstimatedError(),
        FallbackRate(),
        NoAnswerRate(),
        Disagreement(),
        ErrorLevel(limit=0.3),
        ErrorLevel(limit=0.35, segments=True),
        Calibration(),
        UserShare(),
        UserShare(of="accepted", limit=0.7),
        UserShare(of="escalated", limit=0.1),
        Latency(),
        Latency(slower_than="1s", limit=0.01),
        QueueLength(),
        CostPerRequest(prices=Prices(request=0.01)),
        ReviewShare(),
        Clusters(),
        Business(),
        Business(of="survey"),
        Business(of="complained", drop=0.5),
    )


def world(*drifts: Drift, faults: tuple[Fault, ...] = (), **rest: Any) -> Scenario:
    """Return four weeks at 200 requests an hour, with users, segments and a queue."""
    given: dict[str, Any] = {
        "horizon": "4w",
        "users": Users(season=0.0),
        "service": Service(queue=Queue(mean="50ms")),
        "labels": Labels(delay=Constant(delay="6h")),
        "launch": Launch(window="14d"),
    } | rest
    return Scenario(
        name="watched",
        stream=Stream(
            concept=RULE,
            traffic=Traffic(rate="200/h", daily=0.4, weekend=0.7),
            drifts=drifts,
            segments=Segments(names=("most", "few"), shares=(0.7, 0.3)),
        ),
        faults=faults,
        **given,
    )


def played(scenario: Scenario, *monitors: Any, seed: int = 1, **rest: Any) -> Ledger:
    """Let *monitors* watch."""
    ledger = run(scenario, Watching(monitors=monitors), seed=seed, **rest)
    assert not ledger.stopped
    return ledger


def alarms(scenario: Scenario, *monitors: Any, seed: int = 1) -> list[Alarm]:
    """Return the alarms of *monitors*."""
    return list(played(scenario, *monitors, seed=seed).of(Alarm))


def at_rest(scenario: Scenario) -> Scenario:
    """Return the same world without the rhythm of days and weeks."""
    traffic = replace(scenario.stream.traffic, daily=0.0, weekend=1.0)
    return replace(scenario, stream=replace(scenario.stream, traffic=traffic))
