"""The laws hold where versions are let out in stages, capped, judged, withdrawn, and crash."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st

from sim.clock import us
from sim.facts import Crashed, Routed
from sim.run import run
from sim.setting import source_of
from sim.timeline import CHALLENGER
from tests.sim.laws.operators import Silent, ticking, watch_of
from tests.sim.laws.rollouts import letting
from tests.sim.laws.worlds import deep, pages_of, quick, scenarios
from tests.sim.test_law_accounts import check
from tests.sim.test_law_blocks import digests
from tests.sim.test_law_luck import world_of

if TYPE_CHECKING:
    from sim.ledger import Ledger
    from sim.scenario import Scenario

RECORDS = st.sampled_from((64, 400, 4096))


def blind(scenario: Scenario, data: st.DataObject, records: int) -> None:
    """Blocks are invisible, and playing it again is the same."""
    strategy = letting(data, scenario, watch_of(scenario) + ticking())
    with pages_of(records):
        assert len(digests(scenario, strategy, blocks=(None, None, 1, 50))) == 1


def closed(scenario: Scenario, data: st.DataObject, records: int) -> None:
    """Accounts close, luck is that of everybody, and who is withdrawn serves nobody."""
    strategy = letting(data, scenario)
    with pages_of(records):
        ledger = run(scenario, strategy, seed=8, outcomes=True)
        assert not ledger.stopped, ledger.stopped
        check(scenario, ledger, seed=8)
        if not scenario.closed_loop:
            quiet = run(scenario, Silent(), seed=8, outcomes=True)
            assert world_of(ledger) == world_of(quiet)
    serves_as_routed(ledger)
    caps_hold(scenario, ledger, strategy.policy.rollout)
    event(f"{len(ledger.of(Crashed))} crashed")


def serves_as_routed(ledger: Ledger) -> None:
    """While no challenger is let out, none answers."""
    assert ledger.outcomes is not None
    served_us, arm = ledger.outcomes.served_us, ledger.outcomes.arm
    routes = ledger.of(Routed)
    ends = [*(fact.at_us for fact in routes[1:]), 2**62]
    for fact, end_us in zip(routes, ends, strict=True):
        if not fact.challenger or not fact.share:
            inside = (served_us > fact.at_us) & (served_us < end_us)
            assert not (arm[inside] == CHALLENGER).any(), fact


def caps_hold(scenario: Scenario, ledger: Ledger, rollout: Any) -> None:
    """Nobody beyond the cap meets a version that was withdrawn, but while it is being withdrawn."""
    most = rollout.cap.requests
    if not most or rollout.dry_run:
        return
    assert ledger.outcomes is not None
    served_us = ledger.outcomes.served_us[ledger.outcomes.arm == CHALLENGER]
    routes = ledger.of(Routed)
    ends = [fact for before, fact in pairwise(routes) if before.challenger and not fact.challenger]
    for end in ends:
        began = next(f for f in routes if f.challenger and f.release == last(routes, end))
        met_us = served_us[(served_us >= began.at_us) & (served_us <= end.at_us)]
        if len(met_us) > most:
            grace_us = us(scenario.service.rollback) + us(scenario.service.flag)
            assert met_us[-1] <= met_us[most - 1] + grace_us


def last(routes: list[Routed], end: Routed) -> int:
    """Return the release that was over with *end*."""
    return routes[routes.index(end) - 1].release


@quick(3)
@given(scenarios(batch=False), st.data(), RECORDS)
def test_a_year_with_rollouts_is_the_same_for_every_block_size_and_every_time(
    scenario: Scenario, data: st.DataObject, records: int
) -> None:
    blind(scenario, data, records)


@quick(8)
@given(scenarios(), st.data(), RECORDS)
def test_accounts_close_and_luck_is_one_where_versions_are_let_out_in_stages(
    scenario: Scenario, data: st.DataObject, records: int
) -> None:
    closed(scenario, data, records)


@pytest.mark.deep
@deep(60)
@given(scenarios(), st.data(), RECORDS)
def test_sixty_years_with_rollouts_are_the_same_for_every_block_size(
    scenario: Scenario, data: st.DataObject, records: int
) -> None:
    blind(scenario, data, records)


@pytest.mark.deep
@deep(120)
@given(scenarios(), st.data(), RECORDS)
def test_accounts_close_in_many_years_with_rollouts(
    scenario: Scenario, data: st.DataObject, records: int
) -> None:
    closed(scenario, data, records)


@quick(4)
@given(scenarios(batch=False), st.data())
def test_nobody_changes_arm_within_a_stage(scenario: Scenario, data: st.DataObject) -> None:
    strategy = letting(data, scenario)
    with pages_of(400):
        ledger = run(scenario, strategy, seed=3, outcomes=True)
        source = source_of(scenario, 3)
        count = source.grid.page_at(us(scenario.horizon) - 1) + 1
        who = np.concatenate([source.users(source.page(n, {})) for n in range(count)])
    assert ledger.outcomes is not None
    served_us, arm = ledger.outcomes.served_us, ledger.outcomes.arm
    routes = ledger.of(Routed)
    assume(any(fact.share for fact in routes))
    for fact, after in pairwise(routes):
        inside = np.flatnonzero((served_us > fact.at_us) & (served_us < after.at_us))
        mine = inside[arm[inside] <= CHALLENGER]
        both = np.intersect1d(
            who[mine[arm[mine] == CHALLENGER]], who[mine[arm[mine] != CHALLENGER]]
        )
        if not fact.segments:  # a user may belong to several
            assert not len(both), fact
