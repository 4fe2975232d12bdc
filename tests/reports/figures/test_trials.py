"""The pictures of tune and ablate: one for each, the same bytes for the same findings."""

from __future__ import annotations

import pytest

from reports.comparison import Ablation, Curve, Place, Removal, Spot, Territory
from reports.intervals import UNKNOWN, Figure
from reports.plot import of_trial


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


@pytest.mark.parametrize("found", [CURVE, MAP, ABLATION])
def test_equal_findings_make_equal_pictures(found: object) -> None:
    one, other = of_trial(found), of_trial(found)
    assert one is not None
    assert other is not None
    assert one.svg == other.svg
    assert one._repr_png_() == other._repr_png_()


def test_a_picture_says_in_words_what_it_shows() -> None:
    said = [picture.says for found in (CURVE, ABLATION) if (picture := of_trial(found))]
    assert said == [
        "loss by every: best at 3d",
        "contract earns its keep, gate does harm, owner not settled",
    ]


def test_what_has_no_picture_gets_none() -> None:
    assert of_trial({}) is None
