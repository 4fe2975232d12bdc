"""What the tests of stories share: years that were played, what they came to, and claims on luck.

A claim is a function of a seed, and of a world if it is to be shown where it does not hold:
`def seen_within_a_day(seed: int, world: Scenario = STORY) -> bool`. It is tested on the seeds of
`FEW`, and in deep tests with `assert passes(seen_within_a_day)`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb
from typing import TYPE_CHECKING, Any

from reports.measures import incidents
from sim.actions import PageOwner
from sim.clock import us
from sim.facts import Alarm, Built, Onset
from sim.run import label, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from reports.measures import Incident
    from sim.ledger import Ledger
    from sim.scenario import Scenario

FEW = range(3)
MANY = range(30)
LEAST = 0.8
"""A claim means that it holds with at least this chance."""


@dataclass(frozen=True)
class Verdict:
    """Whether a claim *passes*: of how many *seeds* it *failed* which."""

    passes: bool
    seeds: int
    failed: tuple[int, ...]

    def __bool__(self) -> bool:
        return self.passes


def passes(claim: Callable[[int], bool], seeds: Sequence[int] = MANY) -> Verdict:
    """Try *claim* on each of *seeds*: 28 of 30 have to hold.

    It passes if so many would hold with a chance of 5 % at most, were the claim true with
    chance `LEAST` only (the one-sided Clopper-Pearson bound).
    """
    failed = tuple(seed for seed in seeds if not claim(seed))
    tried = len(seeds)
    good = range(tried - len(failed), tried + 1)
    chance = sum(comb(tried, k) * LEAST**k * (1 - LEAST) ** (tried - k) for k in good)
    return Verdict(chance <= 0.05, tried, failed)


@dataclass(frozen=True)
class Watching:
    """Look through *monitors* and do nothing about what they say."""

    monitors: tuple[Any, ...] = ()
    heartbeat = "0"

    def decide(self, view: Any) -> tuple[()]:
        """Do nothing."""
        return ()


_PLAYED: dict[tuple[str, str, int], Ledger] = {}


def played(world: Scenario, strategy: Any, seed: int) -> Ledger:
    """Return the year of *world* under *strategy*; the newest few dozen are remembered."""
    key = (world.digest, label(strategy), seed)
    if key not in _PLAYED:
        if len(_PLAYED) >= 24:
            del _PLAYED[next(iter(_PLAYED))]
        ledger = run(world, strategy, seed=seed)
        assert ledger.stopped == "", ledger.stopped
        _PLAYED[key] = ledger
    return _PLAYED[key]


def loss(ledger: Ledger, start: str = "0", stop: str = "", segment: str = "") -> float:
    """Return the mean loss of the requests served between *start* and *stop*, all by default."""
    timeline = ledger.timeline.of_segment(segment) if segment else ledger.timeline
    ticks = slice(-(-us(start) // timeline.tick_us), us(stop) // timeline.tick_us if stop else None)
    return float(timeline.loss[ticks].sum() / timeline.count[ticks].sum())


def seen_loss(ledger: Ledger, start: str = "0", stop: str = "", segment: str = "") -> float:
    """Return the mean loss that labels showed which arrived between *start* and *stop*."""
    timeline = ledger.timeline.of_segment(segment) if segment else ledger.timeline
    ticks = slice(-(-us(start) // timeline.tick_us), us(stop) // timeline.tick_us if stop else None)
    return float(timeline.label_loss[ticks].sum() / timeline.labels[ticks].sum())


def alarms(ledger: Ledger, monitor: str = "", start: str = "0", stop: str = "") -> list[Alarm]:
    """Return the alarms of *monitor* (any if none is named) from *start* to before *stop*."""
    return [
        alarm
        for alarm in ledger.of(Alarm)
        if (not monitor or alarm.monitor == monitor)
        and us(start) <= alarm.at_us
        and (not stop or alarm.at_us < us(stop))
    ]


def lag_us(ledger: Ledger, monitor: str, incident: str = "") -> float:
    """Return how long after the onset of *incident* (the first) *monitor* first alarmed.

    Infinite if it never did.
    """
    onsets = [onset for onset in ledger.of(Onset) if not incident or onset.name == incident]
    if not onsets:
        return float("inf")
    at_us = onsets[0].at_us
    told = (a.at_us - at_us for a in alarms(ledger, monitor) if a.at_us >= at_us)
    return min(told, default=float("inf"))


def trainings(ledger: Ledger) -> list[Built]:
    """Return what was built since the launch."""
    return [built for built in ledger.of(Built) if built.at_us > 0]


def lives(world: Scenario, strategy: Any, seed: int) -> dict[str, Incident]:
    """Return the incidents of a year by name, judged against its calm twin."""
    mine, twin = played(world, strategy, seed), played(world.calm(), strategy, seed)
    return {incident.name: incident for incident in incidents(mine, twin)}


@dataclass(frozen=True)
class Paging:
    """Look through *monitors* and page who owns what they alarm about."""

    monitors: tuple[Any, ...]
    heartbeat = "0"

    def decide(self, view: Any) -> Iterator[PageOwner]:
        """Page for each alarm, unless the owner has been paged already."""
        for alarm in view.alarms:
            if alarm.owner not in view.pages:
                yield PageOwner(alarm.owner, why=alarm.text)
