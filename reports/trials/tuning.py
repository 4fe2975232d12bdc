"""Plays a policy with every value of a parameter, or two, and finds the best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from reports import intervals, names
from reports.comparison import Board, Curve, Measure, Place, Spot, Territory, measure
from reports.comparison.contrast import contrast
from reports.comparison.curve import best_of
from reports.sweeps.grid import number
from reports.trials.placing import filled
from reports.trials.staleness import Staleness, staleness
from sim.clock import DAY_US, SECOND_US
from sim.scenario import Scenario

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from reports.comparison import Year
    from reports.sweeps.conduct import Conductor

    Floats = NDArray[np.float64]

DAY_S = DAY_US / SECOND_US


@dataclass(frozen=True)
class Objective:
    """What is to be least: money, or errors in a year with trainings at a *price*, or loss."""

    priced: bool
    price: float = 0.0
    currency: str = ""

    @classmethod
    def of(cls, years: Sequence[Year], price: float) -> Objective:
        """Take money where errors have a price, unless a training's *price* in errors is given."""
        first = years[0].run if years else {}
        priced = bool(first.get("cost_of_loss")) and not price
        return cls(priced, price, str(first.get("currency") or ""))

    @property
    def words(self) -> str:
        """What it is."""
        if self.priced:
            return f"cost{' in ' + self.currency if self.currency else ''}"
        return f"loss, a training at {self.price:g}" if self.price else "loss a request"

    def values(self, board: Board, scenario: str, strategy: str) -> Floats:
        """Return it for each seed, NaN where there is no result."""

        def column(name: str) -> Floats:
            return board.values(scenario, strategy, measure(name))

        if self.priced:
            return column("cost")
        if not self.price:
            return column("loss")
        requests = np.full(len(board.seeds), np.nan)
        for place, seed in enumerate(board.seeds):
            for year in board.years(scenario, strategy):
                if year.seed == seed:
                    requests[place] = year.run["requests"]
        return np.asarray(column("loss") * requests + self.price * column("trainings"))


def curves(
    conductor: Conductor,
    scenarios: Sequence[str],
    strategies: Sequence[str],
    parameter: str,
    values: Sequence[str],
    *,
    seeds: int,
    price: float = 0.0,
) -> list[Curve]:
    """Return the curve of each strategy that has the parameter, in each scenario."""
    worlds = list(scenarios)
    templates = [text for text in strategies if f"{{{parameter}}}" in text]
    texts = {t: [filled(t, {parameter: value}) for value in values] for t in templates}
    every = [text for some in texts.values() for text in some]
    swept = conductor.play(worlds, every, range(seeds))
    years = swept.years()
    found = []
    for world in (part.text for part in swept.sweep.cast.scenarios):
        for template, some in texts.items():
            board = Board(years, [world], some, seeds)
            told = _curve(board, world, template, parameter, values, some, price)
            found.append(_with_fresh(conductor, told, some, seeds, price))
    return found


def _curve(
    board: Board,
    world: str,
    template: str,
    parameter: str,
    values: Sequence[str],
    texts: Sequence[str],
    price: float,
) -> Curve:
    asked = Objective.of([y for text in texts for y in board.years(world, text)], price)
    table = np.stack([asked.values(board, world, text) for text in texts], axis=1)
    table = table[np.isfinite(table).all(axis=1)]
    numbers = [number(value) or (float(place), False) for place, value in enumerate(values)]
    places = tuple(
        Place(
            value=value,
            number=numbers[place][0],
            objective=intervals.mean(table[:, place]),
            loss=_mean(board, world, texts[place], measure("loss")),
            trainings=_mean(board, world, texts[place], measure("trainings")),
            cost=_mean(board, world, texts[place], measure("cost")) if asked.priced else None,
        )
        for place, value in enumerate(values)
    )
    best, low, high = best_of(table) if len(table) else (0, 0, len(values) - 1)
    timed = all(is_time for _, is_time in numbers)
    known = _theory(world, asked) if timed else None
    return Curve(
        scenario=world,
        strategy=template,
        parameter=parameter,
        seconds=timed,
        objective=asked.words,
        seeds=len(table),
        places=places,
        best=best,
        low=values[low],
        high=values[high],
        at_edge=best in (0, len(values) - 1),
        theory=known.best * DAY_S if known else None,
        theory_rates=tuple(known.total(n / DAY_S) for n, _ in numbers) if known else (),
    )


def _mean(board: Board, world: str, text: str, asked: Measure) -> intervals.Figure:
    values = board.values(world, text, asked)
    return intervals.mean(values[np.isfinite(values)])


def _theory(world: str, asked: Objective) -> Staleness | None:
    scenario = names.scenario(world).value
    assert isinstance(scenario, Scenario)
    if asked.priced:
        return staleness(scenario, scenario.training.cost, scenario.prices.loss)
    return staleness(scenario, asked.price, 1.0)


def _with_fresh(
    conductor: Conductor, told: Curve, texts: Sequence[str], seeds: int, price: float
) -> Curve:
    """Play the best value on seeds that took no part in choosing it."""
    from dataclasses import replace

    fresh = range(seeds, 2 * seeds)
    swept = conductor.play([told.scenario], [texts[told.best]], fresh)
    years = swept.years()
    board = Board(years, [told.scenario], texts, fresh)
    values = Objective.of(years, price).values(board, told.scenario, texts[told.best])
    return replace(told, fresh=intervals.mean(values[np.isfinite(values)]))


def territory(
    conductor: Conductor,
    scenario: str,
    strategies: Sequence[str],
    over: Mapping[str, Sequence[str]],
    *,
    seeds: int,
    price: float = 0.0,
) -> Territory:
    """Return the map of who wins, for one or two parameters: the first across, the second up."""
    x, y = (*over, "")[:2]
    x_values, y_values = over[x], over.get(y, ("",))
    combined = [
        {name: value for name, value in ((x, a), (y, b)) if name}
        for b, a in product(y_values, x_values)
    ]
    worlds = list(dict.fromkeys(filled(scenario, given) for given in combined))
    operators = list(dict.fromkeys(filled(s, given) for s in strategies for given in combined))
    years = conductor.play(worlds, operators, range(seeds)).years()
    board = Board(years, worlds, operators, seeds)
    asked = Objective.of(years, price)
    pairs = len(strategies) - 1
    spots = []
    for given in combined:
        world = filled(scenario, given)
        table = {s: asked.values(board, world, filled(s, given)) for s in strategies}
        means = {s: intervals.mean(v[np.isfinite(v)]) for s, v in table.items()}
        winner = min(
            means, key=lambda s: means[s].value if means[s].value == means[s].value else inf
        )
        against = [
            contrast(table[winner], table[s], names=(winner, s), measure=asked.words,
                     contrasts=pairs * len(strategies) // 2 or 1)
            for s in strategies if s != winner
        ]  # fmt: skip
        lead = min(against, key=lambda one: -one.difference.value, default=None)
        spots.append(
            Spot(
                x=given[x],
                y=given.get(y, ""),
                winner=winner,
                sure=bool(against) and all(one.verdict == "better" for one in against),
                lead=lead.difference if lead else intervals.UNKNOWN,
                objective=means,
            )
        )
    return Territory(
        scenario=scenario,
        strategies=tuple(strategies),
        objective=asked.words,
        x=x,
        y=y,
        x_values=tuple(x_values),
        y_values=tuple(y_values),
        spots=tuple(spots),
        seeds=seeds,
    )
