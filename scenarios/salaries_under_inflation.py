"""Wages rise, and a model goes on quoting those of last year."""

from __future__ import annotations

from sim.artifacts import Learned
from sim.concepts import LinearRegression
from sim.drift import ConceptDrift
from sim.labels import Labels, LogNormal
from sim.losses import Absolute
from sim.scenario import Scenario, Training
from sim.stream import Stream
from sim.traffic import Traffic


def salaries_under_inflation(
    *,
    rise: float = 0.08,
    level: float = 60.0,
    spread: float = 12.0,
    noise: float = 3.0,
    rate: str = "12/h",
    labels: str = "4w",
    horizon: str = "52w",
) -> Scenario:
    """A number drifts: all outcomes rise by a few percent a year, and no feature says so.

    Salaries, in thousands, lie around *level* with a *spread* that candidates explain and *noise*
    that they do not; within the *horizon* all rise by the share *rise*. *labels* is the median of
    a lognormal delay: it counts what is signed in the end.
    """
    from sklearn.linear_model import Ridge

    concept = LinearRegression(columns=6, rule="skills", slope=spread, level=level, noise=noise)
    later = LinearRegression(
        columns=6,
        rule="skills",
        slope=spread * (1.0 + rise),
        level=level * (1.0 + rise),
        noise=noise,
    )
    return Scenario(
        name="salaries-under-inflation",
        domain="hiring",
        story=(
            "A job portal tells candidates what they can ask for, give or take three thousand.\n"
            "Prices rise. By winter those who followed its advice earn less than their colleagues."
        ),
        cause="Wages follow prices. The candidates are the same, so no input monitor can know.",
        expect=(
            "Inputs look as ever all year. Left alone, the mean error doubles within the year: "
            "it quotes too little. A monthly training on the last three months keeps four "
            "fifths of that away; one on the last half year, which knows more and older prices, "
            "leaves twice as much."
        ),
        lesson="Money is a unit that changes: predict it in today's, or correct for the index.",
        seam="training",
        stream=Stream(
            concept=concept,
            traffic=Traffic(rate=rate, daily=0.6, weekend=0.4, entities=30_000),
            drifts=(
                ConceptDrift(
                    name="inflation", at="0d", width=horizon, shape="incremental", to=later
                ),
            ),
        ),
        labels=Labels(delay=LogNormal(median=labels, sigma=0.4), coverage=0.6),
        artifact=Learned(estimator=Ridge()),
        loss=Absolute(),
        tolerance=0.6,
        training=Training(fixed="2h", cost=40.0),
        horizon=horizon,
    )
