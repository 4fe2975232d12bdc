"""A library's search: readers in the app, and readers at the terminals of the reading room."""

from __future__ import annotations

from sim.concepts import Linear
from sim.drift import ConceptDrift
from sim.labels import Constant, Labels
from sim.scenario import Scenario, Training
from sim.stream import Stream
from sim.traffic import Segments, Traffic


def library(
    *, change: str = "app", few: float = 0.2, angle: float = 75.0, rate: str = "10/h",
    horizon: str = "14w",
) -> Scenario:  # fmt: skip
    """From week 5 on the *change* is that of the app's readers, or ('all') that of everybody.

    A share of *few* sit at the terminals. What is searched for turns by *angle* degrees.
    """
    concept = Linear(columns=8, rule="search", noise=0.08)
    turned = Linear(columns=8, rule="search", angle=angle, noise=0.08)
    return Scenario(
        name="library",
        story="A library's search: an app, and the terminals of the reading room.",
        stream=Stream(
            concept=concept,
            traffic=Traffic(rate=rate, daily=0.7, weekend=0.6, entities=5_000),
            segments=Segments(names=("app", "terminal"), shares=(1.0 - few, few)),
            drifts=(
                ConceptDrift(
                    name="redesign", at="5w", to=turned, segment="app" if change == "app" else ""
                ),
            ),
        ),
        labels=Labels(delay=Constant(delay="2d")),
        training=Training(fixed="3h", cost=50.0),
        horizon=horizon,
        tick="2h",
    )
