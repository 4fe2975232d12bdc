"""Users accept, complete, complain and leave; business feels it late."""

from dataclasses import replace
from math import cos, exp, pi, sqrt
from typing import Any

import numpy as np
import pytest

from sim.artifacts import Online
from sim.clock import DAY_US, HOUR_US, WEEK_US
from sim.concepts import Linear
from sim.drift import ConceptDrift
from sim.errors import Mistake
from sim.ledger import Ledger
from sim.monitoring import RequestsSeen
from sim.run import run
from sim.scenario import Scenario
from sim.stream import Stream
from sim.traffic import Traffic
from sim.users import BUSINESS, VITALS, Users
from sim.world import World
from strategies import presets
from strategies.detectors.above import Above
from tests.sim.laws.operators import Restless
from tests.sim.laws.worlds import POISSON, pages_of, world

PLAIN = Users(season=0.0, noise=0.0)


def year(users: Users = PLAIN, **rest: Any) -> Scenario:
    drift = ConceptDrift(
        shape="blip", at="6w", lasts="2w", to=Linear(columns=4, rule="other", noise=0.05)
    )
    return Scenario(
        name="users",
        stream=Stream(
            concept=Linear(columns=4, noise=0.05), traffic=Traffic(rate="60/h"), drifts=(drift,)
        ),
        users=users,
        horizon="26w",
        **rest,
    )


def near(count: float, of: float, chance: float) -> bool:
    return abs(count - of * chance) < 4.5 * sqrt(max(of * chance * (1 - chance), 1e-9))


def test_what_users_do_follows_from_how_good_the_answer_was() -> None:
    timeline = run(year(), presets.never(), seed=1).timeline
    total, bad = timeline.count.sum(), timeline.loss.sum()
    good = total - bad
    sums = {name: timeline.of_vital(name).sum() for name in VITALS}
    assert near(sums["completed"], total, (good * 0.9 + bad * 0.4) / total)
    assert near(sums["accepted"], total, (good * 0.95 + bad * 0.6) / total)
    assert near(sums["complained"], total - sums["completed"], 0.03)
    assert near(sums["escalated"], total - sums["accepted"], 0.1)


def by_hand(ledger: Ledger, users: Users) -> tuple[list[float], list[float], list[float]]:
    """Work out revenue, retention and trust tick by tick."""
    timeline = ledger.timeline
    completed, count = timeline.of_vital("completed").sum(axis=1), timeline.count.sum(axis=1)
    trust, staying, days = users.expects, 1.0, timeline.tick_us / DAY_US
    revenue, retention, trusts = [], [], []
    came = done = 0.0
    for tick in range(len(timeline)):
        came = came * exp(-days / 2) + count[tick]
        done = done * exp(-days / 2) + completed[tick]
        felt = done / came if came else trust
        trust += (1 - exp(-days / (4 if felt < trust else 42))) * (felt - trust)
        lacking = max(0.0, users.expects - trust) / users.expects
        if lacking:
            staying *= exp(-lacking * days / 84)
        else:
            staying += (1 - exp(-days / 42)) * (1 - staying)
        turn = 2 * pi * ((tick + 1) * days - 280) / 364
        revenue.append(completed[tick] * staying * (1 + users.season * cos(turn)))
        retention.append(staying)
        trusts.append(trust)
    return revenue, retention, trusts


def test_business_is_what_its_formula_says() -> None:
    users = replace(PLAIN, season=0.2)
    ledger = run(year(users), presets.never(), seed=1)
    revenue, retention, trust = by_hand(ledger, users)
    timeline = ledger.timeline
    np.testing.assert_allclose(timeline.of_business("revenue"), revenue, rtol=1e-9)
    np.testing.assert_allclose(timeline.of_business("retention"), retention, rtol=1e-9)
    gap = timeline.of_business("survey") - np.clip(1 + 9 * np.array(trust), 1, 10)
    assert abs(gap.mean()) < 4.5 * 0.2 / sqrt(len(gap))
    assert 0.15 < gap.std() < 0.25


def test_chance_alone_wears_no_trust_down() -> None:
    scenario = year(replace(PLAIN, expects=0.8)).calm()
    for rate in ("15/h", "60/h"):
        traffic = replace(scenario.stream.traffic, rate=rate)
        calm = replace(scenario, stream=replace(scenario.stream, traffic=traffic))
        timeline = run(calm, presets.never(), seed=1).timeline
        usual = timeline.of_vital("completed").sum() / timeline.count.sum()
        survey = timeline.of_business("survey")[-8 * 168 :].mean()
        assert usual > 0.84
        assert abs(survey - (1 + 9 * usual)) < 9 * 0.03
        assert timeline.of_business("retention").min() > 0.99


def test_trust_falls_fast_and_recovers_slowly() -> None:
    timeline = run(year(replace(PLAIN, noise=0.05)), presets.never(), seed=1).timeline
    survey = timeline.of_business("survey").reshape(26, -1).mean(axis=1)
    before, worst = survey[5], survey[7]
    assert before - worst > 1.0
    assert survey[8] < before - 0.5  # a week after all is well again
    assert survey[25] > before - 0.2
    retention = timeline.of_business("retention").reshape(26, -1)[:, -1]
    assert retention[5] > 0.99
    assert retention[9] < 0.97
    assert retention.argmin() >= 8  # business feels it late
    weekly = timeline.of_business("revenue").reshape(26, -1).sum(axis=1)
    assert weekly[9] < 0.98 * weekly[5]


@pytest.mark.parametrize("block", [1, 11])
def test_blocks_are_invisible_to_users(block: int) -> None:
    scenario = replace(world(POISSON), users=Users())
    with pages_of(150):
        whole = run(scenario, Restless(), seed=3).digest()
        assert run(scenario, Restless(), seed=3, block=block).digest() == whole


def test_an_operator_sees_at_once_what_users_do() -> None:
    played = World(replace(world(POISSON), users=Users()), seed=3)
    last = None
    while (view := played.advance()) is not None:
        last = view.ticks("1y")
    ledger = played.ledger("by hand", {})
    assert last is not None
    for name in VITALS:
        told = ledger.timeline.of_vital(name)[: len(last.count)]
        assert np.array_equal(last.vitals[name], told)
    for name in BUSINESS:
        assert np.array_equal(
            last.business[name], ledger.timeline.of_business(name)[: len(last.count)]
        )
    share = last.vitals["completed"][:, 0].sum() / last.count[:, 0].sum()
    assert last.vital("completed") == pytest.approx(share)


class Watches:
    """Watches what users complete, request by request."""

    def __init__(self) -> None:
        self.total = 0.0
        watch = self

        class Completed:
            name, layer, owner, clock = "completed", "performance", "product", "request"
            detector = Above(limit=2.0)

            def read(self, seen: RequestsSeen) -> Any:
                return seen.vital("completed")

        self.monitors = (Completed(),)
        del watch

    def decide(self, view: Any) -> list[Any]:
        return []


@pytest.mark.parametrize("online", [False, True])
def test_a_monitor_can_watch_what_users_complete(online: bool) -> None:
    from river.linear_model import LogisticRegression

    scenario = replace(world(POISSON), users=Users())
    if online:
        scenario = replace(scenario, artifact=Online(model=LogisticRegression()))
    ledger = run(scenario, Watches(), seed=1)
    assert ledger.stopped == ""
    assert ledger.timeline.of_vital("completed").sum() > 0.5 * ledger.requests["total"]


def test_a_tick_of_several_pages_earns_what_they_earn_together() -> None:
    scenario = replace(world(POISSON), users=PLAIN)
    with pages_of(60):
        timeline = run(scenario, presets.never(), seed=1).timeline
    assert POISSON.tick_us == HOUR_US
    completed = timeline.of_vital("completed").sum(axis=1)
    ratio = timeline.of_business("revenue") / completed
    assert np.all((ratio > 0.97) & (ratio <= 1.0))
    assert scenario.stream.traffic.per_us < WEEK_US


def test_users_say_what_is_wrong_with_them() -> None:
    with pytest.raises(Mistake, match=r"users.completes is 1.2: give a number between 0 and 1"):
        Users(completes=1.2)
    with pytest.raises(Mistake, match="give something like Users"):
        replace(year(), users="many")  # type: ignore[arg-type]
