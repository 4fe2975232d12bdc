"""Segments have drifts of their own: who is not concerned lives in the calm world."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from river.datasets import synth

from sim.clock import DAY_US, HOUR_US, us
from sim.concepts import (
    Agrawal,
    Friedman,
    GaussianClasses,
    GaussianMixture,
    Linear,
    River,
    Sine,
    Stagger,
)
from sim.drift import CategoryShift, ConceptDrift, CovariateShift, Drift, PriorShift
from sim.labels import Labels
from sim.losses import Squared, ZeroOne
from sim.source import Source
from sim.stream import Stream
from sim.traffic import Segments, Traffic

SEGMENTS = Segments(names=("web", "app"), shares=(0.6, 0.4))
ONE: dict[str, Any] = {"at": "5d", "segment": "app"}
CASES: list[Any] = [
    (Linear(), ConceptDrift(to=Linear(rule="b"), **ONE)),
    (Linear(), CovariateShift(**ONE)),
    (Linear(), PriorShift(to=0.9, **ONE)),
    (Sine(noise=0.1), ConceptDrift(to=Sine(function=3, noise=0.1), **ONE)),
    (Stagger(), CategoryShift(columns=("color",), mix=(0.0, 0.0, 0.0, 1.0), **ONE)),
    (Agrawal(perturbation=0.1), CovariateShift(columns=("salary",), shift=50_000.0, **ONE)),
    (Agrawal(perturbation=0.1), PriorShift(to=0.2, **ONE)),
    (Friedman(), ConceptDrift(to=Friedman(roles=(3, 5, 1, 0, 2)), **ONE)),
    (GaussianClasses(), ConceptDrift(to=GaussianClasses(rule="b"), **ONE)),
    (GaussianClasses(), PriorShift(to=0.95, **ONE)),
    (GaussianMixture(), ConceptDrift(to=GaussianMixture(rule="b"), **ONE)),
    (GaussianMixture(noise=0.1), PriorShift(to=(0.0, 0.0, 1.0), **ONE)),
    (GaussianMixture(), CovariateShift(**ONE)),
    (
        River(generator=synth.SEA(seed=1)),
        ConceptDrift(to=River(generator=synth.SEA(seed=1, variant=3)), **ONE),
    ),
]
SHAPES: list[dict[str, Any]] = [
    {"shape": "gradual", "width": "4d"},
    {"shape": "incremental", "width": "4d"},
    {"shape": "blip", "lasts": "2d"},
    {"shape": "recurring", "every": "3d", "lasts": "1d"},
    {"shape": "seasonal", "every": "8d"},
]


class Fortnight:
    """What a stream drew in 14 days."""

    def __init__(self, concept: Any, *drifts: Drift, rhythms: tuple[Drift, ...] = ()) -> None:
        stream = Stream(
            concept=concept,
            traffic=Traffic(rate="60/h", entities=500),
            drifts=drifts,
            rhythms=rhythms,
            segments=SEGMENTS,
        )
        loss = ZeroOne() if concept.classes else Squared()
        source = Source(
            stream=stream, faults=(), labels=Labels(), loss=loss, seed=3, tick_us=HOUR_US
        )
        truths = [source.page(n, {}).truth for n in range(source.grid.page_at(14 * DAY_US))]
        self.times_us, self.x, self.y, self.best, self.app = (
            np.concatenate([np.asarray(getattr(truth, name)) for truth in truths])
            for name in ("times_us", "x", "y", "best", "segment")
        )

    def unlike(self, other: Fortnight) -> NDArray[np.bool_]:
        """Return which records are not the same in both."""
        unlike: NDArray[np.bool_] = (self.x != other.x).any(axis=1)
        unlike |= (self.y != other.y) | (self.best != other.best)
        return unlike


@pytest.mark.parametrize(("concept", "drift"), CASES)
def test_a_drift_of_one_segment_leaves_the_others_alone(concept: Any, drift: Drift) -> None:
    calm, year = Fortnight(concept), Fortnight(concept, drift)
    unlike = year.unlike(calm)
    concerned = (year.app == 1) & (year.times_us >= us("5d"))
    assert not unlike[~concerned].any()
    assert unlike[concerned].mean() > 0.05


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape["shape"])
def test_in_every_shape(shape: dict[str, Any]) -> None:
    drift = CovariateShift(**ONE, **shape)
    calm, year = Fortnight(Linear()), Fortnight(Linear(), drift)
    unlike = year.unlike(calm)
    acts = np.asarray(drift.gone(year.times_us)) > 0
    assert not unlike[~acts | (year.app == 0)].any()
    taken = unlike[acts & (year.app == 1)].mean()
    assert taken > 0.99 or shape["shape"] == "gradual"
    assert taken > 0.5


def test_two_segments_have_two_drifts_and_a_third_is_everybodys() -> None:
    drifts = (
        CovariateShift(name="a", at="3d", segment="app", columns=("x0",), shift=5.0),
        CovariateShift(name="b", at="6d", segment="web", columns=("x0",), shift=-5.0),
        CovariateShift(name="c", at="9d", columns=("x1",), shift=2.0),
    )
    calm, year = Fortnight(Linear()), Fortnight(Linear(), *drifts)
    moved = year.x - calm.x
    app = year.app == 1
    expected = 5.0 * (app & (year.times_us >= us("3d")))
    expected = expected - 5.0 * (~app & (year.times_us >= us("6d")))
    assert np.allclose(moved[:, 0], expected)
    assert np.allclose(moved[:, 1], 2.0 * (year.times_us >= us("9d")))


def test_a_rhythm_can_belong_to_a_segment() -> None:
    weekend = CovariateShift(
        at="5d", segment="app", shape="recurring", every="7d", lasts="2d", shift=3.0
    )
    calm, year = Fortnight(Linear()), Fortnight(Linear(), rhythms=(weekend,))
    weekday = year.times_us // DAY_US % 7
    assert np.array_equal(year.unlike(calm), (year.app == 1) & (weekday >= 5))
