"""A catalogue calls one of its colours by a name that no model knows."""

from __future__ import annotations

from sim.artifacts import Learned
from sim.concepts import Stagger
from sim.faults import NewCategory
from sim.labels import Constant, Labels
from sim.scenario import Scenario, Training
from sim.stream import Stream
from sim.traffic import Traffic


def new_category(
    *,
    at: str = "6w",
    noise: float = 0.08,
    rate: str = "40/h",
    delay: str = "14d",
    horizon: str = "20w",
) -> Scenario:
    """What was one category comes as another that the model never met, and stays.

    From *at* on a third of the orders have a colour with a new code. Whether an order is sent
    back is known after *delay*; *noise* of them are for no reason.
    """
    from sklearn.tree import DecisionTreeClassifier

    return Scenario(
        name="new-category",
        domain="fashion retail",
        story=(
            "A model says which orders of a shop will come back, and offers help with the size.\n"
            "The catalogue renames its bestselling colour for the season. Returns go on as ever."
        ),
        cause="Blue is navy now, with a code of its own, and the model takes it for green.",
        expect=(
            "A contract sees the unknown code within half a day, errors see it when the labels "
            "come, two weeks later. The name stays, so nobody can be paged to take it back: here "
            "a training is the repair, on labels from after the change."
        ),
        lesson="Ask whether what is new will stay: then teach it; if not, have it mended.",
        seam="data",
        stream=Stream(
            concept=Stagger(function=1, noise=noise),
            traffic=Traffic(rate=rate, daily=0.5, weekend=1.3, entities=30_000, sources=10),
        ),
        faults=(NewCategory(name="navy", at=at, columns=("color",), code=1),),
        labels=Labels(delay=Constant(delay=delay)),
        artifact=Learned(estimator=DecisionTreeClassifier(max_depth=4)),
        training=Training(fixed="2h", cost=30.0),
        horizon=horizon,
    )
