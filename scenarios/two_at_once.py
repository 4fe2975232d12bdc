"""A broken feed and a changed world in one week: one repair, and everybody goes home."""

from __future__ import annotations

from sim.concepts import Linear
from sim.drift import ConceptDrift
from sim.faults import NullBurst
from sim.labels import Labels, LogNormal
from sim.scenario import Scenario, Training
from sim.stream import Stream
from sim.traffic import Traffic


def two_at_once(
    *,
    feed: str = "7w",
    world: str = "7w",
    angle: float = 15.0,
    share: float = 0.9,
    rate: str = "40/h",
    labels: str = "2d",
    horizon: str = "20w",
) -> Scenario:
    """Two incidents in one week: the repair of one hides the other.

    At *feed* two columns come empty from a *share* of the sources; at *world* the rule turns by
    *angle* degrees. *labels* is the median of a lognormal delay.
    """
    concept = Linear(columns=6, rule="fraud rings", threshold=0.7, noise=0.06)
    turned = Linear(columns=6, rule="fraud rings", angle=angle, threshold=0.7, noise=0.06)
    return Scenario(
        name="two-at-once",
        domain="payments",
        story=(
            "Two columns of a payment feed come empty and errors rise. The feed is mended within\n"
            "two days, errors fall, the incident is closed. They do not fall all the way."
        ),
        cause=(
            "The feed lost its two weightiest columns, and in the same week another gang began, "
            "with other ways. Each alone would have been understood."
        ),
        expect=(
            "A contract sees the feed within a day and the page repairs it: most of the damage is "
            "gone, the contract is green, and errors stay three points above the calm world for "
            "good. A training alone learns the broken feed and saves next to nothing. Only who "
            "repairs and then trains comes back within three points."
        ),
        lesson="An incident is over when quality is back, not when a cause was found.",
        seam="data",
        stream=Stream(
            concept=concept,
            traffic=Traffic(rate=rate, daily=0.6, weekend=1.2, entities=30_000, sources=20),
            drifts=(ConceptDrift(name="other fraud", at=world, to=turned),),
        ),
        faults=(
            NullBurst(
                name="empty feed", at=feed, columns=("x3", "x5"), share=share, fixed_by="data"
            ),
        ),
        labels=Labels(delay=LogNormal(median=labels, sigma=0.6), coverage=0.95),
        training=Training(fixed="2h", cost=60.0),
        horizon=horizon,
    )
