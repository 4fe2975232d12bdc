"""Pages find somebody in the end; suspicions come when things get worse, or for nothing."""

from dataclasses import dataclass, replace
from math import sqrt
from typing import Any

import pytest

from sim.actions import PageOwner
from sim.clock import DAY_US, us
from sim.concepts import Linear
from sim.drift import ConceptDrift
from sim.errors import Mistake
from sim.facts import Alarm, Answered, Ended, Paged
from sim.faults import Drop
from sim.people import SOMEBODY, People, Suspicion
from sim.prices import Prices
from sim.run import run
from sim.scenario import Scenario
from sim.stream import Stream
from sim.traffic import Traffic
from sim.users import Users
from strategies import presets
from strategies.detectors.above import Above
from strategies.monitors import OnErrors
from tests.sim.laws.worlds import POISSON, pages_of, world


@dataclass(frozen=True)
class Calls:
    """Calls the data owner at one moment."""

    on: float
    monitors: tuple[Any, ...] = ()

    def decide(self, view: Any) -> Any:
        if view.now == self.on:
            yield PageOwner("data", why="the feed looks odd")


def broken(people: People) -> Scenario:
    fault = Drop(at="5d", columns=("x0",), fixed_by="data")
    return Scenario(
        name="people",
        stream=Stream(concept=Linear(columns=3), traffic=Traffic(rate="20/h")),
        faults=(fault,),
        people=people,
        prices=Prices(currency="EUR", page=40.0),
        horizon="8w",
    )


def test_a_page_is_written_down_with_its_price() -> None:
    ledger = run(broken(People()), Calls(7.0), seed=1)
    assert ledger.of(Paged) == [Paged(at_us=7 * DAY_US, owner="data", by="data", cost=40.0)]


def test_where_the_role_has_nobody_a_page_waits_and_is_passed_on() -> None:
    alone = run(broken(People(sigma=0.0, office=False)), Calls(7.0), seed=1)
    left = People(sigma=0.0, office=False, nobody=("data",), handoff="6d", passed_on="5d")
    passed = run(broken(left), Calls(7.0), seed=1)
    assert alone.of(Answered)[0].at_us == 7 * DAY_US + us("4h")
    answer = passed.of(Answered)[0]
    assert answer.at_us == 12 * DAY_US + us("1h")
    assert "passed on to platform" in answer.text
    assert "repaired: drop of x0" in answer.text
    assert passed.of(Paged)[0].by == "platform"
    assert passed.of(Ended)[0].why == "repaired by platform"


def test_before_the_handoff_the_role_is_filled() -> None:
    later = People(sigma=0.0, office=False, nobody=("data",), handoff="8d")
    assert run(broken(later), Calls(7.0), seed=1).of(Paged)[0].by == "data"


def suspecting(suspicion: Suspicion, *, bad: bool, users: bool) -> Scenario:
    drift = ConceptDrift(at="12w", to=Linear(columns=3, rule="other", noise=0.05))
    return Scenario(
        name="a hunch",
        stream=Stream(
            concept=Linear(columns=3, noise=0.05),
            traffic=Traffic(rate="20/h"),
            drifts=(drift,) if bad else (),
        ),
        people=People(suspicion=suspicion),
        users=Users() if users else None,
        horizon="52w",
    )


def hunches(scenario: Scenario, seed: int) -> list[Alarm]:
    return [a for a in run(scenario, presets.never(), seed=seed).of(Alarm) if a.monitor == SOMEBODY]


@pytest.mark.parametrize("users", [False, True])
def test_somebody_notices_when_things_have_become_much_worse(users: bool) -> None:
    scenario = suspecting(Suspicion(notices=0.1, false_per_year=0.0), bad=True, users=users)
    found = hunches(scenario, seed=1)
    assert found
    after = [alarm for alarm in found if alarm.at_us > us("12w")]
    assert after[0].at_us < us("16w")
    assert len(after) > 0.5 * len(found)
    assert after[-1].value > 0.1
    assert all(alarm.layer == "business" for alarm in found)


def test_a_year_in_which_nothing_happens_has_its_false_suspicions() -> None:
    calm = suspecting(Suspicion(notices=1e9, false_per_year=26.0), bad=False, users=False)
    counts = [len(hunches(calm, seed)) for seed in range(6)]
    days = 260 * len(counts)
    assert abs(sum(counts) - days * 0.1) < 4.5 * sqrt(days * 0.1 * 0.9)


def test_a_suspicion_is_raised_in_office_hours() -> None:
    calm = suspecting(Suspicion(notices=1e9, false_per_year=100.0), bad=False, users=False)
    assert all(
        a.at_us // DAY_US % 7 < 5 and a.at_us % DAY_US == us("11h") for a in hunches(calm, 3)
    )


@pytest.mark.parametrize("block", [1, 9])
def test_blocks_are_invisible_to_somebody(block: int) -> None:
    suspicion = Suspicion(notices=0.02, false_per_year=200.0)
    scenario = replace(world(POISSON), horizon="3d", people=People(suspicion=suspicion))
    with pages_of(150):
        whole = run(scenario, presets.never(), seed=3)
        assert whole.of(Alarm)
        assert run(scenario, presets.never(), seed=3, block=block).digest() == whole.digest()


def test_no_monitor_may_go_by_the_name_of_somebody() -> None:
    @dataclass(frozen=True)
    class Impostor:
        monitors: tuple[Any, ...] = (OnErrors(name=SOMEBODY, detector=Above(limit=1.0)),)

        def decide(self, view: Any) -> list[Any]:
            return []

    with pytest.raises(Mistake, match="that name is taken"):
        run(world(POISSON), Impostor(), seed=0)


def test_whom_a_page_is_passed_on_to_must_be_there() -> None:
    with pytest.raises(Mistake, match="that role has nobody either"):
        People(nobody=("data", "platform"))
