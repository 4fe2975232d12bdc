"""The years of one scenario under one luck: strategies that meet them share stream and fits."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sim.hindsight import hindsight
from sim.run import run
from sim.setting import source_of
from sim.watchdog import StoppedByClock, Watchdog
from sim.workshop import Fits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sim.actions import Action, Window
    from sim.ledger import Ledger
    from sim.run import Strategy
    from sim.scenario import Scenario
    from sim.source import Source
    from sim.view import View

KEPT_BYTES = 64_000_000
"""A year whose pages fit into this is drawn once; a longer one is drawn for each strategy."""


class Twins(NamedTuple):
    """A *run* and its *calm* twin; where nothing goes wrong they are one ledger."""

    run: Ledger
    calm: Ledger


@dataclass(frozen=True, kw_only=True)
class BestSchedule:
    """No strategy but a reference among them: the best schedule of builds, known afterwards.

    *windows* and *grid* are those of `hindsight`.
    """

    windows: tuple[Window | str | int, ...] = ("30d",)
    grid: int = 40

    def decide(self, view: View) -> tuple[Action, ...]:
        """Nobody asks it: `Years` has it planned."""
        raise NotImplementedError


class Years:
    """A scenario under *seed*, with and without its incidents, for one strategy after another.

    What is *shared* are the pages that were drawn and the versions that were built; ledgers are
    the same without.
    """

    def __init__(self, scenario: Scenario, seed: int, *, shared: bool = True) -> None:
        self._scenario, self._seed, self._shared = scenario, seed, shared
        self._calm: Scenario | None = scenario.calm() if scenario.incidents else None
        self._sources: dict[str, Source] = {}
        self._fits = Fits()

    def play(self, strategy: Strategy) -> Twins:
        """Run *strategy* and its calm twin."""
        mine = self._play(self._scenario, strategy)
        return Twins(mine, mine if self._calm is None else self._play(self._calm, strategy))

    def _play(self, scenario: Scenario, strategy: Strategy) -> Ledger:
        planned = isinstance(strategy, BestSchedule)
        if not self._shared and not planned:
            return run(scenario, strategy, seed=self._seed)
        source = self._sources.get(scenario.world_digest)
        if source is None:
            source = self._sources[scenario.world_digest] = source_of(scenario, self._seed)
            source.keep(KEPT_BYTES)
        if isinstance(strategy, BestSchedule):
            return hindsight(
                scenario, seed=self._seed, windows=strategy.windows, grid=strategy.grid,
                source=source, fits=self._fits,
            )  # fmt: skip
        return run(scenario, strategy, seed=self._seed, source=source, fits=self._fits)


@contextmanager
def limited(seconds: float, *, clock: Callable[[], float] = time.monotonic) -> Iterator[None]:
    """Raise `StoppedByClock` if what is done inside takes longer than *seconds*; 0: no limit.

    The *clock* of the process's own time does not count what others use of the machine.
    """
    if not seconds:
        yield
        return
    with Watchdog(seconds, clock=clock) as watchdog:
        watchdog.begin()
        try:
            yield
        finally:
            watchdog.end()


__all__ = ["KEPT_BYTES", "BestSchedule", "StoppedByClock", "Twins", "Years", "limited"]
