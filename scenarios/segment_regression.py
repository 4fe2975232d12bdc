"""A new version is better on the average, and twice as often wrong for a few."""

from __future__ import annotations

from sim.concepts import Linear
from sim.drift import ConceptDrift
from sim.labels import Constant, Labels
from sim.scenario import Scenario, Training
from sim.stream import Stream
from sim.traffic import Segments, Traffic


def segment_regression(
    *,
    at: str = "6w",
    angle: float = 45.0,
    few: float = 0.05,
    rate: str = "35/h",
    delay: str = "2d",
    horizon: str = "24w",
) -> Scenario:
    """The many change, the model follows them, and the few whom it knew are left behind.

    From *at* on the users of the app, all but a share of *few*, want something else, *angle*
    degrees away; those of the terminals want what they always did. Labels take *delay*.
    """
    concept = Linear(columns=8, rule="search", noise=0.1)
    turned = Linear(columns=8, rule="search", angle=angle, noise=0.1)
    return Scenario(
        name="segment-regression",
        domain="search",
        story=(
            "A library's search is retrained after its app was redesigned: the average is well "
            "again.\nAt the reading room's terminals every third first result is now wrong."
        ),
        cause=(
            "The labels come from the app, nearly all of them. What the terminals want did not "
            "change, and the new version was built without asking."
        ),
        expect=(
            "After the training the average is within three points of the launch and better than "
            "before it, and errors on all raise no alarm; at the terminals they have more than "
            "doubled. Errors of the segment by themselves show it within four weeks."
        ),
        lesson="Compare a candidate segment by segment before it answers: the few outvote nobody.",
        seam="release",
        stream=Stream(
            concept=concept,
            traffic=Traffic(rate=rate, daily=0.7, weekend=0.6, entities=20_000),
            segments=Segments(names=("app", "terminal"), shares=(1.0 - few, few)),
            drifts=(ConceptDrift(name="app redesigned", at=at, to=turned, segment="app"),),
        ),
        labels=Labels(delay=Constant(delay=delay)),
        training=Training(fixed="3h", cost=50.0),
        horizon=horizon,
    )
