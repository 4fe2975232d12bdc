"""A bank learns from the loans that it gave, and nothing from those that it refused."""

from __future__ import annotations

from sim.concepts import Linear
from sim.labels import Constant, Labels
from sim.scenario import Scenario, Training
from sim.selection import Selective
from sim.stream import Stream
from sim.traffic import Traffic


def selective_labels(
    *,
    audit: float = 0.0,
    rate: str = "26/h",
    delay: str = "21d",
    horizon: str = "40w",
) -> Scenario:
    """Rejected applicants have no outcome: the model looks well on what it sees.

    Whether a loan goes bad shows after *delay*. Of those whom the model refuses, an *audit* share
    get theirs all the same, and show whether they repay.
    """
    return Scenario(
        name="selective-labels",
        domain="credit",
        story=(
            "A model says who gets a small loan. Among the loans it gives few go bad.\n"
            "Good customers are sent away and pay back elsewhere; no report counts them."
        ),
        cause=(
            "Outcomes exist for accepted applicants alone, and those were picked by the model: a "
            "version trained on them has hardly met anybody who does not repay."
        ),
        expect=(
            "The first version that is trained on nothing but loans given claims 12 % errors at "
            "most and lives with 35 % at least: it lends to nearly everybody. The launch's model, "
            "left alone, stays at 7 %. To try one refused applicant in ten halves the damage; "
            "where all outcomes are known there is none."
        ),
        lesson="A model picks its own teachers: buy some labels where it says no.",
        seam="feedback",
        stream=Stream(
            concept=Linear(columns=6, rule="repays", noise=0.06),
            traffic=Traffic(rate=rate, daily=0.6, weekend=0.3, entities=50_000),
        ),
        labels=Labels(delay=Constant(delay=delay), selection=Selective(answers=(1,), share=audit)),
        training=Training(fixed="4h", cost=150.0),
        horizon=horizon,
    )
