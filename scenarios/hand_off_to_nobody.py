"""The project is over, its owner has moved on, and a page finds nobody."""

from __future__ import annotations

from sim.concepts import Linear
from sim.faults import NullBurst
from sim.labels import Labels, LogNormal
from sim.people import People
from sim.scenario import Scenario, Training
from sim.stream import Stream
from sim.traffic import Traffic


def hand_off_to_nobody(
    *,
    handoff: str = "8w",
    at: str = "12w 1d 10h",
    passed_on: str = "6d",
    rate: str = "40/h",
    horizon: str = "18w",
) -> Scenario:
    """After the hand-off a role has nobody: the alarm is as quick as ever, the answer is not.

    From *handoff* on there is no data owner; a page lies for *passed_on* until the platform team
    takes it up. The feed goes empty *at* some time.
    """
    concept = Linear(columns=8, rule="claims", noise=0.07)
    return Scenario(
        name="hand-off-to-nobody",
        domain="insurance",
        story=(
            "A project that routes insurance claims is finished, and its team is split up.\n"
            "A month later three columns arrive empty; the alarm rings in an empty room."
        ),
        cause=(
            "The wiki still names the data owner, who works on something else since the hand-off. "
            "Pages go to a mailing list that nobody reads."
        ),
        expect=(
            "The contract alarms within six hours, with an owner or without. With one the feed is "
            "mended within two days; without, it takes more than six, and costs more than three "
            "times as many wrong answers."
        ),
        lesson=(
            "What has an alarm and no owner is not watched. Hand over pages as well as code, and "
            "test that somebody answers."
        ),
        seam="feedback",
        stream=Stream(
            concept=concept,
            traffic=Traffic(rate=rate, daily=0.8, weekend=0.3, entities=15_000, sources=15),
        ),
        faults=(NullBurst(name="feed empty", at=at, columns=concept.heaviest(3), fixed_by="data"),),
        labels=Labels(delay=LogNormal(median="10d", sigma=0.5), coverage=0.9),
        people=People(
            data="4h",
            platform="6h",
            nobody=("data",),
            handoff=handoff,
            passed_on=passed_on,
            passed_to="platform",
        ),
        training=Training(fixed="3h", cost=50.0),
        horizon=horizon,
    )
