"""An assembly line where it belongs: a stable problem in an audited domain."""

from __future__ import annotations

from sim.concepts import Linear
from sim.drift import ConceptDrift
from sim.faults import SignOffRule
from sim.labels import Constant, Labels
from sim.prices import Prices
from sim.scenario import Scenario, Service, Training
from sim.selection import Review
from sim.stream import Stream
from sim.traffic import Traffic


def regulatory_classifier(
    *,
    angle: float = 20.0,
    per_day: int = 25,
    signoff: str = "30d",
    rate: str = "9/h",
    horizon: str = "104w",
) -> Scenario:
    """Flags are scored each night and reviewed by people; rules change by a few degrees a year.

    What is reportable turns by *angle* degrees over two years. Reviewers look at *per_day* flags a
    working day, picked by luck; every new version needs a sign-off that takes *signoff*.
    """
    rule = "reportable"
    concept = Linear(columns=6, rule=rule, threshold=0.5, noise=0.04)
    turned = Linear(columns=6, rule=rule, threshold=0.5, noise=0.04, angle=angle)
    return Scenario(
        name="regulatory-classifier",
        domain="compliance",
        story=(
            "Transactions are scored by night under a schema that an auditor has signed.\n"
            "People review flags in batches; twice a year there is a new version, or none."
        ),
        cause="Little: what is reportable turns by a few degrees a year, and nothing else happens.",
        expect=(
            "Two trainings a year stay within one point of twelve in error, for a sixth of the "
            "cost in trainings and sign-offs. Never training at all costs more than one point in "
            "the second year."
        ),
        lesson=(
            "An assembly line is right where the world is slow and a mistake is audited: the "
            "cadence follows the drift, not the fashion."
        ),
        seam="release",
        stream=Stream(
            concept=concept,
            traffic=Traffic(rate=rate, daily=0.9, weekend=0.2, entities=8_000, sources=4),
            drifts=(
                ConceptDrift(name="case law", at="4w", width="96w", shape="incremental", to=turned),
            ),
        ),
        faults=(SignOffRule(name="audit", at="1d", takes=signoff),),
        labels=Labels(
            delay=Constant(delay="1d"),
            selection=Review(
                per_day=per_day, picks="random", share=0.25, longest=2_000, escalates=0.2
            ),
        ),
        service=Service(mode="batch", every="1d", contract="strict", deploy="1d"),
        prices=Prices(currency="EUR", review=12.0),
        training=Training(fixed="2d", cost=4_000.0),
        horizon=horizon,
    )
