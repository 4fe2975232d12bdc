"""A column may no longer be used, nor anything that was learned from it."""

from __future__ import annotations

from sim.concepts import Linear
from sim.faults import Ban
from sim.labels import Constant, Labels
from sim.scenario import Scenario, Training
from sim.stream import Stream
from sim.traffic import Traffic


def column_banned(
    *,
    at: str = "12w",
    notice: str = "6w",
    rate: str = "30/h",
    delay: str = "21d",
    horizon: str = "26w",
) -> Scenario:
    """A new rule bans a column: whoever prepares loses what the column knew, others much more.

    It is announced *notice* beforehand. From *at* on a version that was built with the column may
    not answer. Whether a loan was paid back in its first month is known *delay* later.
    """
    concept = Linear(columns=8, rule="pays back", threshold=-0.25, noise=0.06)
    return Scenario(
        name="column-banned",
        domain="credit",
        story=(
            "A lender is told in spring that from summer on one column may not be used.\n"
            "One team files the letter; another builds a model without the column."
        ),
        cause=(
            "A court found that the column stands in for what must not be asked. Every snapshot "
            "and every version that holds it is banned with it."
        ),
        expect=(
            "A team that prepares loses from that day on exactly what the column knew, 2 to 6 "
            "points, and not one request gets the fallback. One that waits answers with the "
            "fallback until a training is done, and loses more than twice as much that week."
        ),
        lesson=(
            "A rule with a notice is the one incident that tells its day beforehand. Know which "
            "version holds which column, and be able to build without."
        ),
        seam="data",
        stream=Stream(
            concept=concept,
            traffic=Traffic(rate=rate, daily=0.6, weekend=0.5, entities=40_000, sources=3),
        ),
        faults=(Ban(name="ruling", at=at, columns=("x2",), notice=notice),),
        labels=Labels(delay=Constant(delay=delay)),
        training=Training(fixed="1d", per_record="200ms", cost=500.0),
        horizon=horizon,
    )
