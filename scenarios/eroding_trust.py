"""Quality dips for a week; trust takes the rest of the year."""

from __future__ import annotations

from sim.clock import text, us
from sim.concepts import Linear
from sim.faults import DefaultFill
from sim.labels import Labels, LogNormal
from sim.people import People, Suspicion
from sim.scenario import Scenario, Training
from sim.stream import Stream
from sim.traffic import Traffic
from sim.users import Users


def eroding_trust(
    *,
    at: str = "8w",
    lasts: str = "10d",
    notices: float = 0.08,
    recovers: str = "10w",
    rate: str = "40/h",
    horizon: str = "39w",
) -> Scenario:
    """A feed sends defaults for some days and is well again; users remember it for months.

    It begins *at* some time and *lasts* so long. Trust falls within days and comes back within
    *recovers*; a fall of quality by *notices* makes somebody raise the matter.
    """
    concept = Linear(columns=7, rule="good advice", noise=0.08)
    return Scenario(
        name="eroding-trust",
        domain="financial advice",
        story=(
            "An adviser's answers were poor for ten days in spring, and were mended quickly.\n"
            "In autumn the board asks why revenue is down; every dashboard has long been green."
        ),
        cause=(
            "Users lost their trust within the days of the incident and give it back over months. "
            "Those who left then earn nothing now."
        ),
        expect=(
            "The share of completed tasks is back within a day of the repair. Eight weeks later "
            "retention is still 2 points and more below the calm world's, and revenue "
            "with it: more than half of what the incident costs falls due after it is over."
        ),
        lesson=(
            "Business feels it later and for longer than any monitor: an incident's bill comes "
            "after its end. Hours saved in detection are weeks of trust."
        ),
        seam="feedback",
        stream=Stream(
            concept=concept,
            traffic=Traffic(rate=rate, daily=0.6, weekend=0.7, entities=10_000, sources=6),
        ),
        faults=(
            DefaultFill(
                name="defaults sent",
                at=at,
                until=text(us(at) + us(lasts)),
                columns=concept.heaviest(4),
            ),
        ),
        labels=Labels(delay=LogNormal(median="20d", sigma=0.5), coverage=0.7),
        users=Users(
            completes=0.92,
            completes_bad=0.2,
            expects=0.8,
            falls="3d",
            recovers=recovers,
            leaves="10w",
            worth=2.0,
            season=0.08,
            noise=0.03,
        ),
        people=People(suspicion=Suspicion(notices=notices, false_per_year=1.0)),
        training=Training(fixed="4h", cost=80.0),
        horizon=horizon,
    )
