"""Plays as many years as a comparison needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from math import inf
from typing import TYPE_CHECKING, Any

import numpy as np

from reports.comparison import (
    Board,
    Comparison,
    Expectation,
    Fixed,
    Margin,
    Measure,
    Rule,
    Stein,
    measure,
)
from reports.comparison.comparison import compare, contrasts
from reports.comparison.contrast import differences
from reports.comparison.pareto import front
from reports.comparison.stopping import Decided
from reports.sweeps.cast import Part
from reports.sweeps.conduct import failures
from reports.words import count
from sim.clock import us
from sim.errors import Mistake, one_of
from sim.sweeps import BestSchedule

if TYPE_CHECKING:
    from reports.sweeps.conduct import Conductor
    from reports.sweeps.sweep import Swept


HINDSIGHT = "hindsight"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is to be told: contrasts *by* measures, *against* one strategy or each with each.

    *rule* says how many seeds, *most* at the most; *margin* is what counts as a difference.
    *hindsight* is how many moments the best schedule of builds may choose from, 0 for none.
    """

    by: tuple[Measure, ...] = ()
    expected: tuple[Expectation, ...] = ()
    against: str = ""
    margin: Margin = field(default_factory=Margin)
    rule: Rule = field(default_factory=Fixed)
    most: int = 1_000
    hindsight: int = 0


def compared(
    conductor: Conductor,
    scenarios: Sequence[Any],
    strategies: Sequence[Any],
    wanted: Wanted,
    *,
    until: float = inf,
) -> Comparison:
    """Play until the rule is content, or the clock is past *until*."""

    def play(seeds: int) -> Comparison:
        swept = conductor.play(scenarios, strategies, range(seeds), until=until)
        return _compared(swept, seeds, wanted)

    found = _settled(play, wanted)
    return _beside(conductor, scenarios, strategies, wanted, found) if wanted.hindsight else found


def _settled(play: Callable[[int], Comparison], wanted: Wanted) -> Comparison:
    rule = wanted.rule
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


def _beside(
    conductor: Conductor,
    scenarios: Sequence[Any],
    strategies: Sequence[Any],
    wanted: Wanted,
    found: Comparison,
) -> Comparison:
    """Put the best schedule of builds beside what was found."""
    operators = [Part.of("strategy", one) for one in strategies]
    best = BestSchedule(windows=_windows(operators), grid=wanted.hindsight)
    reference = replace(Part.of("strategy", best), text=HINDSIGHT)
    swept = conductor.play(scenarios, [*operators, reference], range(found.seeds))
    years, worlds = swept.years(), swept.sweep.cast.scenarios
    known = {year.scenario for year in years if year.strategy == HINDSIGHT}
    names = [name for name in found.scenarios if name in known]
    why = {
        worlds[task.scenario].text: error
        for task, error in swept.errors.items()
        if worlds[task.scenario].text not in known
    }
    board = Board(years, names, [*found.strategies, HINDSIGHT], found.seeds)
    pairs = [(name, HINDSIGHT) for name in found.strategies]
    spent = contrasts(board, measure("spent"), pairs, wanted.margin, Fixed()) if names else []
    return replace(
        found,
        corners=tuple(point for point in front(board) if point.strategy == HINDSIGHT),
        regrets=tuple(one for one in spent if one.scenario),
        unknown=tuple(f"{name}: {error}" for name, error in why.items()),
    )


def _windows(operators: Sequence[Part]) -> tuple[Any, ...]:
    """Return the windows of those compared, as far as they are spans or numbers of labels."""
    held = [getattr(one.found().named.value, "window", None) for one in operators]
    spans = [getattr(window, "span", window) for window in held]
    usual = dict.fromkeys(span for span in spans if isinstance(span, int) or _is_span(span))
    return tuple(usual) or ("30d",)


def _is_span(window: object) -> bool:
    try:
        return isinstance(window, str) and bool(us(window))
    except Mistake:
        return False


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
