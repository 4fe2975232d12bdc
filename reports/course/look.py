"""What the chapters' examples and figures look at: one year, week by week."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sim.clock import DAY_US, us

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.ledger import Ledger
    from sim.scenario import Scenario
    from sim.source import Source
    from sim.workshop import Fits


@dataclass(frozen=True, kw_only=True)
class Luck:
    """A world under one luck: its years share the pages that are drawn and the versions built."""

    scenario: Scenario
    seed: int
    source: Source
    fits: Fits

    @classmethod
    def of(cls, scenario: Scenario, seed: int) -> Luck:
        """Return a *scenario* under *seed*, of which nothing is drawn yet."""
        from sim.setting import source_of
        from sim.sweeps.years import KEPT_BYTES
        from sim.workshop import Fits

        source = source_of(scenario, seed)
        source.keep(KEPT_BYTES)
        return cls(scenario=scenario, seed=seed, source=source, fits=Fits())

    def play(self, strategy: str | Any) -> Ledger:
        """Play a year; a *strategy* is an object, or a text as for `driftyard run`."""
        from sim.run import run

        operator = _operator(strategy) if isinstance(strategy, str) else strategy
        return run(self.scenario, operator, seed=self.seed, source=self.source, fits=self.fits)


@lru_cache(16)
def _world(text: str, seed: int) -> Luck:
    """Return a world by its text: whoever moves a slider often plays it again."""
    from reports import names

    return Luck.of(names.scenario(text, seed).value, seed)


@lru_cache(64)
def _operator(text: str) -> Any:
    """Return a strategy by its text, read once: it holds no state."""
    from reports import names

    return names.strategy(text).value


def play(world: str, strategy: str | Any, seed: int) -> Ledger:
    """Play a year; *world* and *strategy* are texts as for `driftyard run`."""
    return _world(world, seed).play(strategy)


def right(year: Ledger, *, every: str = "7d", segment: str = "") -> list[int]:
    """Return the share of right answers in each stretch of a year, in percent.

    Of one *segment*'s users, if it is named.

    >>> year = play("calm-year(horizon='4w', rate='5/h')", "never", 1)
    >>> len(right(year))
    4
    """
    timeline = year.timeline.of_segment(segment) if segment else year.timeline
    loss, count = (_stretches(part, year, every) for part in (timeline.loss, timeline.count))
    return [
        round(100 * (1 - lost / asked)) if asked else 0
        for lost, asked in zip(loss, count, strict=True)
    ]


def _stretches(part: NDArray[Any], year: Ledger, every: str) -> list[Any]:
    """Return the sums of *part* (ticks, arms) over each whole stretch of a year."""
    width = _width(year, every)
    whole = part.sum(axis=1)[: len(part) // width * width]
    return list(whole.reshape(-1, width).sum(axis=1).tolist())


def _width(year: Ledger, every: str) -> int:
    """Return how many ticks a stretch has."""
    return max(1, us(every) // year.timeline.tick_us)


def signals(year: Ledger, *, every: str = "7d") -> dict[str, list[int]]:
    """Return what else answers are measured by, in each stretch of a year, in percent."""
    found = {}
    for name in year.timeline.signals:
        many, total = (_stretches(p, year, every) for p in year.timeline.of_signal(name))
        found[name] = [
            round(100 * summed / count) if count else 0
            for summed, count in zip(total, many, strict=True)
        ]
    return found


def middles(year: Ledger, *, every: str = "7d") -> list[float]:
    """Return the middle of each of these stretches, in days since the launch."""
    days = us(every) / DAY_US
    return [days * (place + 0.5) for place in range(len(year.timeline) // _width(year, every))]


def first_alarm(world: str, strategy: str, seed: int) -> float | None:
    """Return the days from the first onset of a year to the first alarm after it, None if none."""
    from sim.facts import Alarm, Onset

    year = play(world, strategy, seed)
    onset_us = year.of(Onset)[0].at_us
    after = [alarm.at_us for alarm in year.of(Alarm) if alarm.at_us >= onset_us]
    return (after[0] - onset_us) / DAY_US if after else None


def spent(year: Ledger) -> float:
    """Return what a year has cost: its loss, and what its trainings cost."""
    from reports.measures.money import of_trainings

    return float(year.timeline.loss.sum()) + of_trainings(year)


def four_questions(strategy: str) -> None:
    """Print how a strategy answers the four questions, as `driftyard show` does."""
    from reports import names
    from reports.runbook import questions

    for answered in questions(names.strategy(strategy).value):
        print(f"- {answered}")


def alarms(year: Ledger) -> dict[str, float]:
    """Return the day of each monitor's first alarm."""
    from sim.facts import Alarm

    first: dict[str, float] = {}
    for fact in year.of(Alarm):
        first.setdefault(fact.monitor, fact.at_us / DAY_US)
    return first
