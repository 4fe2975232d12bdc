"""Closed loops: what is served today shapes what comes tomorrow, and nothing else does."""

from dataclasses import dataclass, replace
from math import erf, sqrt
from typing import Any

import numpy as np
import pytest

from sim.actions import Promote, Retrain
from sim.chance import Luck
from sim.clock import DAY_US
from sim.concepts import GaussianClasses, Linear, Moment
from sim.errors import Mistake
from sim.labels import Constant, Labels
from sim.ledger import Ledger
from sim.loops import Adversary, Feedback, Loop
from sim.run import run
from sim.scenario import Launch, Scenario, Service, Training
from sim.setting import source_of
from sim.stream import Stream
from sim.traffic import Traffic
from sim.world import World
from strategies import presets
from tests.sim.laws.worlds import pages_of

ADVERSARY = Adversary(at="5d", tactics=3, reach=3.0, speed=2.0)
FEEDBACK = Feedback(at="5d", columns=("x0", "x2"), strength=0.2)


def world(loop: Loop, concept: Any = None, **rest: Any) -> Scenario:
    concept = concept or GaussianClasses(columns=4, distance=3.0, prior=0.3)
    return Scenario(
        name="a loop",
        stream=Stream(concept=concept, traffic=Traffic(rate="40/h"), drifts=(loop,)),
        horizon="30d",
        labels=Labels(delay=Constant(delay="6h")),
        launch=Launch(window="20d"),
        training=Training(fixed="1h"),
        service=Service(deploy="0", rollback="0", flag="0"),
        **rest,
    )


def error(ledger: Ledger, days: slice) -> float:
    ticks = slice(days.start * 24, days.stop * 24)
    timeline = ledger.timeline
    return float((timeline.loss - timeline.ideal)[ticks].sum() / timeline.count[ticks].sum())


def test_an_adversary_finds_what_slips_through_a_model_that_stands_still() -> None:
    left = run(world(ADVERSARY), presets.never(), seed=1)
    assert error(left, slice(0, 5)) < 0.02
    assert error(left, slice(20, 30)) > error(left, slice(0, 5)) + 0.05


def test_a_model_that_is_rebuilt_makes_it_move_on() -> None:
    left = run(world(ADVERSARY), presets.never(), seed=1)
    rebuilt = run(world(ADVERSARY), presets.scheduled(every="2d", window="4d"), seed=1)
    assert error(rebuilt, slice(20, 30)) < 0.8 * error(left, slice(20, 30))


def test_the_best_answer_to_an_adversary_is_bayes() -> None:
    concept = GaussianClasses(columns=3, distance=2.0, prior=0.3)
    times = np.zeros(400_000, dtype=np.int64)
    now = Moment(0, times, [(concept, 1.0)], [], [], 0.0, 0.5)
    weights = (0.2, 0.5, 0.3)
    loop = Adversary(at="0s", tactics=2, reach=1.5)
    loop.apply(now, weights, concept.schema)
    drawn = concept.draw(Luck(3), now)
    centres = concept.step + loop.moves(3)
    density = sum(
        w * np.exp(-0.5 * ((drawn.x - c) ** 2).sum(axis=1))
        for w, c in zip(weights, centres, strict=True)
    )
    other = np.exp(-0.5 * ((drawn.x + concept.step) ** 2).sum(axis=1))
    chance = 0.3 * density / (0.3 * density + 0.7 * other)
    assert np.array_equal(drawn.best, (chance > 0.5).astype(float))
    for low in np.arange(0.05, 0.95, 0.1):  # the odds are those that come true
        rows = (chance >= low) & (chance < low + 0.1)
        gap = drawn.y[rows].mean() - chance[rows].mean()
        assert abs(gap) < 4.5 * sqrt(0.25 / rows.sum())


def test_before_its_onset_a_loop_changes_nothing() -> None:
    for loop in (ADVERSARY, FEEDBACK):
        scenario = world(loop)
        mine, calm = (run(s, presets.never(), seed=4).timeline for s in (scenario, scenario.calm()))
        assert np.array_equal(mine.loss[: 5 * 24], calm.loss[: 5 * 24])
        assert np.array_equal(mine.count, calm.count)
        assert not np.array_equal(mine.loss[8 * 24 :], calm.loss[8 * 24 :])


def states(scenario: Scenario, strategy: Any, seed: int = 1) -> dict[int, Any]:
    played = World(scenario, seed=seed)
    while (view := played.advance()) is not None:
        played.act(list(strategy.decide(view)))
    return played._stage.flight.effects.states


def test_feedback_moves_as_its_formula_says() -> None:
    scenario = world(FEEDBACK, Linear(columns=4, noise=0.1))
    found = states(scenario, presets.never())
    source = source_of(scenario, 1)
    model = played_model(scenario)
    for day in range(6, 29):
        first, last = (source.grid.page_at(d * DAY_US) for d in (day, day + 1))
        pages = [source.page(n, {}, found) for n in range(first, last)]
        x = np.concatenate([page.truth.x for page in pages])
        shown = np.concatenate([model.answers(page).answer for page in pages]) > 0.5
        gap = (x[shown].mean(axis=0) - x.mean(axis=0))[[0, 2]]
        expected = 0.95 * np.array(found[day][0]) + 0.2 * gap
        np.testing.assert_allclose(found[day + 1][0], np.clip(expected, -3, 3), rtol=1e-9)


def played_model(scenario: Scenario) -> Any:
    played = World(scenario, seed=1)
    return played._stage.builds["v0"].model


def test_a_bubble_pulls_the_features_to_what_is_shown() -> None:
    scenario = world(FEEDBACK, Linear(columns=4, noise=0.1))
    found = states(scenario, presets.never())
    last = np.array(found[29][0])
    weights = Linear(columns=4, noise=0.1).weights[[0, 2]]
    assert np.all(np.sign(last) == np.sign(weights))
    assert np.abs(last).max() > 0.5


@dataclass(frozen=True)
class Rebuilds:
    """Rebuilds at one moment."""

    on: float
    monitors: tuple[Any, ...] = ()

    def decide(self, view: Any) -> Any:
        if view.candidate and not view.changing:
            yield Promote(view.candidate, why="ready")
        elif view.now == self.on:
            yield Retrain(window="10d", why="the day has come")


@pytest.mark.parametrize("loop", [ADVERSARY, FEEDBACK], ids=lambda loop: loop.kind)
def test_equal_deeds_give_equal_worlds_until_they_part(loop: Loop) -> None:
    scenario = world(loop)
    one, two = (run(scenario, Rebuilds(on), seed=2).timeline for on in (12.0, 20.0))
    assert np.array_equal(one.loss[: 12 * 24], two.loss[: 12 * 24])
    assert not np.array_equal(one.ideal[14 * 24 :], two.ideal[14 * 24 :]) or loop is FEEDBACK


@pytest.mark.parametrize("loop", [ADVERSARY, FEEDBACK], ids=lambda loop: loop.kind)
def test_blocks_are_invisible_in_a_loop(loop: Loop) -> None:
    scenario = replace(world(loop), horizon="12d")
    strategy = presets.scheduled(every="2d", window="4d")
    with pages_of(120):
        whole = run(scenario, strategy, seed=2).digest()
        assert all(run(scenario, strategy, seed=2, block=b).digest() == whole for b in (1, 17))


def test_pages_of_a_loop_stay_within_an_epoch() -> None:
    for rate, epoch in (("40/h", "1d"), ("1000/h", "12h"), ("2/h", "4d"), ("9000/h", "1d")):
        stream = Stream(
            concept=Linear(), traffic=Traffic(rate=rate), drifts=(FEEDBACK,), epoch=epoch
        )
        scenario = replace(world(FEEDBACK), stream=stream)
        grid = source_of(scenario, 0).grid
        assert stream.epoch_us % grid.span_us == 0
        assert source_of(scenario.calm(), 0).grid == grid


def test_an_undone_loop_goes_back_to_rest() -> None:
    found = states(world(replace(FEEDBACK, until="15d"), Linear(columns=4)), presets.never())
    assert any(found[14][0])
    assert found[15][0] == (0.0, 0.0)


def test_a_loop_is_a_closed_loop_and_says_what_it_needs() -> None:
    assert world(FEEDBACK).closed_loop
    with pytest.raises(Mistake, match="it goes with GaussianClasses"):
        world(ADVERSARY, Linear())
    with pytest.raises(Mistake, match="what is served decides how fast"):
        Feedback(at="1d", width="3d")
    with pytest.raises(Mistake, match="known are x0, x1, x2, x3"):
        world(Feedback(at="1d", columns=("xo",)))


def test_a_model_that_learns_from_every_label_meets_the_same_adversary() -> None:
    from river.linear_model import LogisticRegression

    from sim.artifacts import Online

    scenario = replace(world(ADVERSARY), artifact=Online(model=LogisticRegression()), horizon="12d")
    with pages_of(120):
        whole = run(scenario, presets.never(), seed=2).digest()
        assert run(scenario, presets.never(), seed=2, block=7).digest() == whole


def test_without_the_adversary_the_error_is_that_of_two_clouds() -> None:
    calm = run(
        world(ADVERSARY, GaussianClasses(columns=4, distance=3.0)).calm(), presets.never(), seed=1
    )
    share = calm.timeline.loss.sum() / calm.timeline.count.sum()
    best = 0.5 * (1 - erf(1.5 / sqrt(2)))
    assert abs(share - best) < 0.01
