"""Laws 2 and 3 for each kind of fault in company, and the truth that the ledger tells of it all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from sim.drift import Drift
from sim.facts import Ended, Onset
from sim.faults import Fault
from sim.run import run
from sim.setting import source_of
from tests.sim.laws.company import ANSWERS, DELAYS, FAULTS, SHAPES, horizon_us, in_company
from tests.sim.laws.operators import Restless, Silent, ticking, watch_of
from tests.sim.laws.worlds import kinds_of, pages_of
from tests.sim.test_law_luck import same, world_of

if TYPE_CHECKING:
    from sim.ledger import Ledger
    from sim.scenario import Scenario

PLACES = range(len(FAULTS))
NAMES = [kind.__name__ for kind in FAULTS]


def truth_is_told(scenario: Scenario, ledger: Ledger) -> None:
    """Check each onset and end in the ledger against what was declared."""
    onsets = {fact.name: fact for fact in ledger.of(Onset)}
    ends = {fact.name: fact for fact in ledger.of(Ended)}
    expected = {
        time.name: (incident, time)
        for incident in scenario.incidents
        for time in incident.occurrences(horizon_us(scenario))
    }
    assert onsets.keys() == expected.keys()
    for name, (incident, time) in expected.items():
        told = onsets[name]
        assert (told.at_us, told.full_us, told.ends_us) == (time.at_us, time.full_us, time.ends_us)
        assert (told.incident, told.columns) == (incident.kind, getattr(incident, "columns", ()))
        assert told.severity > 0
        if isinstance(incident, Fault):
            assert told.severity == incident.severity
        if time.ends_us is not None and time.ends_us < horizon_us(scenario):
            early = ends[name].why != "by itself"
            assert ends[name].at_us < time.ends_us if early else ends[name].at_us == time.ends_us
            assert not early or incident.fixed_by


def laws_hold(scenario: Scenario, salt: int) -> None:
    """Check blocks, truth and, in an open loop, that nobody else meets another world."""
    monitors = watch_of(scenario) + (ticking() if salt % 2 else ())
    strategy = Restless(salt=salt, monitors=monitors)
    with pages_of(300):
        whole, pieces = (
            run(scenario, strategy, seed=1, block=block, outcomes=True) for block in (None, 29)
        )
        silent = run(scenario, Silent(), seed=1, outcomes=True)
    assert not whole.stopped
    assert whole.digest() == pieces.digest()
    truth_is_told(scenario, whole)
    if not scenario.closed_loop:
        assert world_of(silent) == world_of(whole)


@pytest.mark.parametrize("place", PLACES, ids=NAMES)
def test_blocks_are_invisible_and_every_strategy_meets_the_same_world(place: int) -> None:
    laws_hold(in_company(place), place)


@pytest.mark.deep
@pytest.mark.parametrize("turn", range(1, 5))
@pytest.mark.parametrize("place", PLACES, ids=NAMES)
def test_so_it_is_in_other_company(place: int, turn: int) -> None:
    laws_hold(in_company(place, turn), place + turn)


@pytest.mark.parametrize("place", PLACES, ids=NAMES)
def test_any_page_can_be_drawn_alone(place: int) -> None:
    scenario = in_company(place)
    scenario = replace(scenario, stream=replace(scenario.stream, drifts=tuple(
        drift for drift in scenario.stream.drifts if isinstance(drift, Drift)
    )))  # fmt: skip
    with pages_of(300):
        forward, backward = source_of(scenario, 5), source_of(scenario, 5)
        pages = {number: forward.page(number, {}) for number in (1, 2, 3, 4)}
        assert all(same(backward.page(number, {}), pages[number]) for number in (4, 2, 3, 1))


def test_the_company_has_everything() -> None:
    worlds = [in_company(place) for place in PLACES]
    assert [type(one.faults[0]) for one in worlds] == list(FAULTS)
    drifts = [drift for one in worlds for drift in one.stream.drifts]
    assert {type(drift) for drift in drifts if isinstance(drift, Drift)} == set(kinds_of(Drift))
    plain = [drift for drift in drifts if isinstance(drift, Drift)]
    for segment in ("", "web"):
        shapes = {drift.shape for drift in plain if drift.segment == segment}
        assert shapes == {shape["shape"] for shape in SHAPES}
    assert len(drifts) - len(plain) >= 3, "loops of the data"
    assert {type(one.labels.delay) for one in worlds} == {type(delay) for delay in DELAYS}
    selections = {type(one.labels.selection) for one in worlds}
    assert selections == {type(way) for way in ANSWERS} | {type(None)}
    assert sum(one.stream.season is not None for one in worlds) > len(worlds) / 2
    assert sum(bool(one.faults[0].segment) for one in worlds) >= 8
    assert sum(one.closed_loop for one in worlds) >= 8
    assert np.ptp([one.labels.coverage for one in worlds]) > 0
