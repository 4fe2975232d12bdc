"""Many years side by side: how each strategy fared, and who is better, as far as that is sure."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from reports import intervals
from reports.comparison.claim import Claim, claim
from reports.comparison.contrast import Contrast, contrast, resampled
from reports.comparison.expectation import FAIL, PASS, UNKNOWN, Expectation, Tally, tally
from reports.comparison.measure import KINDS, MONEY, Measure, measure, settle
from reports.comparison.pareto import Point, front
from reports.comparison.stopping import Decided, Fixed, Rule
from reports.comparison.trade import BreakEven, break_even
from reports.intervals import Figure

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from reports.comparison.margin import Margin
    from reports.comparison.year import Year
    from reports.plot import ComparisonPlot

    Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Cell:
    """How a strategy fared in a scenario: the mean of each measure over *seeds*, by its text."""

    scenario: str
    strategy: str
    seeds: int
    figures: dict[str, Figure]
    broken: int = 0


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Scenarios × strategies × seeds, and all that is told of them.

    *measures* are those that contrasts are told for, the most important first. *failures* say
    which runs have no result. *rule* is how many seeds there are. If hindsight was asked for,
    *corners* say what the best schedule of builds takes and loses, *regrets* what each strategy
    spends more than it (loss, priced, and trainings), *unknown* where nobody can tell.
    """

    scenarios: tuple[str, ...]
    strategies: tuple[str, ...]
    seeds: int
    measures: tuple[Measure, ...]
    cells: tuple[Cell, ...]
    contrasts: tuple[Contrast, ...]
    tallies: tuple[Tally, ...] = ()
    break_evens: tuple[BreakEven, ...] = ()
    points: tuple[Point, ...] = ()
    claims: tuple[Claim, ...] = ()
    corners: tuple[Point, ...] = ()
    regrets: tuple[Contrast, ...] = ()
    unknown: tuple[str, ...] = ()
    currency: str = ""
    years: tuple[Year, ...] = field(default=(), repr=False)
    failures: tuple[str, ...] = ()
    rule: Rule = field(default_factory=Fixed)
    stopped: str = ""

    @cached_property
    def verdict(self) -> str:
        """Pass, fail or unknown against what is expected; without expectations, pass."""
        verdicts = {one.verdict for one in self.tallies}
        if FAIL in verdicts:
            return FAIL
        undecided = isinstance(self.rule, Decided) and not all(
            one.settled for one in self.contrasts
        )
        if UNKNOWN in verdicts or self.failures or undecided or self.stopped:
            return UNKNOWN
        return PASS

    @property
    def plot(self) -> ComparisonPlot:
        """Its pictures: `found.plot.pareto()`."""
        from reports.plot import ComparisonPlot

        return ComparisonPlot(self)

    def _repr_html_(self) -> str:
        from reports.pages.notebook import of_comparison

        return of_comparison(self)

    def cell(self, scenario: str, strategy: str) -> Cell:
        """Return how a strategy fared in a scenario."""
        return next(
            cell for cell in self.cells if (cell.scenario, cell.strategy) == (scenario, strategy)
        )

    def about(self, scenario: str, by: str = "") -> list[Contrast]:
        """Return the contrasts in a scenario ('': all together), by the first measure or *by*."""
        by = by or self.measures[0].text
        return [c for c in self.contrasts if (c.scenario, c.measure) == (scenario, by)]

    def leader(self, scenario: str) -> Cell | None:
        """Return who has least of the first measure on average; that need not be sure."""
        by = self.measures[0].text
        known = [
            cell for cell in self.cells
            if cell.scenario == scenario and np.isfinite(cell.figures[by].value)
        ]  # fmt: skip
        return min(known, key=lambda cell: cell.figures[by].value, default=None)


def compare(
    years: Sequence[Year],
    *,
    scenarios: Sequence[str],
    strategies: Sequence[str],
    seeds: int,
    by: Sequence[Measure] = (),
    expected: Sequence[Expectation] = (),
    against: str = "",
    margin: Margin,
    rule: Rule | None = None,
    failures: Iterable[str] = (),
    stopped: str = "",
) -> Comparison:
    """Compare strategies, paired by seed; *against* one of them, or each with each."""
    rule = rule or Fixed(seeds=seeds)
    currency = next((str(year.run["currency"]) for year in years if year.run["currency"]), "")
    chosen = [settle(one, years, "--by") for one in by] or [_first(years)]
    board = Board(years, scenarios, strategies, seeds)
    told = list({one.text: one for one in [*chosen, *_columns(years)]}.values())
    pairs = [
        (one, other)
        for one, other in (
            [(name, against) for name in strategies if name != against]
            if against
            else combinations(strategies, 2)
        )
    ]
    return Comparison(
        scenarios=tuple(scenarios),
        strategies=tuple(strategies),
        seeds=seeds,
        measures=tuple(chosen),
        cells=tuple(
            board.cell(scenario, strategy, told)
            for scenario in scenarios
            for strategy in strategies
        ),
        contrasts=tuple(
            one for each in chosen for one in contrasts(board, each, pairs, margin, rule)
        ),
        tallies=tuple(_tallies(board, expected, years)),
        break_evens=tuple(_break_evens(board, pairs)),
        points=tuple(front(board)),
        claims=tuple(_claims(board)),
        currency=currency,
        years=tuple(years),
        failures=tuple(failures),
        rule=rule,
        stopped=stopped,
    )


class Board:
    """Years by scenario, strategy and seed."""

    def __init__(
        self,
        years: Sequence[Year],
        scenarios: Sequence[str],
        strategies: Sequence[str],
        seeds: int | Sequence[int],
    ) -> None:
        self.scenarios, self.strategies = tuple(scenarios), tuple(strategies)
        self.seeds = range(seeds) if isinstance(seeds, int) else seeds
        self._years = {(year.scenario, year.strategy, year.seed): year for year in years}

    def years(self, scenario: str, strategy: str) -> list[Year]:
        """Return those that have a result, in the order of seeds."""
        found = (self._years.get((scenario, strategy, seed)) for seed in self.seeds)
        return [year for year in found if year is not None]

    def values(self, scenario: str, strategy: str, asked: Measure) -> Floats:
        """Return a measure (shape seeds), NaN where there is none or the strategy broke down."""
        values = np.full(len(self.seeds), np.nan)
        for place, seed in enumerate(self.seeds):
            year = self._years.get((scenario, strategy, seed))
            if year is not None and not year.broken:
                values[place] = asked.of(year)
        return values

    def cell(self, scenario: str, strategy: str, told: Sequence[Measure]) -> Cell:
        """Return how a strategy fared in a scenario."""
        years = self.years(scenario, strategy)
        figures = {}
        for one in told:
            values = self.values(scenario, strategy, one)
            figures[one.text] = intervals.mean(values[np.isfinite(values)])
        broken = sum(bool(year.broken) for year in years)
        return Cell(
            scenario=scenario, strategy=strategy, seeds=len(years), figures=figures, broken=broken
        )


def contrasts(
    board: Board, asked: Measure, pairs: Sequence[tuple[str, str]], margin: Margin, rule: Rule
) -> list[Contrast]:
    """Return every contrast that is told for a measure, each with its share of 5 %."""
    together = len(board.scenarios) > 1
    count = len(pairs) * (len(board.scenarios) + together)
    values = {
        (scenario, strategy): board.values(scenario, strategy, asked)
        for scenario in board.scenarios
        for strategy in board.strategies
    }
    told = []
    for place in (*board.scenarios, *([""] if together else [])):
        within = [place] if place else list(board.scenarios)
        for one, other in pairs:
            mine, theirs = (
                np.stack([values[scenario, name] for scenario in within], axis=1)
                for name in (one, other)
            )
            usual = rule.interval
            told.append(
                contrast(
                    mine,
                    theirs,
                    names=(one, other),
                    measure=asked.text,
                    scenario=place,
                    contrasts=count,
                    margin=margin.of(theirs),
                    interval=resampled if not place and isinstance(rule, Fixed) else usual,
                )
            )
    return told


def _first(years: Sequence[Year]) -> Measure:
    """Return what counts unless somebody says otherwise: money where it is all money, else loss."""
    priced = years and all(year.run["cost_of_loss"] for year in years)
    return measure("cost" if priced else "loss")


def _columns(years: Sequence[Year]) -> list[Measure]:
    """Return the measures that a table tells: no money where nothing has a price."""
    priced = any(year.run["cost"] for year in years)
    return [Measure(kind) for kind in KINDS.values() if priced or kind.unit != MONEY]


def _tallies(
    board: Board, expected: Sequence[Expectation], years: Sequence[Year]
) -> Iterable[Tally]:
    for one in expected:
        known = one.settled(years, board.scenarios)
        for scenario in board.scenarios:
            for strategy in board.strategies:
                mine = board.years(scenario, strategy)
                if mine and known.concerns(scenario):
                    yield tally(known, mine)


def _claims(board: Board) -> Iterable[Claim]:
    for scenario in board.scenarios:
        for strategy in board.strategies:
            found = claim(scenario, strategy, board.years(scenario, strategy))
            if found is not None:
                yield found


def _break_evens(board: Board, pairs: Sequence[tuple[str, str]]) -> Iterable[BreakEven]:
    """Return a break-even for each pair of each scenario in which errors have no price."""
    told = (measure("loss"), measure("trainings"))
    for scenario in board.scenarios:
        years = [year for name in board.strategies for year in board.years(scenario, name)]
        if not years or any(year.run["cost_of_loss"] for year in years):
            continue
        table: Mapping[str, Floats] = {
            name: np.stack([board.values(scenario, name, one) for one in told], axis=1)
            for name in board.strategies
        }
        requests = float(np.mean([year.run["requests"] for year in years]))
        for one, other in pairs:
            scaled = (table[name] * [requests, 1.0] for name in (one, other))
            found = break_even(*scaled, names=(one, other), scenario=scenario)
            if found is not None:
                yield found
