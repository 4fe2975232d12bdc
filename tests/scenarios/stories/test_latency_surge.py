"""A line that grows: seen in latency at once, by errors never, mended by who owns the machines."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pytest
from numpy.typing import NDArray

from scenarios.latency_surge import latency_surge
from sim.actions import Action, PageOwner
from sim.clock import HOUR_US, us
from sim.facts import Ended
from sim.ledger import Ledger
from sim.monitoring import RequestsSeen
from sim.scenario import Scenario
from sim.timeline import FALLBACK
from sim.view import View
from strategies.detectors import ADWIN, Level
from strategies.monitors import OnErrors
from tests.scenarios.stories.claims import FEW, alarms, lag_us, passes, played

STORY = latency_surge()
FIRST, LAST = us("4w 3d"), us("5w 5d")


@dataclass(frozen=True, kw_only=True)
class Latency:
    """The seconds that each answer took."""

    name: str = "latency"
    layer: str = "output"
    owner: str = "platform"
    clock: ClassVar[str] = "request"
    detector: ClassVar[Any] = Level(limit=28.0, window=40, side="above")

    def read(self, seen: RequestsSeen) -> NDArray[np.float64]:
        """Return them."""
        return np.asarray(seen.vital("latency") / 1e6)


@dataclass(frozen=True, kw_only=True)
class OnCall:
    """Watch latency and errors; page whom an alarm names, if *pages*."""

    pages: bool = True
    heartbeat: ClassVar[str] = "0"
    monitors: ClassVar[tuple[Any, ...]] = (Latency(), OnErrors(detector=ADWIN()))

    def decide(self, view: View) -> Iterator[Action]:
        """Page once."""
        for alarm in view.alarms if self.pages else ():
            if alarm.monitor == "latency" and alarm.owner not in view.pages:
                yield PageOwner(alarm.owner, why=alarm.text)


def fallbacks(year: Ledger, start_us: int, stop_us: int) -> float:
    """Return the share of requests that got the fallback."""
    ticks = slice(start_us // year.timeline.tick_us, stop_us // year.timeline.tick_us)
    count = year.timeline.count[ticks].sum(axis=0)
    return float(count[FALLBACK] / count.sum())


def latency_shows_it_within_the_hour_and_errors_never(seed: int, world: Scenario = STORY) -> bool:
    year = played(world, OnCall(pages=False), seed)
    unseen = not alarms(year, "errors", "4w 2d 10h")
    return lag_us(year, "latency") < HOUR_US and unseen


def a_third_get_the_fallback(seed: int, world: Scenario = STORY) -> bool:
    year = played(world, OnCall(pages=False), seed)
    return fallbacks(year, 0, us("4w 2d")) < 0.02 and fallbacks(year, FIRST, LAST) > 0.3


def it_is_mended_the_same_day(seed: int, world: Scenario = STORY) -> bool:
    year = played(world, OnCall(), seed)
    ended = [end.at_us for end in year.of(Ended)]
    mended = bool(ended) and ended[0] < us("4w 3d")
    return mended and fallbacks(year, FIRST, LAST) < 0.02


CLAIMS = (
    latency_shows_it_within_the_hour_and_errors_never,
    a_third_get_the_fallback,
    it_is_mended_the_same_day,
)


@pytest.mark.parametrize("holds", CLAIMS)
def test_it_holds(holds: Callable[..., bool]) -> None:
    assert all(holds(seed) for seed in FEW)


@pytest.mark.deep
@pytest.mark.parametrize("holds", CLAIMS)
def test_it_holds_over_thirty_seeds(holds: Callable[..., bool]) -> None:
    assert passes(holds)


@pytest.mark.parametrize("holds", CLAIMS)
def test_it_is_not_so_where_nothing_happens(holds: Callable[..., bool]) -> None:
    assert not any(holds(seed, STORY.calm()) for seed in FEW)
