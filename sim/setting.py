"""What a scenario fixes before the play begins: its source, its rules, what is told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.clock import us
from sim.queueing import BUCKETS
from sim.rules import Rules
from sim.source import Source
from sim.timeline import Told
from sim.users import BUSINESS

if TYPE_CHECKING:
    from sim.scenario import Scenario


def source_of(scenario: Scenario, seed: int) -> Source:
    """Return what draws the pages of a scenario under one luck; runs may share it."""
    return Source(
        stream=scenario.stream,
        faults=scenario.faults,
        labels=scenario.labels,
        loss=scenario.judged_by,
        seed=seed,
        tick_us=us(scenario.tick),
        batch_us=scenario.service.batch_us,
        starts_on=scenario.calendar.starts_on,
        world=scenario.world_digest,
    )


def rules_of(scenario: Scenario) -> Rules:
    """Return what holds for every page of a scenario."""
    return Rules(
        strict=scenario.service.contract == "strict",
        no_answer_loss=scenario.service.no_answer_loss,
        tick_us=us(scenario.tick),
        horizon_us=us(scenario.horizon),
        calendar=scenario.calendar,
        signals=len(getattr(scenario.artifact, "signals", ())),
        queue=scenario.service.queue,
        users=scenario.users,
    )


def told_of(scenario: Scenario, rules: Rules) -> Told:
    """Return what a timeline tells apart."""
    return Told(
        () if scenario.stream.segments is None else scenario.stream.segments.names,
        getattr(scenario.artifact, "signals", ()),
        rules.vitals,
        () if rules.users is None else BUSINESS,
        0 if rules.queue is None else BUCKETS,
        scenario.labels.reviews,
    )
