"""Two teams in the same market: one has the better model."""

from __future__ import annotations

from sim.concepts import Linear
from sim.drift import ConceptDrift
from sim.faults import CodeCrash
from sim.labels import Constant, Labels
from sim.scenario import Scenario, Training
from sim.stream import Stream
from sim.traffic import Traffic

BETTER = 0.03


def stronger(*, angle: float = 90.0, broken: bool = True, better: float = BETTER) -> Scenario:
    """Their data explain *better* more of what happens, 3 points: their model is that much better.

    What customers want turns by *angle* degrees, a little every day from week 2 to 18. If
    something is *broken*, a version that is built in weeks 8 and 9 fails to answer one request
    in five, and no test sees it.
    """
    return _market("stronger", angle, broken, 0.11 - better)


def weaker(*, angle: float = 90.0, broken: bool = True) -> Scenario:
    """The same market, and the model of the others."""
    return _market("weaker", angle, broken, 0.11)


def _market(name: str, angle: float, broken: bool, noise: float) -> Scenario:
    turned = Linear(columns=10, rule="market", angle=angle, noise=noise)
    drift = ConceptDrift(
        name="the market turns", at="2w", width="16w", shape="incremental", to=turned
    )
    crash = CodeCrash(name="a bug in the pipeline", at="8w", until="10w", requests=0.2)
    return Scenario(
        name=name,
        story="Two teams, one market. What customers want turns a little every day.",
        stream=Stream(
            concept=Linear(columns=10, rule="market", noise=noise),
            traffic=Traffic(rate="5/h", daily=0.5, weekend=0.7, entities=5_000),
            drifts=(drift,) if angle else (),
        ),
        faults=(crash,) if broken else (),
        labels=Labels(delay=Constant(delay="1d")),
        training=Training(fixed="3h", cost=50.0),
        horizon="20w",
        tick="2h",
    )
