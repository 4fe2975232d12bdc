"""Who replays little traffic is told which monitors would say nothing, and what would help."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reports.names import strategy
from reports.sparse import ON_THE_LINE, sparse
from scenarios.calm_year import calm_year
from sim.facts import Alarm
from sim.faults import Drop
from sim.run import run
from sim.scenario import Scenario
from strategies.monitors import Contract, ErrorLevel, Freshness, NullRate, Shift, Volume


def year(requests: str) -> Scenario:
    calm = calm_year(horizon="4w")
    fault = Drop(at="1w", columns=("x0",), share=0.5)
    traffic = replace(calm.stream.traffic, rate=requests)
    return replace(calm, stream=replace(calm.stream, traffic=traffic), faults=(fault,))


@pytest.mark.parametrize(("rate", "tick"), [("4/h", "1d"), ("20/h", "4h"), ("1/d", "")])
def test_too_little_traffic_is_told_with_a_tick_that_helps(rate: str, tick: str) -> None:
    (told,) = sparse(year(rate), [Contract()], setting=ON_THE_LINE)
    assert told.startswith("contract judges 30 records or more at a time, and a tick of 1h has")
    assert (f"--tick {tick}," in told) if tick else ("a longer window" in told)


def test_windows_that_are_durations_are_told_with_one_that_helps() -> None:
    monitors = [ErrorLevel(), NullRate(window="6h"), Freshness(), Volume(), Shift(window=24)]
    told = sparse(year("4/h"), monitors)
    assert [line.partition(":")[2].partition(",")[0] for line in told] == [
        " give it window='1w'",
        " give it window='1w'",
        " give it window='1w'",
        " give it span='1d'",
        " say tick: 8h in a scenario file",
    ]
    assert sparse(year("60/h"), monitors) == ()


def test_a_wider_window_or_enough_traffic_is_no_news() -> None:
    assert sparse(year("5/h"), [Contract(window=8), ErrorLevel()]) == ()
    assert sparse(year("30/h"), [Contract()]) == ()


@pytest.mark.parametrize("tick", ["1h", "1d"])
def test_the_monitor_that_is_warned_of_is_silent_and_the_remedy_makes_it_heard(tick: str) -> None:
    contract = strategy("contract").value
    world = replace(year("4/h"), tick=tick)
    heard = [alarm.monitor for alarm in run(world, contract, seed=1).of(Alarm)]
    assert bool(sparse(world, contract.monitors)) is not bool(heard)
