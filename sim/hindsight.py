"""What was possible: the best schedule of builds, by somebody who knows the whole year.

Versions are built on a grid of moments from the labels that have arrived by then; each answers
everything that follows. A dynamic programme picks the schedule that costs least, and the engine
plays it: the reference is an ordinary ledger.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.actions import Promote, Retrain, window
from sim.artifacts import CannotBuild, Online
from sim.clock import HOUR_US, Phase, moment, us
from sim.errors import Mistake, whole
from sim.faults import Ban, BuildFault, SignOffRule
from sim.jobs import crashes, hitting, lasts_us
from sim.loops import Effects
from sim.routing import Routing
from sim.run import one_thread, run
from sim.setting import rules_of, source_of
from sim.sheet import Sheet
from sim.timeline import CHAMPION
from sim.workshop import Fits, Workshop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from sim.actions import Action, Window
    from sim.ledger import Ledger
    from sim.scenario import Scenario
    from sim.source import Page, Source
    from sim.view import View
    from sim.workshop import Build

    Floats = NDArray[np.float64]
    Progress = Callable[[float], None]

GRID = 100


class Candidate(NamedTuple):
    """A version that could be built: its job begins *at_us*, is *ready_us*, *serves_us* then.

    From *silent_us* on it may not answer any more, for a rule bans what it was built with.
    """

    at_us: int
    window: Window | str | int
    ready_us: int
    serves_us: int
    silent_us: int | None
    build: Build
    cost: float


class Plan(NamedTuple):
    """Which *builds* to begin when, on which windows, and what they and all losses *cost*."""

    builds: tuple[tuple[int, Window | str | int], ...]
    cost: float


@dataclass(frozen=True, kw_only=True)
class Hindsight:
    """Builds as planned, every version for everybody as soon as it is ready.

    The plan is the best of all that choose from a *grid* of moments and from *windows*.
    """

    grid: int
    windows: tuple[Window | str | int, ...]
    heartbeat: str = field(repr=False)
    plan: tuple[tuple[int, Window | str | int], ...] = field(repr=False)

    def decide(self, view: View) -> Iterator[Action]:
        """Release what is ready; build what is planned for now."""
        if view.candidate and not view.changing:
            yield Promote(view.candidate, why="ready")
        if view.reason == "heartbeat":
            for at_us, wanted in self.plan:
                if at_us == view.now_us:
                    yield Retrain(window=wanted, why="it is worth it, as one knows afterwards")


def unknown(scenario: Scenario) -> str:
    """Return why nobody can say what would have been best, '' if one can.

    That a fault ends once its owner was called is no obstacle: here nobody calls.
    """
    if scenario.stream.loops or scenario.labels.selection is not None:
        return "what is served decides on the data or on the labels"
    if isinstance(scenario.artifact, Online):
        return "the model learns from every label: there are no builds to choose from"
    return ""


def hindsight(
    scenario: Scenario,
    *,
    seed: int,
    windows: tuple[Window | str | int, ...] = ("30d",),
    grid: int = GRID,
    source: Source | None = None,
    fits: Fits | None = None,
    outcomes: bool = False,
    progress: Progress | None = None,
) -> Ledger:
    """Return the ledger of the best schedule of builds.

    At most *grid* moments, evenly spread, with each of *windows*; *source* and *fits* may be
    shared with runs of the same scenario and seed.
    """
    scenario, source = _unsigned(scenario, seed, source)
    fits = fits or Fits()
    with one_thread():
        plan = best_plan(scenario, source, fits, windows, grid, progress)
    strategy = Hindsight(
        grid=grid,
        windows=windows,
        heartbeat=f"{_step_us(scenario, grid)}us",
        plan=plan.builds,
    )
    return run(scenario, strategy, seed=seed, source=source, fits=fits, outcomes=outcomes)


def _unsigned(scenario: Scenario, seed: int, source: Source | None) -> tuple[Scenario, Source]:
    """Return the world in which nobody has to sign off."""
    free = tuple(fault for fault in scenario.faults if not isinstance(fault, SignOffRule))
    if free != scenario.faults:
        scenario, source = replace(scenario, faults=free), None
    return scenario, source or source_of(scenario, seed)


def best_plan(
    scenario: Scenario,
    source: Source,
    fits: Fits,
    windows: tuple[Window | str | int, ...],
    grid: int = GRID,
    progress: Progress | None = None,
) -> Plan:
    """Return the best schedule of builds; *scenario* has no rule about sign-offs."""
    whole("hindsight.grid", grid, 1, 10_000)
    why = unknown(scenario)
    if why:
        raise Mistake(f"hindsight of {scenario.name}: {why}")
    step_us, horizon_us = _step_us(scenario, grid), us(scenario.horizon)
    makers = _Makers(scenario, source, fits)
    found = [makers.launch()]
    for at_us in range(step_us, horizon_us, step_us):
        made = [makers.make(at_us, wanted) for wanted in dict.fromkeys(windows)]
        found += [candidate for candidate in made if candidate is not None]
        if progress is not None:
            progress(0.4 * at_us / horizon_us)
    return best(found, losses(scenario, source, found, progress), price(scenario))


def price(scenario: Scenario) -> float:
    """Return the price of a unit of loss: 1 where the scenario has none."""
    return scenario.prices.loss or 1.0


def _step_us(scenario: Scenario, grid: int) -> int:
    """Return how far apart the moments of a grid are, in whole ticks."""
    tick_us = us(scenario.tick)
    return -(-us(scenario.horizon) // ((grid + 1) * tick_us)) * tick_us


class _Makers:
    """Builds versions as the engine's jobs would, by the same luck."""

    def __init__(self, scenario: Scenario, source: Source, fits: Fits) -> None:
        self._scenario, self._source = scenario, source
        self._shop = Workshop(scenario, source, fits=fits, baselines=False)
        self._effects = Effects({}, {})
        self._bans = [fault for fault in scenario.faults if isinstance(fault, Ban)]

    def launch(self) -> Candidate:
        """Return the version that is there already, for nothing."""
        before = window(self._scenario.launch.window)
        snapshot = self._shop.storage.snapshot(
            before, 0, lambda _, page: page.truth.times_us < 0, self._effects
        )
        build = self._shop.build(snapshot, None)
        return Candidate(0, before, 0, 0, self._silent_us(build, 0), build, 0.0)

    def make(self, at_us: int, wanted: Window | str | int) -> Candidate | None:
        """Build a version; None if it fails, comes too late, or may never answer."""
        scenario, shop = self._scenario, self._shop
        luck = partial(self._luck, at_us // HOUR_US)
        faults = [f for f in scenario.faults if isinstance(f, BuildFault) and f.acts(at_us, None)]
        acting = hitting(faults, luck)
        banned = frozenset(c for ban in self._bans if ban.acts(at_us, None) for c in ban.columns)
        key = moment(at_us, Phase.TICK)

        def arrived(number: int, page: Page) -> NDArray[np.bool_]:
            return page.due < key if number >= 0 else np.ones(len(page), dtype=bool)

        snapshot = shop.storage.snapshot(
            window(wanted), at_us, arrived, self._effects, acting, banned
        )
        ready_us = at_us + lasts_us(scenario.training, len(snapshot), acting)
        serves_us = ready_us + us(scenario.service.deploy)
        if serves_us >= us(scenario.horizon) or not len(snapshot):
            return None
        if crashes(scenario.training, acting, luck):
            return None
        try:
            build = shop.build(snapshot, None, luck, "", acting)
        except CannotBuild:
            return None
        silent_us = self._silent_us(build, ready_us)
        if silent_us is not None and silent_us <= serves_us:
            return None
        cost = scenario.training.cost
        return Candidate(at_us, wanted, ready_us, serves_us, silent_us, build, cost)

    def _luck(self, slot: int, name: str) -> float:
        """Return the luck of the first job that begins in an hour."""
        return self._source.luck.uniform(name, slot, 1)

    def _silent_us(self, build: Build, from_us: int) -> int | None:
        """Return from when on a version may not answer, if that comes after *from_us*."""
        starts = [
            max(ban.at_us, from_us)
            for ban in self._bans
            if not set(ban.columns).isdisjoint(build.columns)
            and (ban.until_us is None or ban.until_us > from_us)
        ]
        return min(starts, default=None)


def losses(
    scenario: Scenario,
    source: Source,
    candidates: list[Candidate],
    progress: Progress | None = None,
) -> Floats:
    """Return what each candidate loses between the moments at which one begins to serve.

    Shape candidates × (candidates + 1): column k is the loss from the start until the k-th
    candidate serves, the last column until the horizon. Before it serves itself nothing is counted.
    """
    rules, horizon_us = rules_of(scenario), us(scenario.horizon)
    cuts = np.unique([0, *(one.serves_us for one in candidates)])
    sums = np.zeros((len(candidates), len(cuts)))
    routing = Routing(champion=candidates[0].build.model, reserve=candidates[0].build.naive)
    last, free_us = source.grid.page_at(horizon_us - 1), 0
    if source.batch_us:
        last = source.grid.page_at(horizon_us - source.batch_us - 1)
    for number in range(last + 1):
        sheet = Sheet(source, source.page(number, *Effects({}, {})), rules, free_us)
        rows = slice(0, sheet.count)
        sheet.choose(rows, routing)
        free_us = sheet.free_us(sheet.count)
        served_us, usual = sheet.page.served_us[rows], sheet.arm[rows] == CHAMPION
        if not len(served_us):
            continue
        reserve = sheet.reserve_loss(routing)[rows]
        bounds = served_us.searchsorted(cuts)
        parts = np.flatnonzero(np.diff(np.append(bounds, len(served_us))))
        for place, one in enumerate(candidates):
            if one.serves_us > served_us[-1]:
                continue
            mine = usual
            if one.silent_us is not None:
                mine = usual & (served_us < one.silent_us)
            loss = np.where(mine, sheet.would_lose(one.build.model, routing)[rows], reserve)
            sums[place, parts] += np.add.reduceat(loss, bounds[parts])
        if progress is not None:
            progress(0.4 + 0.6 * number / (last + 1))
    until = np.concatenate([np.zeros((len(candidates), 1)), np.cumsum(sums, axis=1)], axis=1)
    places = cuts.searchsorted([one.serves_us for one in candidates])
    return np.asarray(until[:, [*places, len(cuts)]])


def best(candidates: list[Candidate], lost: Floats, price: float) -> Plan:
    """Return which candidates to build so that loss and trainings cost least.

    The first is there already. A job begins when the one before is over, and a version is not
    ready before the one before it serves.
    """
    count = len(candidates)
    left, following = np.zeros(count), np.full(count, -1)
    order = sorted(range(count), key=lambda place: candidates[place].serves_us)
    at_us, ready_us, serves_us = (
        np.array([getattr(one, name) for one in candidates])
        for name in ("at_us", "ready_us", "serves_us")
    )
    costs = np.array([one.cost for one in candidates])
    for place in reversed(order):
        now = lost[place, place]
        left[place] = price * (lost[place, count] - now)
        may = (
            (at_us >= ready_us[place])
            & (ready_us >= serves_us[place])
            & (serves_us > serves_us[place])
        )
        after = np.flatnonzero(may)
        if len(after):
            total = price * (lost[place, after] - now) + costs[after] + left[after]
            least = int(np.argmin(total))
            if total[least] < left[place]:
                left[place], following[place] = total[least], after[least]
    chosen, place = [], int(following[0])
    while place >= 0:
        chosen.append((candidates[place].at_us, candidates[place].window))
        place = int(following[place])
    return Plan(tuple(chosen), float(left[0]))
