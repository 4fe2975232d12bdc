"""A competitor arrives in spring, when errors always rise."""

from __future__ import annotations

from sim.concepts import Linear
from sim.drift import ConceptDrift
from sim.labels import Labels, LogNormal
from sim.scenario import Scenario, Training
from sim.stream import Season, Stream
from sim.traffic import Traffic


def drift_like_season(
    *,
    at: str = "74w",
    width: str = "16w",
    angle: float = 18.0,
    season: float = 0.04,
    peak: str = "20w",
    rate: str = "8/h",
    labels: str = "4d",
    horizon: str = "104w",
) -> Scenario:
    """Errors stay up when the season should have taken them down: the second year is a drift.

    Noise swings by *season*, highest at *peak* in each of two years. From *at* on, just after the
    second peak, the rule turns by *angle* degrees within *width*.
    """
    concept = Linear(columns=6, rule="churn", noise=0.12)
    later = Linear(columns=6, rule="churn", angle=angle, noise=0.12)
    return Scenario(
        name="drift-like-season",
        domain="churn",
        story=(
            "A telephone company foresees who will leave. Each spring it is wrong more often, and\n"
            "in autumn all is well. This autumn, they say, is only late."
        ),
        cause="A competitor with other prices entered the market after the second spring.",
        expect=(
            "For eight weeks errors are no higher than in any spring, and a detector on errors "
            "cried wolf twice or more in the year before. A comparison with the same weeks of last "
            "year finds it within sixteen weeks and is silent where there is only season; "
            "trainings then mend more than half of it."
        ),
        lesson="Season is a claim about the calendar: test it against the calendar, a year back.",
        seam="feedback",
        stream=Stream(
            concept=concept,
            traffic=Traffic(rate=rate, daily=0.5, weekend=0.8, entities=8_000),
            season=Season(amplitude=season, period="52w", peak=peak),
            drifts=(
                ConceptDrift(name="competitor", at=at, width=width, shape="incremental", to=later),
            ),
        ),
        labels=Labels(delay=LogNormal(median=labels, sigma=0.5)),
        training=Training(fixed="3h", cost=80.0),
        horizon=horizon,
    )
