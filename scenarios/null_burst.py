"""A laboratory's interface sends results without the results."""

from __future__ import annotations

from sim.concepts import GaussianClasses
from sim.faults import NullBurst
from sim.labels import Labels, LogNormal
from sim.scenario import Scenario, Training
from sim.stream import Stream
from sim.traffic import Traffic


def null_burst(
    *,
    at: str = "5w",
    until: str = "8w",
    share: float = 0.7,
    rate: str = "30/h",
    labels: str = "6d",
    horizon: str = "16w",
) -> Scenario:
    """Values arrive empty for three weeks; a model trained on them is wrong when they are back.

    From *at* to *until* three of six columns are empty in what a *share* of the wards send.
    *labels* is the median of a lognormal delay: what was urgent is known at discharge.
    """
    return Scenario(
        name="null-burst",
        domain="medical triage",
        story=(
            "An emergency department ranks patients by vital signs and laboratory values.\n"
            "One Monday most wards send laboratory values that are empty; patients keep coming."
        ),
        cause=(
            "The laboratory's interface was updated and writes results into a field that nobody "
            "reads. Gaps are filled with training means: a patient without values looks average."
        ),
        expect=(
            "A contract sees it the same day, once enough patients came, and whoever is paged "
            "repairs it within two working days. Errors show it with the discharges, more than "
            "four days later. A training on the gap helps nobody while it lasts, and harms when "
            "values are back."
        ),
        lesson="An average patient is the most dangerous guess: let what is missing be missing.",
        seam="data",
        stream=Stream(
            concept=GaussianClasses(columns=6, rule="triage", distance=2.6, prior=0.3),
            traffic=Traffic(rate=rate, daily=0.4, weekend=0.9, entities=20_000, sources=20),
        ),
        faults=(
            NullBurst(
                name="laboratory silent",
                at=at,
                until=until,
                columns=("x0", "x2", "x4"),
                share=share,
                fixed_by="data",
            ),
        ),
        labels=Labels(delay=LogNormal(median=labels, sigma=0.6), coverage=0.95),
        training=Training(fixed="3h", cost=200.0),
        horizon=horizon,
    )
