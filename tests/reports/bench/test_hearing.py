"""A detector is reset after each alarm; blocks and mixtures change nothing that they should not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from river import drift
from river.drift import binary

from reports.bench.hearing import Mixed, alarms, seeded
from reports.bench.roster import DEFAULT, DUMMIES
from reports.bench.streams import Changing
from strategies.detectors import ADWIN, CUSUM, DDM, KSWIN, AtRandom, Level, Periodic, Silent

STREAM = Changing(name="s", shape="recurring", before=0.2, after=0.6)


@pytest.mark.parametrize("make", [*DEFAULT.values(), *DUMMIES.values()])
def test_blocks_are_invisible(make: Any) -> None:
    values = STREAM.draw(0)[0][3000:9000]
    detector = seeded(make(), 5)
    expected = alarms(detector, values)
    for block in (1, 700, 1000):
        some = values if block > 1 else values[:1500]
        assert alarms(detector, some, block=block) == [a for a in expected if a < len(some)]


def test_rivers_value_by_value_alarm_where_ours_do() -> None:
    for ours, rivers in ((ADWIN(), drift.ADWIN()), (DDM(), binary.DDM())):
        for run in range(4):
            values = STREAM.draw(run)[0]
            assert alarms(rivers, values) == alarms(ours, values)


def test_what_keeps_something_after_an_alarm_is_begun_afresh() -> None:
    """A level alarms once while a mean stays beyond its limit; reset, it alarms again."""
    detector = Level(limit=0.5, window=10, side="above")
    assert alarms(detector, np.ones(40)) == [9, 19, 29, 39]


def test_counting_can_be_stopped_early() -> None:
    assert alarms(Periodic(every=10), np.zeros(1000), most=3) == [9, 19, 29]


def test_only_what_has_luck_of_its_own_gets_a_seed() -> None:
    assert seeded(KSWIN(seed=1), 9) == KSWIN(seed=9)
    assert seeded(AtRandom(seed=0, rate=0.1), 4).seed == 4
    river = drift.ADWIN()
    assert seeded(river, 3) is river
    assert seeded(DDM(), 3) == DDM()


def test_a_mixture_takes_each_setting_as_often_as_it_says() -> None:
    mixed = Mixed(first=Periodic(every=10), second=Periodic(every=30), share=0.25)
    firsts = total = 0
    for run in range(100):
        gaps = np.diff(alarms(seeded(mixed, run), np.zeros(1000)), prepend=-1)
        assert set(gaps.tolist()) <= {10, 30}
        firsts, total = firsts + int((gaps == 10).sum()), total + len(gaps)
    # a stretch of fixed length holds more of the short gaps; count cycles, of which each is drawn
    assert abs(firsts / total - 0.25) < 4.5 * np.sqrt(0.25 * 0.75 / total) + 0.01


def test_a_mixture_of_one_is_that_one_and_comes_back_from_snapshots() -> None:
    values = STREAM.draw(1)[0]
    alone = CUSUM(mean=0.2, sd=0.4, mode="up")
    expected = alarms(alone, values)
    assert expected
    assert alarms(Mixed(first=alone, second=Silent(), share=1.0), values) == expected
    at_work = Mixed(first=alone, second=CUSUM(limit=9.0), share=0.5).start()
    at_work.scan(values[:300])
    state = at_work.snapshot()
    first = at_work.scan(values[300:])
    at_work.restore(state)
    assert at_work.scan(values[300:]) == first
