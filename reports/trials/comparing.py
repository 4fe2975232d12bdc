"""Plays as many years as a comparison needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import inf
from typing import TYPE_CHECKING, Any

import numpy as np

from reports.comparison import Comparison, Expectation, Fixed, Margin, Measure, Rule, Stein
from reports.comparison.comparison import compare
from reports.comparison.contrast import differences
from reports.comparison.stopping import Decided
from reports.sweeps.conduct import failures
from reports.words import count
from sim.errors import one_of

if TYPE_CHECKING:
    from reports.sweeps.conduct import Conductor
    from reports.sweeps.sweep import Swept


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is to be told: contrasts *by* measures, *against* one strategy or each with each.

    *rule* says how many seeds, *most* at the most; *margin* is what counts as a difference.
    """

    by: tuple[Measure, ...] = ()
    expected: tuple[Expectation, ...] = ()
    against: str = ""
    margin: Margin = field(default_factory=Margin)
    rule: Rule = field(default_factory=Fixed)
    most: int = 1_000


def compared(
    conductor: Conductor,
    scenarios: Sequence[Any],
    strategies: Sequence[Any],
    wanted: Wanted,
    *,
    until: float = inf,
) -> Comparison:
    """Play until the rule is content, or the clock is past *until*."""
    rule = wanted.rule

    def play(seeds: int) -> Comparison:
        swept = conductor.play(scenarios, strategies, range(seeds), until=until)
        return _compared(swept, seeds, wanted)

    found = play(rule.pilot)
    if isinstance(rule, Stein):
        needed = _needed(found, rule)
        if needed > wanted.most:
            short = f"{count(needed, 'seed')} would be needed, and --max-seeds is {wanted.most:,}"
            return replace(play(wanted.most), stopped=short)
        if needed > found.seeds:
            found = play(needed)
    elif isinstance(rule, Decided):
        while not rule.settled(found.contrasts) and found.seeds < rule.most and not found.stopped:
            found = play(rule.next(found.seeds))
    return found


def _compared(swept: Swept, seeds: int, wanted: Wanted) -> Comparison:
    cast = swept.sweep.cast
    strategies = [part.text for part in cast.strategies]
    against = " ".join(wanted.against.split())
    if against:
        against = one_of("--against", against, strategies)
    return compare(
        swept.years(),
        scenarios=[part.text for part in cast.scenarios],
        strategies=strategies,
        seeds=seeds,
        by=wanted.by,
        expected=wanted.expected,
        against=against,
        margin=wanted.margin,
        rule=wanted.rule,
        failures=failures(swept),
        stopped="the time was up before all was played" if swept.late else "",
    )


def _needed(found: Comparison, rule: Stein) -> int:
    """Return how many seeds the contrasts of the pilot ask for."""
    from reports.comparison.comparison import Board

    board = Board(found.years, found.scenarios, found.strategies, found.seeds)
    needed = rule.pilot
    for one in found.contrasts:
        asked = next(m for m in found.measures if m.text == one.measure)
        places = [one.scenario] if one.scenario else list(found.scenarios)
        mine, theirs = (
            np.stack([board.values(place, name, asked) for place in places], axis=1)
            for name in (one.one, one.other)
        )
        everybody = [board.values(p, name, asked) for p in places for name in found.strategies]
        level = float(np.nanmean(np.stack(everybody)))
        needed = max(needed, rule.wanted(differences(mine, theirs), one.alpha, level))
    return needed
