"""What a mistake costs can change in mid-run, and the best answer with it."""

from dataclasses import replace

import numpy as np
import pytest

from sim.actions import Shadow
from sim.clock import us
from sim.concepts import GaussianClasses, LinearRegression
from sim.errors import Mistake
from sim.faults import CostChange
from sim.losses import Costs, Regimes, ZeroOne
from sim.run import run
from sim.scenario import Scenario, Service
from sim.setting import source_of
from sim.stream import Stream
from sim.traffic import Traffic
from strategies import presets
from tests.sim.laws.operators import Restless
from tests.sim.laws.worlds import POISSON, pages_of, world

DEAR = Costs(false_positive=1.0, false_negative=9.0)
CHANGE = CostChange(at="10d 5h", to=DEAR)


def year(*faults: CostChange, prior: float = 0.3) -> Scenario:
    concept = GaussianClasses(columns=3, distance=2.0, prior=prior)
    return Scenario(
        name="costs",
        stream=Stream(concept=concept, traffic=Traffic(rate="60/h")),
        faults=faults,
        horizon="4w",
    )


def test_mistakes_cost_what_they_cost_on_the_day_of_the_answer() -> None:
    changed = run(year(CHANGE), presets.never(), seed=1, outcomes=True)
    calm = run(year(), presets.never(), seed=1, outcomes=True)
    assert changed.outcomes is not None
    assert calm.outcomes is not None
    after = calm.outcomes.served_us >= us("10d 5h")
    assert np.array_equal(changed.outcomes.loss[~after], calm.outcomes.loss[~after])
    wrong = calm.outcomes.loss == 1.0
    assert set(changed.outcomes.loss[after & wrong]) == {1.0, 9.0}
    assert set(changed.outcomes.loss[after & ~wrong]) == {0.0}


def test_the_best_answer_is_that_of_the_costs_in_force() -> None:
    scenario = year(CHANGE)
    source, before = source_of(scenario, 2), source_of(year(), 2)
    number = source.grid.page_at(CHANGE.at_us)
    page, plain = source.page(number, {}), before.page(number, {})
    after = page.truth.times_us >= CHANGE.at_us
    assert 0 < after.sum() < len(after)
    assert np.array_equal(page.truth.x, plain.truth.x)
    assert np.array_equal(page.truth.y, plain.truth.y)
    assert np.array_equal(page.truth.best[~after], plain.truth.best[~after])
    concept = GaussianClasses(columns=3, distance=2.0, prior=0.3)
    odds = 2.0 * page.truth.x @ concept.step + np.log(0.3 / 0.7)
    assert np.array_equal(page.truth.best[after], (odds[after] > np.log(1 / 9)).astype(float))
    assert page.truth.best[after].mean() > plain.truth.best[after].mean() + 0.1


def test_it_can_end_again() -> None:
    ended = run(year(replace(CHANGE, until="20d")), presets.never(), seed=1).timeline
    calm = run(year(), presets.never(), seed=1).timeline
    assert np.array_equal(ended.loss[20 * 24 :], calm.loss[20 * 24 :])
    assert np.array_equal(ended.ideal[20 * 24 :], calm.ideal[20 * 24 :])
    assert ended.loss[11 * 24 : 20 * 24].sum() > 1.5 * calm.loss[11 * 24 : 20 * 24].sum()


def test_regimes_follow_each_other() -> None:
    regimes = Regimes(ZeroOne(), [(10, DEAR), (20, ZeroOne())])
    times = np.array([0, 9, 10, 19, 20, 30])
    answer, y = np.zeros(6), np.ones(6)
    assert regimes.of(answer, y, times).tolist() == [1, 1, 9, 9, 1, 1]
    assert regimes.of(answer, y, times[::-1]).tolist() == [1, 1, 9, 9, 1, 1]
    assert [(s.start, s.stop) for s, _ in regimes.spans(times)] == [(0, 2), (2, 4), (4, 6)]
    assert regimes.at(15) is DEAR


def test_a_shadow_is_judged_by_the_costs_of_the_day() -> None:
    class Shadows(Restless):
        def decide(self, view):  # type: ignore[no-untyped-def]
            if view.now == 1.0:
                from sim.actions import Retrain

                yield Retrain(window="30d")
            elif view.candidate and not view.changing:
                yield Shadow(view.candidate)

    scenario = replace(year(CHANGE), service=Service(deploy="0"))
    tables = [run(s, Shadows(), seed=1).timeline.shadow for s in (scenario, scenario.calm())]
    assert np.array_equal(tables[0][: 10 * 24, 3], tables[1][: 10 * 24, 3])
    assert tables[0][12 * 24 :, 3].sum() > 2 * tables[1][12 * 24 :, 3].sum()


@pytest.mark.parametrize("block", [1, 9])
def test_blocks_are_invisible_when_costs_change(block: int) -> None:
    concept = GaussianClasses(columns=3, distance=2.0)
    faults = (CostChange(at="3h", to=DEAR, until="5h"), CostChange(at="4h", to=Costs(), name="b"))
    scenario = world(POISSON, concept=concept, faults=faults)
    with pages_of(150):
        whole = run(scenario, Restless(), seed=3).digest()
        assert run(scenario, Restless(), seed=3, block=block).digest() == whole


def test_a_cost_change_goes_with_two_classes_and_holds_for_all() -> None:
    with pytest.raises(Mistake, match="goes with two classes"):
        replace(year(CHANGE), stream=Stream(concept=LinearRegression()))
    with pytest.raises(Mistake, match="it holds at once, for all"):
        CostChange(at="1d", to=DEAR, share=0.5)
