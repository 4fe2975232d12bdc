"""Ledgers made by hand, so that every answer is known."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest

from sim.clock import us
from sim.facts import Alarm, Built, Ended, Fact, Lineage, Onset, Routed, Stopped
from sim.ledger import Ledger, Outcomes
from sim.prices import Prices
from sim.timeline import Timeline

HOUR_US = us("1h")


class Book:
    """Writes a ledger: *per_tick* requests an hour, evenly spaced; loss as the test says."""

    def __init__(self, *, hours: int = 480, per_tick: int = 600, tolerance: float = 0.02) -> None:
        self.hours, self.per_tick = hours, per_tick
        self.served_us = np.arange(hours * per_tick) * (HOUR_US // per_tick)
        self.loss = np.zeros(len(self.served_us))
        self.arm = np.zeros(len(self.served_us), dtype=np.int8)
        self.facts: list[Fact] = []
        self.scenario: dict[str, Any] = {
            "name": "by hand",
            "digest": "0" * 32,
            "story": "A world of known answers.",
            "horizon_us": hours * HOUR_US,
            "loss": "ZeroOne()",
            "tolerance": tolerance,
            "closed_loop": False,
            "label_delay_us": us("1d"),
            "prices": asdict(Prices(currency="EUR", loss=2.0, page=5.0, incident_minute=0.5)),
            "reviewed": False,
            "ticks": "1h",
        }
        self.labels = {"arrived": len(self.served_us), "pending": 0, "never": 0}

    def hurt(self, start: str, stop: str, *, every: int = 10) -> Book:
        """Let one in *every* requests between *start* and *stop* go wrong."""
        hit = (self.served_us >= us(start)) & (self.served_us < us(stop))
        hit &= np.arange(len(hit)) % every == 0
        self.loss[hit] = 1.0
        return self

    def onset(
        self,
        name: str,
        at: str,
        *,
        full: str = "",
        columns: tuple[str, ...] = (),
        kind: str = "drop",
    ) -> Book:
        """Let an incident begin."""
        self.facts.append(
            Onset(
                at_us=us(at),
                name=name,
                incident=kind,
                columns=columns,
                severity=1.0,
                full_us=us(full or at),
                ends_us=None,
            )
        )
        return self

    def ended(self, name: str, at: str) -> Book:
        """Let an incident's change be undone."""
        self.facts.append(Ended(at_us=us(at), name=name, why="repaired by data"))
        return self

    def alarm(
        self, monitor: str, at: str, *, evidence: str = "", columns: tuple[str, ...] = ()
    ) -> Book:
        """Let a monitor alarm; a tick's evidence is the instant before."""
        at_us = us(at)
        evidence_us = us(evidence) if evidence else at_us - 1
        instant = int(evidence_us == at_us)
        self.facts.append(
            Alarm(
                at_us=at_us,
                monitor=monitor,
                layer="input" if monitor == "contract" else "performance",
                owner="data",
                evidence_us=evidence_us,
                records=int(self.served_us.searchsorted(at_us)) + instant,
                value=1.0,
                columns=columns,
                text="by hand",
            )
        )
        return self

    def signals(self, *monitors: tuple[str, str, str]) -> Book:
        """Declare monitors (name, layer, owner) with the release."""
        rows = [{"name": n, "layer": layer, "owner": owner} for n, layer, owner in monitors]
        self.facts.append(
            Lineage(
                at_us=0,
                stage="monitoring signals",
                version="v0",
                owner="platform",
                digest="0",
                parents=(),
                content=json.dumps({"monitors": rows}),
            )
        )
        return self

    def built(self, version: str, at: str, claim: float) -> Book:
        """Let a version be built."""
        self.facts.append(
            Built(
                at_us=us(at),
                job=1,
                version=version,
                begun_us=us(at),
                claim=claim,
                cost=0.0,
                digest="0",
            )
        )
        return self

    def routed(self, at: str, champion: str, *, challenger: str = "", share: float = 0.0) -> Book:
        """Change who answers."""
        self.facts.append(
            Routed(
                at_us=us(at),
                champion=champion,
                challenger=challenger,
                share=share,
                shadow="",
                fallback=False,
                release=0,
                cause="by hand",
            )
        )
        return self

    def stopped(self, at: str, why: str, verdict: str = "fail") -> Book:
        """End the run early."""
        served = int(self.served_us.searchsorted(us(at)))
        for name in ("served_us", "loss", "arm"):
            setattr(self, name, getattr(self, name)[:served])
        self.facts.append(Stopped(at_us=us(at), why=why, verdict=verdict))
        return self

    def ledger(self, *, outcomes: bool = True) -> Ledger:
        """Close the book."""
        timeline = Timeline.empty(HOUR_US, self.hours)
        place = (self.served_us // HOUR_US, self.arm)
        np.add.at(timeline.count, place, 1)
        np.add.at(timeline.loss, place, self.loss)
        kept = Outcomes(self.served_us, self.arm, self.loss) if outcomes else None
        facts = tuple(sorted(self.facts, key=lambda fact: fact.at_us))
        fingerprint = {"numpy": "0"}
        return Ledger(
            self.scenario, "ByHand()", 7, facts, timeline, self.labels, 0, fingerprint, kept
        )


@pytest.fixture
def book() -> Callable[..., Book]:
    """Return what begins a ledger."""
    return Book
