"""Code rots where it stands, because everything around it moves."""

from __future__ import annotations

from scenarios.wearing import wearing
from sim.artifacts import Parametric
from sim.scenario import Scenario
from sim.traffic import Traffic


def technical_debt(
    *,
    speed: float = 0.01,
    slope: float = 0.1,
    base: float = 0.02,
    refactor: str = "3d",
    cost: float = 500.0,
    regress: float = 0.2,
    regression: float = 0.05,
    misses: float = 0.3,
    rate: str = "20/h",
    horizon: str = "52w",
) -> Scenario:
    """A service fails a little more often every day until somebody refactors it.

    Its complexity grows by *speed* a day, and each unit adds *slope* to its chance to fail, which
    is *base* on the day it was built. A *refactor* takes that long at that *cost*. With the chance
    *regress* it makes things worse by *regression*, and the integration test on which the
    evaluation report rests *misses* that share of regressions.
    """
    return wearing(
        name="technical-debt",
        domain="code",
        story=(
            "A service fits its surroundings on the day it is built, and they move on.\n"
            "Nothing ever breaks: changes fail a little more often every week."
        ),
        cause=(
            "Dependencies, interfaces and habits move; the code stays. One refactoring in "
            f"{1 / regress:.0f} breaks something itself."
            if regress
            else "Dependencies, interfaces and habits move; the code stays."
        ),
        expect=(
            "Failures rise in a straight line, and errors see it late. The best a team can do is "
            "refactor at the period at which what it costs and what it saves are equal, and not "
            "release what the integration test rejects. Some regressions it lets through: they "
            "live as long as their version."
        ),
        lesson="No single failure is anybody's news: what rots evenly is repaid by the calendar.",
        drift="complexity grows",
        speed=speed,
        artifact=Parametric(
            base=base,
            slope=slope,
            worst=1.0,
            regress=regress,
            regression=regression,
            misses=misses,
        ),
        traffic=Traffic(rate=rate, entities=500),
        label_delay="1h",
        rebuild=refactor,
        cost=cost,
        horizon=horizon,
        tolerance=0.02,
    )
