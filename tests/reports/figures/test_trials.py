"""The pictures of tune and ablate: one for each, the same bytes for the same findings."""

from __future__ import annotations

from typing import Any

import pytest

from reports.comparison import (
    Ablation,
    Cause,
    Curve,
    Place,
    Probe,
    Removal,
    Sighting,
    Spot,
    Territory,
)  # fmt: skip
from reports.intervals import UNKNOWN, Figure
from reports.plot import TrialPlot


def around(value: float) -> Figure:
    """Return a number with an interval."""
    return Figure(value=value, low=value - 1, high=value + 1)


def places() -> tuple[Place, ...]:
    """Return places on a curve."""
    return tuple(
        Place(value=f"{n}d", number=float(n), objective=around(abs(n - 3)), loss=around(n),
              trainings=around(9 - n))
        for n in range(1, 6)
    )  # fmt: skip


CURVE = Curve(
    scenario="s", strategy="Weekly <b>", parameter="every", seconds=True, objective="loss",
    seeds=5, places=places(), best=2, low="2d", high="4d", theory=3.0,
    theory_rates=(2.0, 1.0, 0.5, 1.0, 2.0),
)  # fmt: skip
MAP = Territory(
    scenario="s", strategies=("line", "loop"), objective="loss", x="drift", y="sign-off",
    x_values=("1", "2"), y_values=("a", "b"), seeds=5,
    spots=tuple(
        Spot(x=x, y=y, winner="loop" if x == "2" else "line", sure=y == "a", lead=around(1),
             objective={})
        for x in ("1", "2")
        for y in ("a", "b")
    ),
)  # fmt: skip
ABLATION = Ablation(
    scenario="s", strategy="Hybrid", seeds=5, measures=("loss",), whole={},
    removals=tuple(
        Removal(control=name, kind="monitor", changes=(), price=around(2), worth=worth, unit="EUR",
                price_unit="EUR")
        for name, worth in (("contract", around(9)), ("gate", around(-9)), ("owner", UNKNOWN))
    ),
)  # fmt: skip


def sighting(layer: str, lag_s: float | None, *, watched: bool = True) -> Sighting:
    """Return what a layer made of a cause in two years."""
    seen = 0 if lag_s is None else 2
    return Sighting(
        layer=layer, monitors=("m",) if watched else (), seen=seen, seeds=2,
        lag_s=None if lag_s is None else around(lag_s), share=around(seen / 2),
        by_chance=Figure(value=0.5 if layer == "performance" else 0.0, low=0.0, high=1.0),
    )  # fmt: skip


def cause(name: str, *lags: float | None) -> Cause:
    """Return a cause as input, output and performance see it; nobody reads business figures."""
    layers = zip(("input", "output", "performance"), lags, strict=True)
    seen = tuple(sighting(layer, lag) for layer, lag in layers)
    return Cause(
        name=name, story="It fell.", fall=around(0.1),
        sightings=(*seen, sighting("business", None, watched=False)), business_s=around(9e5),
        business_seen=2, harmed=2, recovered=0, recovery_s=None, false_alarms=0.0, seeds=2,
    )  # fmt: skip


PROBE = Probe(
    policy="Mine <b>",
    seeds=2,
    causes=(cause("feed", 3600.0, None, 9e4), cause("rule", *[None] * 3)),
)


@pytest.mark.parametrize("found", [CURVE, MAP, ABLATION, PROBE])
def test_equal_findings_make_equal_pictures(found: Any) -> None:
    one, other = TrialPlot(found).draw(), TrialPlot(found).draw()
    assert one.svg == other.svg
    assert one._repr_png_() == other._repr_png_()


def test_a_picture_says_in_words_what_it_shows() -> None:
    said = [found.plot.draw().says for found in (CURVE, ABLATION, PROBE)]
    assert said == [
        "loss by every: best at 3d",
        "contract earns its keep, gate does harm, owner not settled",
        "Seen first: feed by the input layer. Seen by nobody in most years: rule.",
    ]
