"""Out on Friday afternoon, broken on Saturday at three, mended on Monday."""

from __future__ import annotations

from sim.clock import text, us
from sim.concepts import Linear
from sim.errors import refuse
from sim.faults import UnitChange
from sim.labels import Labels, LogNormal
from sim.people import People
from sim.scenario import Scenario, Service, Training
from sim.stream import Stream
from sim.traffic import Traffic

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


def released_on_a_friday(
    *,
    day: str = "Friday",
    week: int = 4,
    weekend: float = 1.4,
    rate: str = "80/h",
    horizon: str = "8w",
) -> Scenario:
    """A release of the feed goes to all on a Friday and breaks in its first night.

    It goes out on *day* of *week* and breaks at three in the morning after. People answer in
    office hours alone; the *weekend* has that many times the traffic of a weekday.
    """
    if day not in DAYS:
        refuse("released_on_a_friday.day", day, f"people release on {', '.join(DAYS)}")
    night_us = us(f"{week}w") + us("1d") * (DAYS.index(day) + 1)
    concept = Linear(columns=7, rule="will book", threshold=1.0, noise=0.08)
    return Scenario(
        name="released-on-a-friday",
        domain="travel",
        story=(
            f"A booking site releases its new price feed to all on a {day} at four; all is well.\n"
            "At three in the morning the nightly job runs for the first time, and all is not."
        ),
        cause=(
            "The nightly job writes prices in cents. Somebody is paged at four in the morning; "
            "nobody is on call, and the page is read in the next office hours."
        ),
        expect=(
            "Released on a Friday it is broken for more than two days, the busiest of the week; "
            "released on a Tuesday for less than a day. Whoever lets the fallback answer at the "
            "first alarm loses less than half as much, on whatever day."
        ),
        lesson=(
            "Release when those who can mend it will be there; and what mends it meanwhile must "
            "need nobody."
        ),
        seam="release",
        stream=Stream(
            concept=concept,
            traffic=Traffic(rate=rate, daily=0.5, weekend=weekend, entities=30_000, sources=5),
        ),
        faults=(
            UnitChange(
                name="prices in cents",
                at=text(night_us + us("3h")),
                columns=concept.heaviest(1),
                factor=100.0,
                fixed_by="data",
            ),
        ),
        labels=Labels(delay=LogNormal(median="2d", sigma=0.7), coverage=0.9),
        service=Service(flag="5s"),
        people=People(data="2h"),
        training=Training(fixed="4h", cost=60.0),
        horizon=horizon,
    )
