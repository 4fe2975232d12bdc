"""How long policies think: every hour of 500 simulated days."""

from __future__ import annotations

from dataclasses import replace
from statistics import median
from time import thread_time

from benchmarks.engine import Row
from sim.concepts import Linear
from sim.drift import ConceptDrift
from sim.run import one_thread
from sim.scenario import Scenario
from sim.stream import Stream
from sim.traffic import Traffic
from sim.world import World
from strategies.policy import Policy
from strategies.presets.cadences import hybrid, performance
from strategies.presets.maturity import level_2
from strategies.presets.organisation import guarded_hybrid

DAYS, MOST_S, ROUNDS = 500, 0.5, 3


def rows() -> list[Row]:
    """Measure policies of one to three triggers and up to four gates."""
    return [_row(policy) for policy in (performance(), hybrid(), level_2(), guarded_hybrid())]


def _row(policy: Policy) -> Row:
    with one_thread():
        took = median(_thinks(replace(policy, heartbeat="1h")) for _ in range(ROUNDS))
    return Row(
        f"{policy.name}, asked every hour of {DAYS} simulated days",
        f"{took:.2f} s of deciding",
        f"≤ {MOST_S:g} s",
        took <= MOST_S,
        f"{took / (DAYS * 24) * 1e6:.0f} µs each time",
    )


def _thinks(policy: Policy) -> float:
    """Return the seconds that all its decisions took, in a world that drifts in the middle."""
    world = World(_year(), seed=1, monitors=policy.monitors, heartbeat=policy.heartbeat)
    took = 0.0
    while (view := world.advance()) is not None:
        start = thread_time()
        actions = list(policy.decide(view))
        took += thread_time() - start
        world.act(actions)
    return took


def _year() -> Scenario:
    turned = ConceptDrift(at=f"{DAYS // 2}d", to=Linear(columns=4, angle=60.0))
    return Scenario(
        name="deciding",
        stream=Stream(concept=Linear(columns=4), traffic=Traffic(rate="20/h"), drifts=(turned,)),
        horizon=f"{DAYS}d",
    )
