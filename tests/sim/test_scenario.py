"""A scenario that cannot be played is refused when it is written, in one clear line."""

from __future__ import annotations

from collections.abc import Callable
from math import inf, nan
from typing import Any

import pytest

from sim.artifacts import Learned, Parametric
from sim.concepts import SEA, Friedman, GaussianClasses, Linear, LinearRegression, Moving
from sim.drift import ConceptDrift, CovariateShift
from sim.errors import Mistake
from sim.faults import DefaultFill, Drop, TimeZoneShift, UnitChange
from sim.labels import Labels
from sim.loops import Feedback
from sim.losses import Expected, Squared, ZeroOne
from sim.people import People
from sim.run import run
from sim.scenario import Launch, Scenario, Service, Training, batch
from sim.selection import Review, Selective
from sim.stream import Season, Stream

STREAM = Stream(concept=Linear(columns=3))


def world(**more: Any) -> Scenario:
    return Scenario(**{"name": "w", "stream": STREAM, **more})


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: world(horizon="90m"), "scenario.horizon is '90m'"),
        (lambda: world(horizon="0s"), "scenario.horizon is '0s'"),
        (lambda: world(tick="7m", horizon="7w"), "scenario.tick is '7m'"),
        (lambda: world(service=batch(every="30m")), "service.every is '30m'"),
        (lambda: Service(mode="stream"), "service.mode is 'stream'"),
        (lambda: Service(contract="loose"), "service.contract is 'loose'"),
        (lambda: Service(deploy="-2h"), "service.deploy is '-2h'"),
        (lambda: Service(no_answer_loss=-1.0), "service.no_answer_loss is -1"),
        (lambda: Training(failure=1.2), "training.failure is 1.2"),
        (lambda: Training(holdout=0.95), "training.holdout is 0.95"),
        (lambda: Launch(window="0s"), "launch.window is '0s'"),
        (lambda: People(data="soon"), "people.data is 'soon'"),
        (lambda: world(faults=(Drop(at="1d", columns=("x7",)),)), "drop.columns is 'x7'"),
        (
            lambda: world(
                stream=Stream(concept=Linear(), drifts=(CovariateShift(at="1d", name="a"),)),
                faults=(Drop(at="2d", name="a", columns=("x0",)),),
            ),
            "a.name is 'a': 2 drifts or faults",
        ),
        (lambda: world(stream=Stream(concept=Moving())), "scenario.artifact is Learned"),
        (lambda: world(artifact=Parametric()), "scenario.artifact is Parametric"),
        (
            lambda: world(stream=Stream(concept=Moving()), artifact=Parametric()),
            "scenario.loss is None",
        ),
        (
            lambda: world(stream=Stream(concept=LinearRegression()), loss=ZeroOne()),
            "scenario.loss is ZeroOne()",
        ),
        (
            lambda: Stream(
                concept=Linear(),
                drifts=(
                    ConceptDrift(at="2d", name="b", to=Linear(rule="b")),
                    ConceptDrift(at="1d", name="a", to=Linear(rule="a")),
                ),
            ),
            "stream.drifts is ['b', 'a']",
        ),
    ],
)
def test_what_cannot_be_played_is_refused(make: Callable[[], object], words: str) -> None:
    with pytest.raises(Mistake) as refusal:
        make()
    assert str(refusal.value).startswith(words)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Labels(delay="3 weeks"), "labels.delay"),  # type: ignore[arg-type]
        (lambda: world(tolerance=-1.0), "scenario.tolerance"),
        (lambda: world(artifact=3), "scenario.artifact"),
        (lambda: world(artifact=Learned(), loss=Expected()), "scenario.loss"),
        (
            lambda: world(stream=Stream(concept=Moving()), artifact=Parametric(), loss=Squared()),
            "scenario.loss",
        ),
        (lambda: Linear(threshold=nan), "linear.threshold is nan"),
        (lambda: Linear(angle="a"), "linear.angle is 'a'"),  # type: ignore[arg-type]
        (lambda: SEA(threshold=inf), "sea.threshold is inf"),
        (lambda: GaussianClasses(distance=nan), "gaussian.distance is nan"),
        (lambda: LinearRegression(slope=inf), "regression.slope is inf"),
        (lambda: LinearRegression(noise=inf), "regression.noise is inf"),
        (lambda: Friedman(noise=inf), "friedman.noise is inf"),
        (lambda: Moving(speed=nan), "moving.speed is nan"),
        (lambda: Season(amplitude=inf), "season.amplitude is inf"),
        (lambda: Season(amplitude="a"), "season.amplitude is 'a'"),  # type: ignore[arg-type]
        (lambda: CovariateShift(at="1d", shift=nan), "covariate.shift is nan"),
        (lambda: CovariateShift(at="1d", scale=inf), "covariate.scale is inf"),
        (
            lambda: CovariateShift(at="1d", columns="x0"),  # type: ignore[arg-type]
            "covariate.columns is 'x0'",
        ),
        (lambda: Feedback(at="1d", columns="x0"), "feedback.columns"),  # type: ignore[arg-type]
        (lambda: UnitChange(at="1d", columns=("x0",), factor=nan), "unit change.factor is nan"),
        (lambda: DefaultFill(at="1d", columns=("x0",), value=inf), "default fill.value is inf"),
        (lambda: TimeZoneShift(at="1d", columns=("x0",), low=nan), "time-zone shift.low is nan"),
        (lambda: Review(around=nan), "review.around is nan"),
        (
            lambda: world(labels=Labels(selection=Selective(answers=(1, 7)))),
            "selective.answers is 7: give a whole number from 0 to 1",
        ),
        (
            lambda: world(
                stream=Stream(concept=LinearRegression()), labels=Labels(selection=Selective())
            ),
            "labels.selection is Selective",
        ),
        (
            lambda: world(
                stream=Stream(
                    concept=Linear(),
                    drifts=(CovariateShift(at="1d", shape="recurring", every="1s", lasts="1ms"),),
                )
            ),
            "covariate.every is '1s'",
        ),
        (
            lambda: world(
                stream=Stream(
                    concept=Linear(),
                    drifts=(
                        CovariateShift(at="1d", shape="recurring", every="1w", lasts="1d"),
                        CovariateShift(at="9d", name="covariate #2"),
                    ),
                )
            ),
            "covariate #2.name is 'covariate #2': so a return of 'covariate' is called",
        ),
        (lambda: world(tick="1us"), "scenario.tick is '1us'"),
        (lambda: Linear(columns=2.5), "linear.columns"),  # type: ignore[arg-type]
        (lambda: Drop(at="1d", columns="x0"), "drop.columns is 'x0'"),  # type: ignore[arg-type]
    ],
)
def test_what_makes_no_sense_is_refused(make: Callable[[], object], field: str) -> None:
    with pytest.raises(Mistake) as refusal:
        make()
    assert str(refusal.value).startswith(field)


@pytest.mark.parametrize("seed", [-1, 1.5, "7", None, True])
def test_a_seed_is_a_whole_number(seed: Any) -> None:
    class Never:
        def decide(self, view: object) -> list[Any]:
            return []

    with pytest.raises(Mistake, match=f"seed is {seed!r}: give a whole number from 0 up"):
        run(world(), Never(), seed=seed)


@pytest.mark.parametrize("strategy", [3, None, "weekly", dict])
def test_a_strategy_can_decide(strategy: Any) -> None:
    with pytest.raises(Mistake, match="strategy is"):
        run(world(), strategy, seed=1)


def test_the_calm_world_differs_in_its_incidents_alone() -> None:
    drift, fault = CovariateShift(at="1d"), Drop(at="2d", columns=("x0",))
    stormy = world(stream=Stream(concept=Linear(columns=3), drifts=(drift,)), faults=(fault,))
    assert stormy.incidents == (drift, fault)
    assert stormy.calm() == world()
    assert stormy.digest != stormy.calm().digest == world().digest


def test_only_faults_that_somebody_repairs_close_the_loop() -> None:
    assert not world(faults=(Drop(at="2d", columns=("x0",)),)).closed_loop
    assert world(faults=(Drop(at="2d", columns=("x0",), fixed_by="data"),)).closed_loop
