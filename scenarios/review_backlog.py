"""The line before the reviewers grows, and what they say is about last month."""

from __future__ import annotations

from dataclasses import replace

from sim.concepts import GaussianClasses
from sim.drift import ConceptDrift, PriorShift
from sim.labels import Constant, Labels
from sim.prices import Prices
from sim.scenario import Scenario, Training
from sim.selection import Review
from sim.stream import Stream
from sim.traffic import Traffic


def review_backlog(
    *,
    campaign: str = "6w",
    prior: float = 0.45,
    at: str = "12w",
    per_day: int = 240,
    rate: str = "30/h",
    horizon: str = "24w",
) -> Scenario:
    """A campaign fills the reviewers' queue; when the rules of the game change, they see it late.

    From *campaign* on a share *prior* of the posts is abusive. Reviewers see *per_day* of the
    posts that were flagged a working day, in order. *at* some time abuse begins to look otherwise.
    """
    abuse = GaussianClasses(rule="abuse", columns=5, distance=2.6, prior=0.2)
    return Scenario(
        name="review-backlog",
        domain="moderation",
        story=(
            "People look at every flagged post, and their verdicts train the next model.\n"
            "Since the campaign the line is longer every evening; the numbers look fine."
        ),
        cause=(
            "More is flagged than can be looked at, in order of arrival. The verdict on today's "
            "post comes in some weeks, and so does the news that abuse looks otherwise now."
        ),
        expect=(
            "With a queue that keeps up, errors show a new kind of abuse within a week. Behind the "
            "backlog the same alarm rests on posts that are more than two weeks old, and comes two "
            "weeks later and more."
        ),
        lesson=(
            "A review queue is a label delay that nobody has agreed on. Watch its age; look at a "
            "sample of the newest first."
        ),
        seam="feedback",
        stream=Stream(
            concept=abuse,
            traffic=Traffic(rate=rate, daily=0.6, weekend=1.2, entities=70_000),
            drifts=(
                PriorShift(name="campaign", at=campaign, to=prior),
                ConceptDrift(name="new kind of abuse", at=at, to=replace(abuse, rule="b")),
            ),
        ),
        labels=Labels(
            delay=Constant(delay="1h"),
            selection=Review(per_day=per_day, picks="positives", longest=20_000, escalates=0.1),
        ),
        prices=Prices(currency="EUR", review=0.8),
        training=Training(fixed="2h", cost=40.0),
        horizon=horizon,
    )
