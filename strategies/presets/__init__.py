"""Whole policies by name: what a team does when nobody composes anything."""

from strategies.presets.cadences import (
    always,
    cost_aware,
    data,
    drift,
    hybrid,
    monthly,
    never,
    performance,
    scheduled,
    weekly,
)
from strategies.presets.journey import journey
from strategies.presets.maturity import level_0, level_1, level_2, unwritten, when_needed
from strategies.presets.organisation import assembly_line, feedback_loop, guarded_hybrid
from strategies.presets.watching import contract, nobody_watching, on_alarm, stage_by_stage

__all__ = [
    "always",
    "assembly_line",
    "contract",
    "cost_aware",
    "data",
    "drift",
    "feedback_loop",
    "guarded_hybrid",
    "hybrid",
    "journey",
    "level_0",
    "level_1",
    "level_2",
    "monthly",
    "never",
    "nobody_watching",
    "on_alarm",
    "performance",
    "scheduled",
    "stage_by_stage",
    "unwritten",
    "weekly",
    "when_needed",
]
