"""Readers become like what they are shown, and a model that learns from them forgets the rest."""

from __future__ import annotations

from sim.concepts import Linear
from sim.labels import Constant, Labels
from sim.loops import Feedback
from sim.scenario import Scenario, Training
from sim.stream import Stream
from sim.traffic import Traffic


def filter_bubble(
    *,
    at: str = "4w",
    until: str = "22w",
    strength: float = 0.06,
    rate: str = "30/h",
    delay: str = "1d",
    horizon: str = "28w",
) -> Scenario:
    """The served answers shape tomorrow's data, and training on these forgets everybody else.

    From *at* on readers move, day by day, by *strength* times how what they are shown differs
    from all there is. At *until* new readers come who were never shown anything. Whether a reader
    liked an article is known after *delay*.
    """
    return Scenario(
        name="filter-bubble",
        domain="news",
        story=(
            "A news page learns every week what its readers like: more and more like everything.\n"
            "Then readers come from a paper that has closed, and get everything too."
        ),
        cause=(
            "Readers came to like what they were shown. Whoever learns from them has hardly seen "
            "anybody say no, and forgets where the line was."
        ),
        expect=(
            "Inputs move within three weeks; the errors of the launch's model do not, and it does "
            "no harm. Who trains weekly among these readers is wrong fifteen points more often "
            "when new ones come. Where nothing is shown no input moves: the drift is our own doing."
        ),
        lesson="Keep a few readers who are shown things by chance: they are your ground.",
        seam="feedback",
        stream=Stream(
            concept=Linear(columns=6, rule="articles", threshold=0.3, noise=0.12),
            traffic=Traffic(rate=rate, daily=0.7, weekend=1.1, entities=30_000),
            drifts=(Feedback(name="bubble", at=at, until=until, strength=strength, memory=1.0),),
        ),
        labels=Labels(delay=Constant(delay=delay)),
        training=Training(fixed="2h", cost=30.0),
        horizon=horizon,
    )
